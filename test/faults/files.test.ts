import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { killAtPoints, Ordeal, type Points } from './killing-files.ts'

/** One of each kind of step, with the times that it comes there; all of them in files.long.ts. */
const POINTS: Points = {
  plain: [
    ['block-written', 3],
    ['upload-appended', 2],
    ['after-commit', 2],
    ['before-publish', 1],
    ['pending-deleted', 1],
  ],
  picture: [
    ['after-rename', 3],
    ['file-prepared', 1],
  ],
}

describe('SIGKILL in the life of a file: it is whole, goes on, and leaves nothing', () => {
  test('at some points', t => killAtPoints(t, POINTS))

  test('a build that forgets what it has not deleted yet does not pass', async () => {
    const file = 'core/files/file-sweeper.ts'
    const swapped = [
      {
        file,
        from: '= await this.#remove(keys)',
        to: ": Failure[] = []; await files['confirmDeleted'](keys)",
      },
      { file, from: 'await files.confirmDeleted(', to: 'await this.#remove(' },
    ]
    await using ordeal = await Ordeal.begin(swapped)
    await ordeal.kill('plain', { point: 'pending-deleted', from: 1 })
    await assert.rejects(ordeal.end(), /Stored files that nothing refers to: 1/)
  })
})
