import { describe, test } from 'node:test'
import { killAtAnyMoment, killAtPoints, type Points } from './killing-files.ts'

/** All of them: the first commit is the upload's, the next that of its file, of its message, … */
const POINTS: Points = {
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
    ['pending-deleted', 1],
  ],
  picture: [
    ['before-rename', 1],
    ['after-rename', 1],
    ['before-rename', 3],
    ['after-rename', 3],
    ['file-prepared', 1],
    ['upload-finished', 1],
    ['pending-deleted', 1],
    ['pending-deleted', 2],
  ],
}

describe('SIGKILL in the life of a file: it is whole, goes on, and leaves nothing', () => {
  test('at each point', t => killAtPoints(t, POINTS))
  test('at any of 200 moments', t => killAtAnyMoment(t, 200))
})
