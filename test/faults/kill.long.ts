import { test } from 'node:test'
import { killAtAnyMoment } from './killing.ts'

test('SIGKILL at any of forty moments: whatever anybody saw is on disk, once, in order', t =>
  killAtAnyMoment(t, 40))
