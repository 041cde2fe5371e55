import { stories } from '../tools/browser.ts'
import { offline } from './offline.ts'

const story = stories()

story(
  'after half a minute without the server, everything that was posted is there once, in order',
  stage => offline(stage, 30_000),
  { timeout: 180_000, args: ['--no-limits'] },
)
