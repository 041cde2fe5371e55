// The web app in a headless Chromium on the same machine: how soon another room shows, and whether anything jumps on a
// long way back.

import { setTimeout as sleep } from 'node:timers/promises'
import { launch, type Page } from '../test/screens/chromium.ts'
import { Web } from '../test/tools/web-client.ts'
import type { Finding } from './finding.ts'
import { seedWithMessages, tokenOf } from './seed.ts'
import { ours, type Running } from './servers.ts'
import { quantile } from './timed.ts'
import { opened, shifted } from './web-app.ts'

const MESSAGES = 21_000
const SCROLLED = 20_000
/** Less than the list is high; one turn after the other, as fast as the browser takes them. */
const WHEEL_PX = 400
const [ROOMS, IN_EACH, ROUNDS] = [12, 120, 5]
const MINUTE_MS = 60_000

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

function textOf(seq: number): string {
  if (seq % 50 === 0) return `\`\`\`js\nfor (const each of all) say(each, ${seq}) // en orden\n\`\`\``
  if (seq % 17 === 0) return `**Ojo**: \n- primero ${seq}\n- luego \`otra cosa\``
  return `${seq} ${'palabras de una conversación cualquiera '.repeat(1 + (seq % 4))}`
}

/** From the click on a room to the first task after the frame that holds its last message. */
export async function webAppSwitch(): Promise<Finding[]> {
  await using server = await talkative.start()
  const names = await makeRooms(server)
  await using browser = await launch()
  const page = await opened(browser, server)
  await page.waitForLoadState('networkidle')
  const [asked, kept]: [number[], number[]] = [[], []]
  for (const name of names) asked.push(await switchTo(page, name))
  for (let round = 0; round < ROUNDS; round++) for (const name of names) kept.push(await switchTo(page, name))
  const shown = (took: readonly number[]) =>
    [0, 0.5, 0.9, 1].map(part => quantile(took, part).toFixed(0)).join(', ')
  return [
    [
      'web app: a room that one comes to first, from the click: least, p50, p90, max ms',
      `${shown(asked)}, target 100`,
    ],
    ['web app: a room that one was in before: least, p50, p90, max ms', `${shown(kept)}, target 30`],
  ]
}

async function makeRooms({ port }: Running): Promise<readonly string[]> {
  const web = new Web(port, tokenOf(0))
  const names = Array.from({ length: ROOMS }, (_, i) => `taller${i}`)
  for (const name of names) {
    const { id } = await web.do('POST', '/rooms', { name, kind: 'open' })
    for (let i = 1; i <= IN_EACH; i++) await web.do('POST', `/rooms/${id}/messages`, { text: textOf(i) })
  }
  return names
}

async function switchTo(page: Page, name: string): Promise<number> {
  const took = await page.evaluate(
    async ({ name, last }) => {
      document.querySelector<HTMLAnchorElement>(`.sidebar a.room[href="/r/${name}"]`)?.click()
      performance.mark('switch')
      const isThere = () =>
        document.querySelector('#room-title bdi')?.textContent === name &&
        [...document.querySelectorAll('.scroller article')].at(-1)?.textContent?.includes(last) === true
      while (!isThere()) await new Promise(requestAnimationFrame)
      await new Promise(resolve => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = resolve
        port2.postMessage(0)
      })
      return performance.measure('switched', 'switch').duration
    },
    { name, last: textOf(IN_EACH).slice(0, 20) },
  )
  await sleep(300)
  return took
}

/** Sums of layout shifts, those after an input included, on the way back through the room. */
export async function webAppLongWay(): Promise<Finding[]> {
  await using server = await talkative.start()
  await new Web(server.port, tokenOf(0)).do('PUT', '/rooms/general/read', { seq: MESSAGES })
  await using browser = await launch()
  const page = await opened(browser, server)
  await page.waitForLoadState('networkidle')
  await shifted(page)
  await page.locator('.scroller').hover()
  const first = () => page.evaluate<number>('Number(document.querySelector("[data-seq]").dataset.seq)')
  while ((await first()) > MESSAGES - SCROLLED) {
    await page.mouse.wheel(0, -WHEEL_PX)
    await sleep(8)
  }
  const { all } = await shifted(page)
  return [[`web app: layout shifts while scrolling back ${SCROLLED} messages`, `${all}, target 0.05`]]
}
