import { test } from 'node:test'
import { talkThroughCuts } from './cutting.ts'

test('100 clients behind a cutting proxy, 20,000 posts, 3 kills', { timeout: 900_000 }, () =>
  talkThroughCuts({ clients: 100, posts: 20_000 }),
)
