import { test } from 'node:test'
import { killAtAnyMoment } from './killing-files.ts'

test('SIGKILL at any of 200 moments in the life of a file: it is whole, goes on, and leaves nothing', t =>
  killAtAnyMoment(t, 200))
