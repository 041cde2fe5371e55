import assert from 'node:assert/strict'
import { test } from 'node:test'
import { source, sourceFiles } from '../tools/sources.ts'

// A script or a statement without `yield*` compiles, and does nothing. The PostgreSQL driver's own queries are not
// scripts: the linter finds promises that it does not await.
test('every statement in a script is run', async () => {
  for (const file of await sourceFiles()) {
    const text = await source(file)
    const holdsScripts = file.startsWith('store/') && !file.startsWith('store/postgres')
    if (holdsScripts && text.includes('sql`')) assert.deepEqual(idle(text), [], file)
  }
})

test('a statement that is not run is found', () => {
  assert.deepEqual(idle('  yield* run(sql`DELETE FROM rooms`)'), [])
  assert.deepEqual(idle('  const a = yield* rows(\n    decode,\n    sql`SELECT`,\n  )'), [])
  assert.deepEqual(idle('  await pool.run(connection => connection.ask(sql`DELETE FROM rooms`))'), [])
  assert.deepEqual(idle('function forget(): Statement {\n  return sql`DELETE FROM rooms`\n}'), [])
  assert.equal(idle('  run(sql`DELETE FROM rooms`)').length, 1)
  assert.equal(idle('  const a = rows(\n    decode,\n    sql`SELECT`,\n  )').length, 1)
  assert.equal(idle('  sql`DELETE FROM rooms`').length, 1)
  assert.equal(idle('function* forget() {}\nfunction* all() {\n  forget()\n}').length, 1)
})

function idle(text: string): string[] {
  const scripts = ['rows', 'row', 'run', ...[...text.matchAll(/function\* (\w+)/g)].map(match => match[1])]
  const calls = text.matchAll(
    new RegExp(`(?<!yield\\* |function\\* |\\.)\\b(${scripts.join('|')})\\(.*`, 'g'),
  )
  const statements = text.matchAll(/(?<!(?:[(,[]|\breturn)\s*)sql`.*/g)
  return [...calls, ...statements].map(match => match[0])
}
