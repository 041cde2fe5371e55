// What a few letters find in the web app's switcher, and in which order.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitOf, plainName } from '../../src/clients/web/model/matching.ts'

function found(typed: string, names: readonly string[]): string[] {
  const fits = names.map(name => ({ name, fit: fitOf(plainName(name), plainName(typed)) }))
  return fits
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit)
    .map(({ name }) => name)
}

test('beginnings come first, then words, then the middle, then scattered letters', () => {
  const names = ['laboratorio', 'el lab', 'colaborar', 'la biblioteca', 'física']
  assert.deepEqual(found('lab', names), ['laboratorio', 'el lab', 'colaborar', 'la biblioteca'])
})

test('accents and capitals do not count, and each word that is typed has to fit', () => {
  assert.deepEqual(found('QUIM', ['Química', 'física']), ['Química'])
  assert.deepEqual(found('química', ['quimica']), ['quimica'])
  assert.deepEqual(found('ana per', ['ana Ana Pérez', 'ana Ana Gil']), ['ana Ana Pérez'])
  assert.deepEqual(found('z', ['pizarra', 'ana']), ['pizarra'])
  assert.deepEqual(found('  ', ['ana']), ['ana'], 'nothing typed fits everything')
})

test('hostile input costs little', () => {
  const started = performance.now()
  fitOf('a'.repeat(300), `${'a'.repeat(10_000)}b`)
  fitOf('á'.repeat(300), 'a a a a a '.repeat(2000))
  assert.ok(performance.now() - started < 2000)
})
