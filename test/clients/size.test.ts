// The JavaScript and CSS that a browser loads before the first message shows: measured in a real one with an empty
// cache, as the server sends it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launch, logIn } from '../screens/chromium.ts'
import { openServer } from '../tools/hosted.ts'
import { lacking } from '../tools/programs.ts'
import type { Server } from '../tools/server.ts'

const MOST_BYTES = 176_000

const skip = lacking('chromium')
const cleanUp = new AsyncDisposableStack()
let server: Server
let browser: Browser

before(async () => {
  if (skip) return
  server = cleanUp.use(await openServer())
  browser = cleanUp.use(await launch())
})

after(() => cleanUp.disposeAsync())

test('at most 176 KB of JavaScript and CSS are loaded before the first message, all from our server', {
  skip,
}, async t => {
  const ana = await server.web.register('ana')
  await ana.do('POST', '/rooms/general/messages', { text: 'hola' })
  const { origin } = server.web
  const context = await browser.newContext({ locale: 'es-ES' })
  await logIn(context, origin, ana.token ?? '')
  const page = await context.newPage()
  const requests: string[] = []
  context.on('request', request => requests.push(request.url()))
  page.on('websocket', socket => requests.push(socket.url().replace(/^ws/, 'http')))
  await page.addInitScript(noteFirstMessage)
  await page.goto(origin)
  await page.locator('article').waitFor()

  const files = await filesBefore(page)
  for (const { name, bytes } of files) t.diagnostic(`${bytes} ${name}`)
  const bytes = files.reduce((sum, each) => sum + each.bytes, 0)
  t.diagnostic(`JavaScript and CSS before the first message: ${(bytes / 1000).toFixed(1)} KB`)
  assert.ok(files.some(({ name }) => name.endsWith('.js')) && files.some(({ name }) => name.endsWith('.css')))
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`)

  await page.waitForLoadState('networkidle')
  assert.deepEqual(
    requests.filter(url => new URL(url).origin !== origin),
    [],
  )
  await context.close()
})

/** Runs on the page before anything else. */
function noteFirstMessage(): void {
  const seen = new MutationObserver(() => {
    if (!document.querySelector('article')) return
    seen.disconnect()
    performance.mark('first message')
  })
  seen.observe(document, { childList: true, subtree: true })
}

/** Scripts and styles that were requested before the first message was there, with their encoded sizes. */
function filesBefore(page: Page): Promise<readonly { name: string; bytes: number }[]> {
  return page.evaluate(() => {
    const [mark] = performance.getEntriesByName('first message')
    const loaded = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    return loaded
      .filter(({ name, startTime }) => /\.(?:js|css)$/.test(name) && startTime < (mark?.startTime ?? 0))
      .map(({ name, encodedBodySize }) => ({ name: new URL(name).pathname, bytes: encodedBodySize }))
  })
}
