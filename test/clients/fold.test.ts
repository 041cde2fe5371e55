import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countsOf, foldRun, isFolded, type Quiet } from '../../src/clients/web/model/fold.ts'

const base = { room: 1, author: { id: 1, username: 'ana' }, at: 1000 }

function arrival(seq: number, id: number): Quiet {
  return { kind: 'arrival', ...base, seq, person: { id, username: `p${id}` } }
}

function departure(seq: number, id: number, how: 'left' | 'kicked'): Quiet {
  return { kind: 'removal', ...base, seq, person: { id, username: `p${id}` }, how, reason: '' }
}

test('a person who comes and goes counts once; deleted messages and settings are counted each', () => {
  const erased: Quiet = { kind: 'message', ...base, seq: 6, text: '', format: 'plain', deleted: true }
  const topic: Quiet = { kind: 'alteration', ...base, seq: 7, what: 'topic', value: 'x' }
  const run = [
    ...[arrival(1, 2), departure(2, 2, 'left'), arrival(3, 2), arrival(4, 3), departure(5, 3, 'kicked')],
    ...[erased, topic],
  ]
  const counts = { joined: 2, left: 1, removed: 1, erased: 1, other: 1 }
  assert.deepEqual(countsOf(run), { ...counts, more: false })
  const [first = topic, ...others] = run
  const fold = foldRun([first, ...others])
  assert.deepEqual(fold, { kind: 'fold', room: 1, seq: 1, upto: 7, at: 1000, counts })
  assert.deepEqual(countsOf([fold, arrival(8, 4)]), { ...counts, joined: 3, more: false })
})

test('a few events stand for themselves; one fold of the server does not', () => {
  const few = [1, 2, 3, 4, 5].map(seq => arrival(seq, seq))
  assert.equal(isFolded(few), false)
  assert.equal(isFolded([...few, arrival(6, 6)]), true)
  assert.equal(isFolded([foldRun([arrival(1, 1)])]), true)
})
