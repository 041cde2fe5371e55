// The web app in a headless Chromium on the same machine, in a room of 100,000 messages: how soon the first one shows,
// how soon a letter does while others talk, what scrolling leaves in memory, and whether anything jumps.

import { setTimeout as sleep } from 'node:timers/promises'
import { GENERAL } from '../src/core/model/model.ts'
import { type Browser, type CDPSession, launch, logIn, type Page } from '../test/screens/chromium.ts'
import { patiently } from '../test/tools/patiently.ts'
import { type LiveClient, Web } from '../test/tools/web-client.ts'
import type { Finding } from './finding.ts'
import { median } from './report.ts'
import { seedWithMessages, tokenOf } from './seed.ts'
import { ours, type Running } from './servers.ts'
import { quantile } from './timed.ts'

const MESSAGES = 100_000
const ROUNDS = 5
const [KEYS, KEY_EVERY_MS, ARRIVING] = [200, 90, 50]
const SCROLLED = 50_000
/** Messages scrolled through before the first reading of the heap, so that all code has run once. */
const WARM = 3000
const [ARRIVALS, BACK] = [100, 1000]
const MINUTE_MS = 60_000
const TARGETS = { first: 'target 1000', keys: 'target 50', shifts: 'target 0' }

const [ME, OTHER] = [0, 1]

/** A conversation of a hundred people: a message a minute, the last one just now. */
const talkative = ours('Tertulia', {
  seedFile: path => {
    const now = Date.now()
    return seedWithMessages(path, MESSAGES, {
      text: textOf,
      at: seq => now - (MESSAGES - seq) * MINUTE_MS,
      by: seq => 1 + (Math.floor(seq / 3) % 100),
    })
  },
})

/** The common kinds of text: plain, code, links with mentions, lists. */
function textOf(seq: number): string {
  if (seq % 50 === 0) return `\`\`\`js\nfor (const each of all) say(each, ${seq}) // en orden\n\`\`\``
  if (seq % 23 === 0) return `Mira https://ejemplo.test/apuntes/${seq} y dime, @b${seq % 100}`
  if (seq % 17 === 0) return `**Ojo**: \n- primero ${seq}\n- luego \`otra cosa\``
  return `${seq} ${'palabras de una conversación cualquiera '.repeat(1 + (seq % 4))}`
}

// --- the first message -----------------------------------------------------------------------------------

/**
 * From the start of the navigation to the frame after the one that holds the first message; each time in a browser
 * that has just begun and has nothing in its cache.
 */
export async function webAppFirst(): Promise<Finding[]> {
  await using server = await talkative.start()
  await readAll(server)
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await using browser = await launch()
    const page = await opened(browser, server)
    took.push(await page.evaluate<number>('window.firstShown'))
  }
  const [least, most] = [Math.min(...took), Math.max(...took)]
  return [
    [
      `web app: first message after ${ROUNDS} cold starts, median ms (least–most)`,
      `${median(took).toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)}), ${TARGETS.first}`,
    ],
  ]
}

/** Runs in the page: notes when the first message was painted, every layout shift, and how long keys took. */
function watch(): void {
  const noted = window as unknown as Noted
  noted.shifts = []
  noted.keys = []
  noted.events = []
  const seen = new MutationObserver(() => {
    if (!document.querySelector('article')) return
    seen.disconnect()
    afterFrame(now => {
      noted.firstShown = now
    })
  })
  seen.observe(document, { childList: true, subtree: true })
  new PerformanceObserver(list => {
    for (const entry of list.getEntries() as unknown as Shift[])
      noted.shifts.push({ value: entry.value, hadRecentInput: entry.hadRecentInput, what: nameOf(entry) })
  }).observe({ type: 'layout-shift', buffered: true })
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (entry.name === 'keydown') noted.events.push(entry.duration)
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
  addEventListener('keydown', ({ timeStamp }) => afterFrame(now => noted.keys.push(now - timeStamp)), {
    capture: true,
  })

  /** A task queued from within a frame runs after the frame has been drawn. */
  function afterFrame(done: (now: number) => void): void {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => done(performance.now())
      port2.postMessage(0)
    })
  }

  function nameOf({ sources }: Shift): string {
    return sources
      .map(({ node }) => (node instanceof Element ? `${node.tagName}.${node.className}` : ''))
      .join()
  }
}

interface Shift {
  readonly value: number
  readonly hadRecentInput: boolean
  readonly sources: readonly { readonly node: Node | null }[]
}

interface Noted {
  firstShown: number
  shifts: { value: number; hadRecentInput: boolean; what: string }[]
  keys: number[]
  events: number[]
}

// --- typing ----------------------------------------------------------------------------------------------

/**
 * From a key's event (its timestamp is the browser's, from before any queue) to the first task after the frame that
 * shows the letter, while messages arrive; and the same keys by the browser's Event Timing, until presentation, in
 * steps of 8 ms. It leaves out those below 16 ms, which count as 8.
 */
export async function webAppKeys(): Promise<Finding[]> {
  await using server = await talkative.start()
  await readAll(server)
  await using browser = await launch()
  const page = await opened(browser, server)
  using other = await otherClient(server)
  await page.locator('#composer').focus()
  const talk = new AbortController()
  const talking = speak(other, talk.signal)
  await sleep(2000)
  for (let i = 0; i < KEYS; i++) {
    const letter = i % 8 === 7 ? 'Space' : 'abcdefg'[i % 8]
    await page.keyboard.press(letter ?? 'a')
    await sleep(KEY_EVERY_MS)
  }
  talk.abort()
  const count = await talking
  const typed = await page.locator('#composer').inputValue()
  if (typed.length !== KEYS) throw new Error(`${typed.length} letters of ${KEYS}`)
  const { keys, events } = await page.evaluate<Noted>('({ keys: window.keys, events: window.events })')
  const all = [...events, ...Array.from({ length: Math.max(0, keys.length - events.length) }, () => 8)]
  return [
    [
      `web app: ${KEYS} keys while ${(count.messages / count.seconds).toFixed(0)} messages a second arrive: p50, p99, max ms`,
      `${[0.5, 0.99, 1].map(part => quantile(keys, part).toFixed(1)).join(', ')}, ${TARGETS.keys}`,
    ],
    [
      'the same by Event Timing, presented: p50, p99, max ms',
      [0.5, 0.99, 1].map(part => quantile(all, part).toFixed(0)).join(', '),
    ],
  ]
}

async function speak(
  { client }: LiveClient,
  signal: AbortSignal,
): Promise<{ messages: number; seconds: number }> {
  const start = performance.now()
  const posts: Promise<unknown>[] = []
  while (!signal.aborted) {
    posts.push(client.post(GENERAL, textOf(posts.length + 1)))
    await sleep(Math.max(0, start + (posts.length * 1000) / ARRIVING - performance.now()))
  }
  const seconds = (performance.now() - start) / 1000
  await Promise.all(posts)
  return { messages: posts.length, seconds }
}

// --- memory ----------------------------------------------------------------------------------------------

/** The page's heap after garbage collection. */
export async function webAppScroll(): Promise<Finding[]> {
  await using server = await talkative.start()
  await readAll(server)
  await using browser = await launch()
  const page = await opened(browser, server)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  await scrollUp(page, MESSAGES - WARM)
  await scrollDown(page)
  const before = await heap(devtools)
  const start = performance.now()
  await scrollUp(page, MESSAGES - SCROLLED)
  const above = await heap(devtools)
  await scrollDown(page)
  const seconds = (performance.now() - start) / 1000
  const after = await heap(devtools)
  return [
    [
      `web app: JS heap, MB, before, ${SCROLLED} messages further up, and back at the end`,
      [before, above, after].map(({ bytes }) => (bytes / 1e6).toFixed(1)).join(', '),
    ],
    [
      'the same: elements and other nodes; messages a second',
      `${[before, above, after].map(({ nodes }) => nodes).join(', ')}; ${((2 * SCROLLED) / seconds).toFixed(0)}`,
    ],
  ]
}

async function heap(devtools: CDPSession): Promise<{ bytes: number; nodes: number }> {
  for (let i = 0; i < 3; i++) {
    await devtools.send('HeapProfiler.collectGarbage')
    await sleep(300)
  }
  const { metrics } = await devtools.send('Performance.getMetrics')
  const of = (name: string) => metrics.find(each => each.name === name)?.value ?? Number.NaN
  return { bytes: of('JSHeapUsedSize'), nodes: of('Nodes') }
}

async function scrollUp(page: Page, to: number): Promise<void> {
  await page.evaluate(async to => {
    const list = document.querySelector('.scroller')
    const first = () => Number(document.querySelector<HTMLElement>('[data-seq]')?.dataset.seq)
    while (list && first() > to) {
      list.scrollTop = Math.max(0, list.scrollTop - 5 * list.clientHeight)
      await new Promise(requestAnimationFrame)
    }
  }, to)
}

async function scrollDown(page: Page): Promise<void> {
  await page.evaluate(async to => {
    const list = document.querySelector('.scroller')
    const last = () => Number([...document.querySelectorAll<HTMLElement>('[data-seq]')].at(-1)?.dataset.seq)
    while (list && (last() < to || list.scrollTop + list.clientHeight < list.scrollHeight - 50)) {
      list.scrollTop += 5 * list.clientHeight
      await new Promise(requestAnimationFrame)
    }
  }, MESSAGES)
}

// --- layout shifts ---------------------------------------------------------------------------------------

/** Sums of layout shifts (Layout Instability API), those after a click included unless the row says otherwise. */
export async function webAppShifts(): Promise<Finding[]> {
  await using server = await talkative.start()
  await readAll(server)
  await using browser = await launch()
  const page = await opened(browser, server)
  await page.waitForLoadState('networkidle')
  const loading = await shifted(page)
  using other = await otherClient(server)
  for (let i = 0; i < ARRIVALS; i++) await other.client.post(GENERAL, textOf(i + 1))
  await page.locator(`article[data-seq="${MESSAGES + ARRIVALS}"]`).waitFor()
  const arriving = await shifted(page)
  await page.locator('.scroller').hover()
  const first = () => page.evaluate<number>('Number(document.querySelector("[data-seq]").dataset.seq)')
  while ((await first()) > MESSAGES - BACK) {
    await page.mouse.wheel(0, -400)
    await sleep(30)
  }
  const scrolling = await shifted(page)
  await page.locator('.room-header').getByRole('button', { name: 'Miembros' }).click()
  await page.locator('.panel .people li').first().waitFor()
  await sleep(500)
  await page.locator('.panel > header button').click()
  await page.locator('.panel').waitFor({ state: 'detached' })
  const panel = await shifted(page)
  await page.evaluate('document.body.prepend(document.createElement("hr"))')
  if ((await shifted(page)).unasked === '0') throw new Error('a shift made on purpose was not noticed')
  return [
    [`web app: layout shifts while loading, ${TARGETS.shifts}`, loading.all],
    [`web app: the same while ${ARRIVALS} messages arrive`, arriving.all],
    [`web app: the same while scrolling back ${BACK} messages`, scrolling.all],
    [
      'web app: the same when a panel opens and closes, without what follows a click within 500 ms',
      panel.unasked,
    ],
  ]
}

/** The shifts since the last call. */
export async function shifted(page: Page): Promise<{ all: string; unasked: string }> {
  await sleep(600)
  const shifts = await page.evaluate<Noted['shifts']>('window.shifts.splice(0)')
  const sum = (some: Noted['shifts']) => {
    const where = [...new Set(some.map(({ what }) => what))].join(' ')
    const total = some.reduce((sum, { value }) => sum + value, 0)
    return total === 0 ? '0' : `${total.toFixed(4)} (${where})`
  }
  return { all: sum(shifts), unasked: sum(shifts.filter(({ hadRecentInput }) => !hadRecentInput)) }
}

// --- people ----------------------------------------------------------------------------------------------

/** A page at the end of the room, with its first message shown. */
export async function opened(browser: Browser, server: Running): Promise<Page> {
  const { origin } = new Web(server.port)
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'es-ES' })
  await logIn(context, origin, tokenOf(ME))
  await context.addInitScript(watch)
  const page = await context.newPage()
  await page.goto(`${origin}/r/general`)
  await patiently(
    () => page.evaluate('window.firstShown !== undefined'),
    () => 'no message was shown',
  )
  return page
}

async function readAll({ port }: Running): Promise<void> {
  await new Web(port, tokenOf(ME)).do('PUT', '/rooms/general/read', { seq: MESSAGES })
}

function otherClient({ port }: Running): Promise<LiveClient> {
  return new Web(port, tokenOf(OTHER)).connect()
}
