import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { SCHEMA_FILE, schemaText } from '../tools/schema.ts'

test('docs/schema.sql is what all migrations end in (node test/tools/schema.ts writes it)', async () => {
  assert.equal(await readFile(SCHEMA_FILE, 'utf8'), schemaText())
})
