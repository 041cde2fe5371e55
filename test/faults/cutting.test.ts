import { test } from 'node:test'
import { talkThroughCuts } from './cutting.ts'

test('40 clients behind a cutting proxy, 10,000 posts, 3 kills', { timeout: 480_000 }, () =>
  talkThroughCuts({ clients: 40, posts: 10_000 }),
)
