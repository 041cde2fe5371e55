import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BoundedMap } from '../../src/core/limits/bounded-map.ts'

test('the oldest entries are dropped beyond the capacity', () => {
  const dropped: string[] = []
  const map = new BoundedMap<string, number>(2, { onEvict: (key, value) => dropped.push(`${key}${value}`) })
  for (const [i, key] of ['a', 'b', 'a', 'c'].entries()) map.set(key, i)
  assert.deepEqual([...map], [['a', 2], ['c', 3]]) // biome-ignore format: one line reads better
  assert.deepEqual(dropped, ['b1'], 'setting an entry again makes it the newest')
})

test('an entry that is used stays longer than one that is only read', () => {
  const map = new BoundedMap<string, string>(2)
  map.set('a', 'A')
  map.set('b', 'B')
  assert.equal(map.get('a'), 'A')
  assert.equal(map.use('a'), 'A')
  assert.equal(map.use('z'), undefined)
  map.set('c', 'C')
  assert.deepEqual([...map.keys()], ['a', 'c'])
})

test('entries may cost more than one each', () => {
  const map = new BoundedMap<string, string>(5, { costOf: text => text.length })
  map.set('a', 'xxx')
  map.set('b', 'yy')
  map.set('a', 'x')
  map.set('c', 'zz')
  assert.deepEqual([...map.keys()], ['b', 'a', 'c'])
  assert.equal(map.delete('b'), 'yy')
  map.set('d', 'ww')
  assert.deepEqual([...map.keys()], ['a', 'c', 'd'])
  map.set('e', 'much too long')
  assert.deepEqual([...map.keys()], [])
  map.set('f', 'xxxxx')
  map.clear()
  map.set('g', 'xxxxx')
  assert.equal(map.has('g'), true)
})
