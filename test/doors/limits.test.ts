import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LONGEST_ALT } from '../../src/core/files/file-names.ts'
import { MOST_ATTACHMENTS } from '../../src/core/model/rules.ts'
import * as known from '../../src/wire/limits.ts'

test('the bounds that clients know are those of the core', () => {
  assert.deepEqual({ ...known }, { MOST_ATTACHMENTS, LONGEST_ALT })
})
