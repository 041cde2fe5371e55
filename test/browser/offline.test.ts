import { stories } from '../tools/browser.ts'
import { offline } from './offline.ts'

const story = stories()

story(
  'after three seconds without the server, everything that was posted is there once, in order',
  stage => offline(stage, 3_000),
  { timeout: 480_000, args: ['--no-limits'] },
)
