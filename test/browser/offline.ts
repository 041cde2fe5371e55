// Some time without the server, while others post a lot.

import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from '../tools/browser.ts'
import { Cable } from '../tools/cable.ts'
import { readThrough } from '../tools/reading.ts'
import type { Web } from '../tools/web-client.ts'

const [OTHERS, OWN] = [500, 5]

/** Everything that others posted meanwhile, and one's own posts, are there once, in order. */
export async function offline(stage: Stage, milliseconds: number): Promise<void> {
  using cable = await Cable.to(stage.server.port)
  const ana = await stage.registers('ana', { port: cable.port })
  ana.forgive(/WebSocket connection to .* failed/, /^Failed to load resource: net::ERR_/)
  const beto = await stage.server.web.register('beto')
  await beto.do('POST', '/rooms/1/messages', { text: 'antes' })
  await ana.sees('antes')

  const context = ana.page.context()
  await context.setOffline(true)
  cable.pull()
  const over = sleep(milliseconds)
  await ana.reads(ana.words.cut(0))
  using live = await beto.connect()
  const theirs = Array.from({ length: OTHERS }, (_, i) => live.client.post(1, `de beto ${i}`))
  for (let i = 0; i < OWN; i++) {
    await ana.write(`de ana ${i}`)
    await ana.pending(`de ana ${i}`).waitFor()
    await ana.reads(ana.words.cut(i + 1))
  }
  await Promise.all(theirs)
  await over
  assert.equal(await ana.message(/de (ana|beto)/).count(), 0)
  cable.plug()
  await context.setOffline(false)

  await ana.page.getByText(ana.words.cut(OWN)).waitFor({ state: 'detached', timeout: 40_000 })
  for (let i = 0; i < OWN; i++) await ana.sees(`de ana ${i}`)
  const { texts: seen } = await readThrough(ana, 'up')
  const wanted = [
    'antes',
    ...Array.from({ length: OTHERS }, (_, i) => `de beto ${i}`),
    ...Array.from({ length: OWN }, (_, i) => `de ana ${i}`),
  ]
  assert.deepEqual(seen.toReversed(), wanted)
  assert.deepEqual(await textsOf(beto), wanted, 'the server has the same')
}

/** All messages of the first room. */
async function textsOf(web: Web, after = 0): Promise<string[]> {
  const { messages } = await web.do('GET', `/rooms/1/messages?after=${after}&limit=200`)
  if (messages.length === 0) return []
  const texts = messages.flatMap((each: { text?: string }) => each.text ?? [])
  return [...texts, ...(await textsOf(web, messages.at(-1).seq))]
}
