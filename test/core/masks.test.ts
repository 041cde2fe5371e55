import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkMask, isWild, matchesMask } from '../../src/core/model/masks.ts'

test('masks: the letters of usernames, * and ?, folded', () => {
  for (const [typed, mask] of [
    ['Juan*', 'juan*'],
    [' @ana ', 'ana'],
    ['a***b', 'a*b'],
    ['???', '???'],
    ['ÑANDÚ', 'ñandú'],
    ['*', '*'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ] as const)
    assert.equal(checkMask(typed), mask)
  for (const none of [
    '',
    ' ',
    'a b',
    'a!b',
    'a@b',
    'a/b',
    'a,b',
    'a\u202eb',
    'a\u200bb',
    'ㅤ',
    'x'.repeat(65),
    'a\u0301\u0302\u0303\u0304',
  ])
    assert.throws(() => checkMask(none), { name: 'Refusal', code: 'bad-mask' }, JSON.stringify(none))
  assert.deepEqual(['ana', 'an*', 'an?'].map(isWild), [false, true, true])
})

test('a mask matches what the same expression does, and takes no longer for being hostile', () => {
  const signs = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 })
  const names = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
  fc.assert(
    fc.property(signs, names, (mask, name) => {
      const same = new RegExp(`^${mask.replaceAll('*', '.*').replaceAll('?', '.')}$`)
      assert.equal(matchesMask(mask, name), same.test(name))
    }),
  )
  const before = performance.now()
  assert.equal(matchesMask('a*'.repeat(32), `${'a'.repeat(31)}b`), false)
  assert.ok(performance.now() - before < 1000)
})
