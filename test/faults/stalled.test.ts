import { test } from 'node:test'
import { stall } from './stalling.ts'

test('who stops reading for a while gets everything afterwards; who stops for too long is closed', async t => {
  await stall(t, { texts: 5_000, pauseMs: 0, longestMs: 40_000 })
})
