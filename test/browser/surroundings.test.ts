// Browsers without storage, wrong clocks, servers of another version, and texts that stretch the page.

import assert from 'node:assert/strict'
import { longDay } from '../../src/clients/web/model/times.ts'
import { stories } from '../tools/browser.ts'
import { Cable } from '../tools/cable.ts'
import { patiently } from '../tools/patiently.ts'
import type { Person } from '../tools/person.ts'

const DAY_MS = 86_400_000

const story = stories()

const FORBIDDEN = `
for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
  Object.defineProperty(globalThis, name, { get() { throw new DOMException('forbidden', 'SecurityError') } })
`

story('a browser without storage shows everything', async stage => {
  const before = async ({ page }: Person) => page.addInitScript(FORBIDDEN)
  const ana = await stage.registers('ana', { before })
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  assert.equal(
    await ana.page.evaluate('(() => { try { return localStorage && 1 } catch { return 0 } })()'),
    0,
  )
  await ana.write('hola')
  await ana.sees('hola')
  await ana.composer.fill('a medias')
  await ana.opens('redes')
  await ana.opens('general')
  assert.equal(await ana.composer.inputValue(), 'a medias')
  await ana.button(ana.words.settings.title).click()
  await ana.dialog(ana.words.settings.title).getByLabel(ana.words.settings.themes.dark).check()
  assert.equal(await ana.page.evaluate('document.documentElement.dataset.theme'), 'dark')
})

story('with a full storage nothing that was posted is lost', async stage => {
  const full = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
  const ana = await stage.registers('ana', { before: async ({ page }) => page.addInitScript(full) })
  await ana.write('hola')
  await ana.sees('hola')
})

for (const [when, off] of [
  ['behind', -2],
  ['ahead', 2],
] as const) {
  story(`a clock two days ${when} shows new messages under the server's day`, async stage => {
    const now = Date.now() + off * DAY_MS
    const before = async ({ page }: Person) => page.clock.install({ time: now })
    const ana = await stage.registers('ana', { before })
    const beto = await stage.server.register('beto')
    beto.say('hola')
    await ana.sees('hola')
    await ana.write('hola, beto')
    await ana.sees('hola, beto')
    const days = await ana.page.getByRole('log').getByRole('heading', { level: 2 }).allInnerTexts()
    const today = longDay({ language: 'es', zone: '' }, Date.now())
    assert.equal(days.at(-1)?.toLowerCase(), today)
    assert.deepEqual(await ana.texts(), ['hola', 'hola, beto'])
  })
}

story('a server of another version is not misunderstood: the page offers to reload', async stage => {
  const ana = await stage.registers('ana')
  await ana.page.routeWebSocket(/\/ws$/, ours => {
    const server = ours.connectToServer()
    server.onMessage(text =>
      ours.send(String(text).replace('"type":"hello","version":1', '"type":"hello","version":2')),
    )
  })
  await ana.page.reload()
  await ana.page.getByRole('alert').filter({ hasText: ana.words.newVersion }).waitFor()
  await ana.page.unrouteAll()
  await ana.button(ana.words.reload).click()
})

story(
  'a chunk that an upgrade has removed is said to be gone, and the rest of the page stays',
  async stage => {
    const ana = await stage.registers('ana')
    await ana.page.route(/\/assets\/settings-.*\.js$/, route => route.fulfill({ status: 404, body: '' }))
    await ana.composer.fill('a medias')
    await ana.button(ana.words.settings.title).click()
    await ana.page.getByRole('status').filter({ hasText: ana.words.newVersion }).waitFor()
    await ana.composer.press('Enter')
    await ana.sees('a medias')
    await ana.page.unrouteAll()
    await ana.button(ana.words.reload).click()
    await ana.dialog(ana.words.settings.title).waitFor()
  },
)

story('a chunk that is needed offline is loaded when the server is back', async stage => {
  using cable = await Cable.to(stage.server.port)
  const ana = await stage.registers('ana', { port: cable.port })
  ana.forgive(/WebSocket connection to .* failed/, /^Failed to load resource: net::ERR_/)
  cable.pull()
  await ana.reads(ana.words.cut(0))
  await ana.button(ana.words.settings.title).click()
  await ana.write('mientras tanto')
  await ana.pending('mientras tanto').waitFor()
  cable.plug()
  await ana.dialog(ana.words.settings.title).waitFor()
  assert.equal(await ana.page.getByText(ana.words.newVersion).count(), 0)
})

const ODD: Readonly<Record<string, string>> = {
  'a word of 4,000 letters': 'ñ'.repeat(4000),
  'fifty marks on each letter': `Z${'\u0335\u0352'.repeat(25)}a${'\u0301'.repeat(50)}lgo`,
  'a text that turns the reading round': '\u202eabc \u2066def \u2067ghi \u202dxyz',
  'one that looks like the page':
    '\n\nana 10:00\n\nTodos pueden escribir otra vez.\n\n---\n# general\n[Cerrar](http://x.example)',
}

story('texts that are too wide, too high or reversed stay in their boxes', async stage => {
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  for (const [what, text] of Object.entries(ODD)) {
    const short = [...text.replaceAll('\n', ' ')].slice(0, 60).join('')
    const { seq } = await web.do('POST', '/rooms/1/messages', { text })
    await web.ask('PATCH', '/rooms/1', { topic: text.replaceAll('\n', ' ').slice(0, 300) })
    await web.ask('PATCH', '/me', { name: short })
    await web.do('POST', '/rooms/1/messages', { text: `después de ${what}` })
    await ana.isInSight(`después de ${what}`)
    const row = ana.page.locator(`article[data-seq="${seq}"]`)
    await patiently(
      async () => (await ana.page.evaluate<string[]>(STANDS_OUT)).length === 0,
      () => `${what} stands out of the page`,
    )
    const [box, next] = [await row.boundingBox(), await ana.message(`después de ${what}`).boundingBox()]
    assert.ok(box && next && box.y + box.height <= next.y + 1, `${what} covers what comes next`)
    assert.equal(await ana.page.getByRole('heading', { level: 1 }).count(), 1, what)
    await ana.goes('/r/general#person/ana')
    await ana.panel(ana.words.person.title).waitFor()
    assert.deepEqual(await ana.page.evaluate<string[]>(STANDS_OUT), [], what)
    await ana.goes('/r/general')
  }
})

const STANDS_OUT = `[document.scrollingElement, ...document.querySelectorAll('[role="log"], .room-header, .panel')]
  .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.className)`
