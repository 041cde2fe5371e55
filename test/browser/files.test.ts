// Files in the web app: chosen, pasted, dropped, sent in order, shown, looked at, found again.

import assert from 'node:assert/strict'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import sharp from 'sharp'
import { LONGEST_ALT } from '../../src/wire/limits.ts'
import { stories } from '../tools/browser.ts'
import { Cable } from '../tools/cable.ts'
import { patiently } from '../tools/patiently.ts'
import type { Person } from '../tools/person.ts'

const story = stories()

interface Given {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

async function photo(name = 'playa.png', width = 640, height = 480): Promise<Given> {
  const create = { width, height, channels: 3, background: '#3f7fb5' } as const
  return { name, mimeType: 'image/png', buffer: await sharp({ create }).png().toBuffer() }
}

const text = (name: string, content: string): Given => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(content),
})

async function attach({ page }: Person, ...files: readonly Given[]): Promise<void> {
  await page.locator('main input[type=file][multiple]').setInputFiles([...files])
}

/** Pastes or drops files, as the browser does it. */
async function brings(where: Locator, event: 'paste' | 'drop', files: readonly Given[]): Promise<void> {
  const given = files.map(({ buffer, ...rest }) => ({ ...rest, base64: buffer.toString('base64') }))
  await where.evaluate(
    (element, { event, given }) => {
      const transfer = new DataTransfer()
      for (const { name, mimeType, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
        transfer.items.add(new File([bytes], name, { type: mimeType }))
      }
      const options = { bubbles: true, cancelable: true }
      const happened =
        event === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: transfer })
          : new DragEvent('drop', { ...options, dataTransfer: transfer })
      element.dispatchEvent(happened)
      if (!happened.defaultPrevented) throw new Error('the browser would open the file')
    },
    { event, given },
  )
}

/** Waits until the page has the parts that it needs offline, which it loads when it is idle. */
async function hasParts({ page }: Person): Promise<void> {
  const loaded = () =>
    page.evaluate(() => {
      const names = performance.getEntriesByType('resource').map(({ name }) => name)
      return ['/tray-', '/pending-files-'].every(part => names.some(name => name.includes(part)))
    })
  await patiently(loaded, () => 'the parts that show files are never loaded')
  await page.waitForLoadState('networkidle')
}

function tray({ page, words }: Person): Locator {
  return page.getByRole('region', { name: words.files.tray })
}

function pictures({ page }: Person): Locator {
  return page.locator('article[data-seq] .picture img')
}

async function isReady(person: Person, count: number): Promise<void> {
  const ready = tray(person).locator('.outgoing', { hasText: person.words.files.ready })
  await ready.nth(count - 1).waitFor()
  assert.equal(await ready.count(), count)
}

story('a pasted screenshot is described, sent, seen by others, looked at and taken back', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  await brings(ana.composer, 'paste', [await photo('image.png')])
  await isReady(ana, 1)
  await ana.page.keyboard.press('Shift+Tab') // the tray stands before the box
  await tray(ana)
    .getByRole('button', { name: /texto alternativo/ })
    .click()
  const alt = ana.field(ana.words.files.alt)
  await alt.fill('🌊'.repeat(LONGEST_ALT))
  assert.equal(Array.from(await alt.inputValue()).length, LONGEST_ALT, 'as many emoji as other letters')
  await alt.fill('La playa al amanecer')
  await ana.write('miren')
  const shown = beto.page.getByRole('img', { name: 'La playa al amanecer' })
  await shown.waitFor()
  await beto.sees('miren')
  await patiently(
    () => shown.evaluate(image => (image as HTMLImageElement).naturalWidth > 0),
    () => 'the picture was never loaded',
  )
  await tray(ana).waitFor({ state: 'detached' })

  await beto.page.getByRole('link', { name: 'La playa al amanecer' }).click()
  const viewer = beto.page.getByRole('dialog', { name: /^captura .*\.png$/ })
  await viewer.waitFor()
  await viewer.getByText('La playa al amanecer').first().waitFor()
  await beto.page.keyboard.press('Escape')
  await viewer.waitFor({ state: 'detached' })
  assert.match(await beto.focused(), /^$|playa/, 'the focus is at the picture again')

  await ana.chooses(ana.words.list.erase, 'miren')
  await ana.button(ana.words.erase.yes).click()
  await shown.waitFor({ state: 'detached' })
})

story('several files in the order that one wants, and a message of files alone', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  await attach(ana, text('uno.txt', 'primera línea\nsegunda'), text('dos.py', 'print("hola")'))
  await isReady(ana, 2)
  await tray(ana)
    .getByRole('button', { name: ana.words.files.order('dos.py') })
    .focus()
  await ana.page.keyboard.press('Shift+ArrowLeft')
  await ana.page.locator('[aria-live]', { hasText: ana.words.files.moved('dos.py', 1, 2) }).waitFor()
  await ana.composer.press('Enter')
  const files = beto.page.locator('article[data-seq] .file-card')
  await files.nth(1).waitFor()
  assert.deepEqual(await files.locator('.about bdi').allInnerTexts(), ['dos.py', 'uno.txt'])
  await files.nth(1).getByText('primera línea').waitFor()
  await files.nth(0).locator('.tint-string', { hasText: '"hola"' }).waitFor()
})

story(
  'the first lines of a file are what it says, and where they cannot be read one is told',
  async stage => {
    const ana = await stage.registers('ana')
    await attach(ana, text('estado.txt', 'failed'))
    await isReady(ana, 1)
    await ana.composer.press('Enter')
    const lines = ana.page.getByRole('group', { name: ana.words.files.firstLines('estado.txt') })
    await lines.getByText('failed').waitFor()
    await ana.page.route('**/f/*', route => route.fulfill({ status: 503 }))
    ana.forgive(/^Failed to load resource: the server responded with a status of 503/)
    await ana.page.reload()
    await lines.getByText(ana.words.files.notRead).waitFor()
  },
)

story('dropped on a room of the sidebar, files go there, and the page stays', async stage => {
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await brings(ana.room('redes'), 'drop', [text('apuntes.txt', 'hola')])
  await ana.isAt('redes')
  await isReady(ana, 1)
  await ana.composer.press('Enter')
  await ana.page.locator('article[data-seq]', { hasText: 'apuntes.txt' }).waitFor()
  await brings(ana.page.locator('.own-account'), 'drop', [await photo()])
  await isReady(ana, 1)
})

story('what is refused says why, and can be left out', async stage => {
  const ana = await stage.registers('ana')
  const whole = await photo('rota.png')
  const broken = { ...whole, buffer: whole.buffer.subarray(0, 200) }
  await attach(ana, broken, text('bien.txt', 'hola'))
  await tray(ana).locator('.error', { hasText: ana.words.refusals['bad-picture'] }).waitFor()
  await ana.write('va')
  await ana.reads(ana.words.files.failedFirst)
  await ana.button(ana.words.files.remove('rota.png')).click()
  await ana.composer.press('Enter')
  await ana.sees('va')
  await ana.page.locator('article[data-seq]', { hasText: 'bien.txt' }).waitFor()
  assert.equal(await ana.page.locator('article[data-seq]', { hasText: 'rota.png' }).count(), 0)
})

story('a file that is changed on its disk after it was chosen is not sent, and one is told', async stage => {
  const ana = await stage.registers('ana')
  ana.forgive(/^Failed to load resource: net::ERR_UPLOAD_FILE_CHANGED/)
  await using folder = await mkdtempDisposable(join(tmpdir(), 'tertulia-'))
  const path = join(folder.path, 'apuntes.txt')
  await writeFile(path, 'hola')
  const gate = Promise.withResolvers<void>()
  await ana.page.route('**/api/v1/uploads', async route => {
    await gate.promise
    await route.continue()
  })
  await ana.page.locator('main input[type=file][multiple]').setInputFiles(path)
  await tray(ana).getByText('apuntes.txt', { exact: true }).waitFor()
  await writeFile(path, 'hola a todos')
  gate.resolve()
  await tray(ana).locator('.error', { hasText: ana.words.files.gone }).waitFor()
  await ana.button(ana.words.files.remove('apuntes.txt')).click()
  await tray(ana).waitFor({ state: 'detached' })
})

story(
  'written offline, files and texts go in order once there is a network, after a reload too',
  async stage => {
    using cable = await Cable.to(stage.server.port)
    const ana = await stage.registers('ana', { port: cable.port })
    ana.forgive(/WebSocket connection to .* failed/, /^Failed to load resource: net::ERR_/)
    const beto = await stage.registers('beto')
    await hasParts(ana)
    cable.pull()
    await ana.reads(ana.words.cut(0))
    await attach(ana, await photo())
    await tray(ana).getByText('playa.png', { exact: true }).waitFor()
    await ana.write('con foto')
    await ana.pending('con foto').getByText('playa.png').waitFor()
    await ana.write('después')
    await ana.pending('después').waitFor()
    // A page that cannot be loaded is no page: the cable is back for it, but the file is not in the page any more.
    await ana.page.route('**/api/v1/uploads', route => route.abort())
    cable.plug()
    await ana.page.reload()
    await ana.pending('con foto').getByText('playa.png').waitFor()
    assert.equal(await beto.message('después').count(), 0, 'it waits for the one before')
    await ana.page.unroute('**/api/v1/uploads')
    await beto.sees('después')
    await beto.sees('con foto')
    assert.deepEqual(await beto.texts(), ['con foto', 'después'])
    await pictures(beto).waitFor()
    assert.equal(await pictures(beto).count(), 1)
  },
)

story('a page that is closed in the middle of an upload goes on there', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  const large = { name: 'datos.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(3 << 20, 7) }
  let [sent, isBack] = [0, false]
  const offsets: number[] = []
  // All but the first piece waits until the page has been closed.
  await ana.page.route('**/api/v1/uploads/*', async route => {
    if (route.request().method() !== 'PATCH') return route.continue()
    if (isBack) offsets.push(Number(route.request().headers()['upload-offset']))
    if (isBack || sent++ === 0) return route.continue()
  })
  await attach(ana, large)
  await ana.write('los datos')
  await ana.page.locator('.pending progress').waitFor()
  await patiently(
    async () => Number(await ana.page.locator('.pending progress').getAttribute('value')) > 0,
    () => 'nothing was uploaded',
  )
  isBack = true
  await ana.page.reload()
  await beto.sees('los datos')
  assert.ok((offsets[0] ?? 0) > 0, `it goes on at ${offsets[0]}`)
})

story(
  'a voice message is recorded, heard by others at another speed; without a microphone one is told',
  async stage => {
    const ana = await stage.registers('ana')
    const beto = await stage.registers('beto')
    await ana.button(ana.words.files.record).click()
    await ana.reads('0:01')
    await ana.button(ana.words.voice.done).click()
    await isReady(ana, 1)
    await ana.composer.press('Enter')
    const player = beto.page.locator('article[data-seq] .audio-player')
    await player.getByRole('button', { name: /1×/ }).click()
    await player.getByRole('button', { name: /1,5×/ }).waitFor()
    await player.getByRole('button', { name: beto.words.files.play, exact: true }).click()
    const heard = () => player.locator('audio').evaluate(audio => (audio as HTMLAudioElement).currentTime)
    await patiently(
      async () => (await heard()) > 0.2,
      () => 'nothing is heard',
    )
    await beto.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
    })
    await beto.button(beto.words.files.record).click()
    await beto.page.getByRole('alert').filter({ hasText: beto.words.voice.denied }).waitFor()
  },
)

/** Keeps the microphones that the page opens, in `microphones`. */
const KEEP_MICROPHONES = `
  globalThis.microphones = []
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async wanted => {
    const stream = await open(wanted)
    microphones.push(...stream.getTracks())
    return stream
  }
`

/** As if each was unplugged. */
const LOSE_MICROPHONES = `
  for (const each of microphones) {
    each.stop()
    each.dispatchEvent(new Event('ended'))
  }
`

async function isReleased({ page }: Person): Promise<void> {
  const states = () => page.evaluate<string[]>('microphones.map(({ readyState }) => readyState)')
  await patiently(
    async () => (await states()).every(state => state === 'ended'),
    () => 'the microphone is still on',
  )
}

story('a microphone that is lost ends the recording, which is kept', async stage => {
  const ana = await stage.registers('ana', { before: ({ page }) => page.addInitScript(KEEP_MICROPHONES) })
  const beto = await stage.registers('beto')
  await ana.button(ana.words.files.record).click()
  await ana.reads('0:01')
  await ana.page.evaluate(LOSE_MICROPHONES)
  await isReady(ana, 1)
  await ana.page.locator('.voice-recorder').waitFor({ state: 'detached' })
  await ana.composer.press('Enter')
  await beto.page.locator('article[data-seq] .audio-player').waitFor()
})

story(
  'the microphone is released when a recording is discarded, and when it could not begin',
  async stage => {
    const ana = await stage.registers('ana', { before: ({ page }) => page.addInitScript(KEEP_MICROPHONES) })
    await ana.button(ana.words.files.record).click()
    await ana.reads('0:01')
    await ana.button(ana.words.voice.cancel).click()
    await isReleased(ana)
    for (const broken of ['MediaRecorder', 'AudioContext']) {
      await ana.page.evaluate(`${broken} = class { constructor() { throw new Error('no') } }`)
      await ana.button(ana.words.files.record).click()
      const fault = ana.page.getByRole('alert').filter({ hasText: ana.words.voice.failed })
      await fault.getByRole('button', { name: ana.words.close }).click()
      await isReleased(ana)
    }
  },
)

story(
  'a room full of pictures is as high before they come as after it, and loads small ones',
  async stage => {
    const ana = await stage.registers('ana')
    await ana.page.waitForLoadState('networkidle')
    const gate = Promise.withResolvers<void>()
    const asked: string[] = []
    await ana.page.route('**/f/*', async route => {
      asked.push(new URL(route.request().url()).search)
      await gate.promise
      await route.continue()
    })
    const sizes = [
      [900, 600],
      [600, 900],
      [1600, 200],
      [40, 40],
    ] as const
    for (const [width, height] of sizes) await attach(ana, await photo(`${width}.png`, width, height))
    await isReady(ana, sizes.length)
    await ana.write('juntas')
    await ana.sees('juntas')
    for (const [width, height] of sizes) {
      await attach(ana, await photo(`sola ${width}.png`, width, height))
      await isReady(ana, 1)
      await ana.write(`sola ${width}`)
      await ana.sees(`sola ${width}`)
    }
    await pictures(ana).nth(7).waitFor()
    const heights = () =>
      ana.page
        .locator('article[data-seq]')
        .evaluateAll(rows => rows.map(row => row.getBoundingClientRect().height))
    const before = await heights()
    gate.resolve()
    const areLoaded = () =>
      pictures(ana).evaluateAll(images => images.every(image => (image as HTMLImageElement).naturalWidth > 0))
    await patiently(areLoaded, () => 'the pictures never come')
    assert.deepEqual(await heights(), before)
    assert.deepEqual(new Set(asked), new Set(['?size=thumb']))
  },
)

story('the gallery has the pictures, files and links of a room, found by name', async stage => {
  const ana = await stage.registers('ana')
  await attach(ana, await photo('playa.png'), await photo('pizarra.png', 300, 500))
  await isReady(ana, 2)
  await ana.composer.press('Enter')
  await pictures(ana).nth(1).waitFor()
  await attach(ana, text('apuntes.txt', 'hola'))
  await isReady(ana, 1)
  await ana.write('miren https://nodejs.org/api/net.html')
  await ana.sees('miren https://nodejs.org/api/net.html')
  await ana.button(ana.words.room.files).click()
  const panel = ana.panel(ana.words.gallery.title)
  const thumbs = panel.locator('.pictures img')
  await thumbs.nth(1).waitFor()
  await panel.getByLabel(ana.words.gallery.find).fill('PIZARRA')
  await thumbs.nth(1).waitFor({ state: 'detached' })
  await thumbs.first().click()
  await ana.dialog('pizarra.png').waitFor()
  await ana.page.keyboard.press('ArrowLeft')
  await ana.dialog('playa.png').waitFor()
  await ana.page.keyboard.press('Escape')
  await panel.getByLabel(ana.words.gallery.find).fill('')
  await panel.getByRole('button', { name: ana.words.gallery.kinds.other }).click()
  await panel.getByRole('link', { name: 'apuntes.txt', exact: true }).waitFor()
  await panel.getByRole('button', { name: ana.words.gallery.kinds.link }).click()
  const link = (page: string) => panel.getByRole('link', { name: `https://nodejs.org/api/${page}.html` })
  await link('net').waitFor()
  await ana.write('y https://nodejs.org/api/tls.html')
  await link('tls').waitFor()
  const web = await stage.server.web.logIn('ana')
  const seq = await ana.seqOf('y https://nodejs.org/api/tls.html')
  await web.do('PATCH', `/rooms/1/messages/${seq}`, { text: 'y https://nodejs.org/api/url.html' })
  await link('url').waitFor()
  await link('tls').waitFor({ state: 'detached' })
  await web.do('PATCH', `/rooms/1/messages/${seq}`, { text: 'nada' })
  await link('url').waitFor({ state: 'detached' })
  await web.do('DELETE', `/rooms/1/messages/${await ana.seqOf('miren https://nodejs.org/api/net.html')}`)
  await link('net').waitFor({ state: 'detached' })
})

story('the link of a file asks a stranger to log in, and then shows the file', async stage => {
  const ana = await stage.registers('ana')
  await attach(ana, text('apuntes.txt', 'hola, apuntes'))
  await isReady(ana, 1)
  await ana.composer.press('Enter')
  const link = ana.page.locator('main a[href^="/f/"]').first()
  await link.waitFor()
  const path = (await link.getAttribute('href'))?.split('?')[0] ?? ''
  const stranger = await stage.comes({ path })
  await stranger.logsIn('ana').catch(() => {}) // what comes next is no page of ours
  await stranger.page.waitForURL(url => url.pathname === path)
  assert.match((await stranger.page.textContent('body')) ?? '', /hola, apuntes/)
})

story(
  'the link of a file that is not shown downloads it for the stranger, and the app opens',
  async stage => {
    const ana = await stage.registers('ana')
    await attach(ana, { name: 'datos.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(9, 7) })
    await isReady(ana, 1)
    await ana.composer.press('Enter')
    const link = ana.page.locator('main a[href^="/f/"]').first()
    await link.waitFor()
    const path = (await link.getAttribute('href'))?.split('?')[0] ?? ''
    const stranger = await stage.comes({ path })
    const download = stranger.page.waitForEvent('download')
    await stranger.logsIn('ana')
    assert.equal((await download).suggestedFilename(), 'datos.bin')
    assert.equal(new URL(stranger.page.url()).search, '', 'loaded again, the page does not download it again')
    await stranger.write('ya lo tengo')
    await ana.sees('ya lo tengo')
  },
)
