import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Kind, killAtAnyMoment, Ordeal } from './killing-files.ts'

/** With the times that it comes there: the first commit is the upload's, the next that of its file, of its message, … */
const POINTS: Readonly<Record<Kind, readonly (readonly [string, number])[]>> = {
  plain: [
    ['before-commit', 1],
    ['after-commit', 1],
    ['file-created', 1],
    ['block-written', 1],
    ['block-written', 3],
    ['file-synced', 2],
    ['upload-appended', 1],
    ['upload-appended', 2],
    ['file-prepared', 1],
    ['before-commit', 2],
    ['after-commit', 2],
    ['upload-finished', 1],
    ['before-commit', 3],
    ['after-commit', 3],
    ['before-publish', 1],
    ['before-commit', 4],
    ['after-commit', 4],
    ['unnamed-removed', 1],
  ],
  picture: [
    ['before-rename', 1],
    ['after-rename', 1],
    ['before-rename', 3],
    ['after-rename', 3],
    ['file-prepared', 1],
    ['upload-finished', 1],
    ['unnamed-removed', 1],
    ['unnamed-removed', 2],
  ],
}

describe('SIGKILL in the life of a file: it is whole, goes on, and leaves nothing', () => {
  test('at each point', async t => {
    await using ordeal = await Ordeal.begin()
    for (const [kind, points] of Object.entries(POINTS) as [Kind, (typeof POINTS)[Kind]][])
      for (const [point, from] of points)
        await t.test(`${kind}: ${point}, ${from}`, () => ordeal.kill(kind, { point, from }))
    await t.test('at the end nothing is left', () => ordeal.end())
  })

  test('a build that forgets what it has not deleted yet does not pass', async () => {
    const file = 'core/files/file-sweeper.ts'
    const swapped = [
      { file, from: '= await this.#remove(keys)', to: ": Failure[] = []; await files['forget'](keys)" },
      { file, from: 'await files.forget(', to: 'await this.#remove(' },
    ]
    await using ordeal = await Ordeal.begin(swapped)
    await ordeal.kill('plain', { point: 'unnamed-removed', from: 1 })
    await assert.rejects(ordeal.end(), /Stored files that nothing names: 1/)
  })

  test('at any of five moments', t => killAtAnyMoment(t, 5)) // 200 in files.long.ts
})
