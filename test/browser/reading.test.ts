// Where one stopped reading, and where one goes: the line, what is unread above, marking as unread, the switcher, drafts,
// and the focus.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import { patiently } from '../tools/patiently.ts'
import { Person } from '../tools/person.ts'

const story = stories()

async function isFocused(ana: Person, id: string): Promise<void> {
  let focused: unknown
  await patiently(
    async () => (focused = await ana.page.evaluate('document.activeElement?.id')) === id,
    () => `the focus is on ${JSON.stringify(focused)}, not on ${id}`,
  )
}

story('whoever comes back finds the line, and what was not in view is not read', async stage => {
  const beto = await stage.server.web.register('beto')
  const ana = await stage.registers('ana')
  const { list, sidebar } = ana.words
  await beto.do('POST', '/rooms/1/messages', { text: 'antes' })
  await ana.sees('antes')
  const web = await stage.server.web.logIn('ana')
  const unread = async () => (await web.do('GET', '/rooms/1')).unread
  const isUnread = (wanted: number) =>
    patiently(
      async () => (await unread()) === wanted,
      () => `never ${wanted} unread`,
    )
  await isUnread(0)

  await ana.looksAway()
  for (let i = 1; i <= 40; i++) await beto.do('POST', '/rooms/1/messages', { text: `mientras ${i}` })
  await ana.isInSight('mientras 40')
  await ana.looksBack()
  const above = ana.page.getByRole('button', { name: /^40 nuevos desde \d/ })
  await above.waitFor()
  assert.equal(await unread(), 40, 'the last ones are in view, but what comes before them is not read')
  await above.click()
  await ana.isInSight('mientras 1')
  await ana.standsBehindLine('mientras 1')
  await patiently(
    async () => (await unread()) < 40,
    () => 'what is in view was never read',
  )
  assert.ok((await unread()) > 0, 'and the rest is not')
  await above.waitFor({ state: 'detached' })
  assert.notEqual(await ana.focused(), 'body', 'the button has gone')
  await ana.composer.press('Escape')
  assert.match(await ana.focused(), /^beto, /)
  await ana.isInSight('mientras 1')
  assert.ok((await unread()) > 0, 'leaving the box passes over nothing')
  await ana.composer.focus()

  // Writing further up shows what one has written.
  await ana.page.keyboard.type('ya voy')
  await ana.page.keyboard.press('Enter')
  await ana.isInSight('ya voy')
  await ana.button(list.allRead).click()
  await isUnread(0)

  // A message marked as unread stays so on all devices until one comes to the room again.
  const other = await stage.logsIn('ana')
  await ana.chooses(list.unread, 'mientras 39')
  await isUnread(2)
  for (const each of [ana, other]) await each.room('general').getByText(sidebar.hasNew).waitFor()
  await ana.standsBehindLine('mientras 39')
  await beto.do('POST', '/rooms/1/messages', { text: 'y otro' })
  await ana.sees('y otro')
  await isUnread(3)
  await ana.room('general').click()
  await isUnread(0)
  for (const each of [ana, other])
    await each.room('general').getByText(sidebar.hasNew).waitFor({ state: 'detached' })
})

story('a few letters lead to a room, a person, a message, and to a room that one may join', async stage => {
  const beto = await stage.server.web.register('beto')
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'química', kind: 'open' })
  await beto.do('POST', '/rooms', { name: 'física', kind: 'open' })
  await beto.do('POST', '/rooms/1/messages', { text: 'la tarea de óptica' })
  await ana.sees('la tarea de óptica')
  const { switcher } = ana.words
  const go = async (typed: string, option: string | RegExp) => {
    await ana.page.keyboard.press('Control+k')
    const box = ana.page.getByRole('combobox', { name: switcher.title })
    await box.fill(typed)
    await ana.page.getByRole('option', { name: option, selected: true }).waitFor()
    await ana.page.keyboard.press('Enter')
  }
  await go('quim', /^química/)
  await ana.isAt('química')
  await isFocused(ana, 'composer')
  await go('fsca', /física/)
  await ana.isAt('física')
  await go('bet', /^beto/)
  await ana.isAt('beto')
  await ana.page.keyboard.press('Control+k')
  await ana.page.getByRole('combobox').fill('optica')
  await ana.page.getByRole('option', { name: /la tarea de óptica/ }).click()
  await ana.isAt('general')
  await ana.page.keyboard.press('Control+k')
  await ana.dialog(switcher.title).waitFor()
  await ana.page.keyboard.press('Escape')
  await ana.dialog(switcher.title).waitFor({ state: 'detached' })
  await isFocused(ana, 'composer')
})

story(
  'what is typed anywhere is written, an input method keeps its keys, and the focus is never lost',
  async stage => {
    const ana = await stage.registers('ana')
    await isFocused(ana, 'composer')
    await ana.write('hola')
    await ana.sees('hola')
    await ana.page.waitForLoadState('networkidle')
    await ana.page.getByRole('button', { name: ana.words.room.members }).focus()
    await ana.page.keyboard.type('qué tal')
    assert.equal(await ana.composer.inputValue(), 'qué tal')
    // Safari's Enter that ends a composition: it comes after compositionend.
    await ana.composer.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
    assert.equal(await ana.composer.inputValue(), 'qué tal', 'nothing is sent')
    await ana.composer.fill('')
    await ana.chooses(ana.words.list.erase, 'hola')
    await ana.dialog(ana.words.erase.title).getByRole('button', { name: ana.words.erase.yes }).click()
    await ana.seesNoMore('hola')
    await patiently(
      async () => (await ana.focused()) !== 'body',
      () => 'the focus fell to the body',
    )
  },
)

story('two tabs share a draft, neither overwrites the other, and the sidebar tells of it', async stage => {
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  const other = await Person.in(ana.page.context(), `http://localhost:${stage.server.port}`)
  await other.goes('/r/general')
  await other.isIn('ana')
  const holds = (tab: Person, wanted: string) =>
    patiently(
      async () => (await tab.composer.inputValue()) === wanted,
      () => `the box never held ${wanted}`,
    )
  await ana.composer.pressSequentially('borrador')
  await holds(other, 'borrador')
  await other.composer.pressSequentially(' de la otra')
  await ana.composer.pressSequentially(' de esta')
  await holds(ana, 'borrador de esta')
  await holds(other, 'borrador de la otra')
  await other.page.reload()
  await holds(other, 'borrador de la otra')
  await ana.opens('redes')
  await ana.room('general').getByText(ana.words.sidebar.draft).waitFor()
  await ana.opens('general')
  await holds(ana, 'borrador de esta')
  await ana.composer.fill('')
  await other.composer.fill('')
  await ana.opens('redes')
  await ana.room('general').getByText(ana.words.sidebar.draft).waitFor({ state: 'detached' })
})

story('an address that leads nowhere says so, and leads back', async stage => {
  const ana = await stage.registers('ana')
  await ana.write('hola')
  await ana.sees('hola')
  const { nothingThere, notAMember, list } = ana.words
  const answer = await ana.page.goto(`http://localhost:${stage.server.port}/no/hay/nada`)
  assert.equal(answer?.status(), 404)
  await ana.page.getByRole('heading', { name: nothingThere.title }).waitFor()
  await ana.button(notAMember.home).click()
  await ana.isAt('general')
  await ana.goes('/r/general/4000')
  await ana.reads(nothingThere.message)
  await ana.sees('hola')
  await ana.button(list.newest).click()
  await ana.page.getByText(nothingThere.message).waitFor({ state: 'detached' })
  await ana.goes('/r/nunca')
  await ana.reads(notAMember.notIn)
  await ana.button(notAMember.home).click()
  await ana.isAt('general')
})
