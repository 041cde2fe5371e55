// A room with thousands of messages, scrolled from its end to its beginning and back.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import { readThrough } from '../tools/reading.ts'

const MESSAGES = 2000
const MOST_ROWS = 1000

const story = stories()

story(
  'every message passes once and in order, nothing jumps, and the page stays small',
  async stage => {
    const web = await stage.server.web.register('ana')
    using live = await web.connect()
    const texts = Array.from(
      { length: MESSAGES },
      (_, i) => `número ${i}${i % 7 === 0 ? `\n${'y más '.repeat(i % 90)}` : ''}`,
    )
    await Promise.all(texts.map(text => live.client.post(1, text)))
    const ana = await stage.logsIn('ana', { viewport: { width: 1000, height: 1500 } })
    await ana.isInSight(`número ${MESSAGES - 1}`)
    const numbers = texts.map((_, i) => i)
    for (const way of ['up', 'down'] as const) {
      const read = await readThrough(ana, way)
      const seen = read.texts.map(text => Number(/^número (\d+)/.exec(text)?.[1]))
      assert.deepEqual(seen, way === 'up' ? numbers.toReversed() : numbers, way)
      assert.ok(read.mostRows < MOST_ROWS, `${read.mostRows} rows were on the page`)
      assert.ok(read.worstJump <= 2, `what one looked at jumped by ${read.worstJump} px on the way ${way}`)
    }
  },
  { timeout: 480_000, args: ['--no-limits'] },
)
