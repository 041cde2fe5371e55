// With the server's own patience.

import { test } from 'node:test'
import { stall } from './stalling.ts'

test('who stops reading for 50 s gets everything afterwards; who stops for 60 s is closed', async t => {
  await stall(t, { texts: 14_000, pauseMs: 50_000, longestMs: 60_000 })
})
