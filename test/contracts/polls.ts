// The contract of the Store port: polls and their votes.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERAL, type Instant, type Profile, type Seq } from '../../src/core/model/model.ts'
import { type PollRules, writePoll } from '../../src/core/model/polls.ts'
import type { Change } from '../../src/core/ports/log.ts'
import { TELL_EVERY_MS } from '../../src/core/ports/polls.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { patiently } from '../tools/patiently.ts'
import { NOW, type Opened, register } from './store.ts'

const LATER = (NOW + TELL_EVERY_MS) as Instant
const TEXT = writePoll({ question: '¿Cuándo?', options: ['Lunes', 'Martes', 'Nunca'] })

async function ask(store: Store, author: Profile, poll: PollRules = {}): Promise<Seq> {
  const draft = { room: GENERAL, author: author.id, texts: [TEXT], seen: 0 as Seq, poll }
  const [receipt] = await store.log.append([draft], NOW)
  return receipt && 'seq' in receipt ? receipt.seq : assert.fail(JSON.stringify(receipt))
}

function make(store: Store, by: Profile, change: Change) {
  return store.rooms.change(by.id, GENERAL, change, NOW)
}

function vote(store: Store, by: Profile, target: Seq, ...options: number[]) {
  return make(store, by, { kind: 'vote', target, options })
}

/** The votes of each option, how many people voted, and the reader's own. */
async function standing(store: Store, reader: Profile, seq: Seq) {
  const [message] = await store.pages.page(reader.id, GENERAL, { side: 'around', seq, limit: 1 })
  const { options = [], voters, mine } = message?.poll ?? {}
  return [options.map(({ votes }) => votes).join(), voters, mine?.join()]
}

export function pollsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for polls, on ${driver}`, () => {
    test('votes are counted once a person; the room is told once a second, by the poll’s author', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto, caro] = [
        await register(store, 'ana'),
        await register(store, 'beto'),
        await register(store, 'caro'),
      ]
      const seq = await ask(store, ana)
      const first = await vote(store, beto, seq, 2)
      assert.ok(first?.kind === 'poll' && first.how === 'voted')
      assert.deepEqual([first.author.username, first.poll?.voters, first.poll?.mine], ['ana', 1, undefined])
      assert.equal(await vote(store, beto, seq, 2), undefined, 'a second tab')
      assert.equal(await vote(store, beto, seq, 1), undefined, 'stored; the room is told later')
      assert.equal(await vote(store, caro, seq, 1), undefined)
      assert.deepEqual(await standing(store, beto, seq), ['2,0,0', 2, '1'])
      assert.deepEqual(await standing(store, ana, seq), ['2,0,0', 2, undefined])
      const due = () => store.polls.due(LATER, 10)
      await patiently(
        async () => (await due()).some(each => each.seq === seq),
        () => 'the room is not to be told',
      )
      const told = await store.polls.tell(GENERAL, seq, LATER)
      assert.ok(told?.kind === 'poll')
      assert.deepEqual(
        told.poll?.options.map(({ votes }) => votes),
        [2, 0, 0],
      )
      assert.equal(await store.polls.tell(GENERAL, seq, LATER), undefined, 'another node has told')
      assert.deepEqual(await due(), [])
      await vote(store, caro, seq)
      assert.deepEqual(await standing(store, caro, seq), ['1,0,0', 1, undefined], 'taken back')
      assert.equal(await store.polls.latest(ana.id, GENERAL), seq)
    })

    test('what a poll refuses', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const seq = await ask(store, ana)
      await assert.rejects(vote(store, beto, seq, 4), { code: 'no-such-option' })
      await assert.rejects(vote(store, beto, seq, 0), { code: 'no-such-option' })
      await assert.rejects(vote(store, beto, seq, 1, 2), { code: 'one-option' })
      await assert.rejects(store.polls.ballots(beto.id, GENERAL, seq, 9), { code: 'forbidden' })
      await assert.rejects(make(store, beto, { kind: 'poll-end', target: seq }), { code: 'forbidden' })
      await make(store, ana, { kind: 'muting', person: beto.id, until: Number.MAX_SAFE_INTEGER as Instant })
      await assert.rejects(vote(store, beto, seq, 1), { code: 'muted' })
      await make(store, ana, { kind: 'muting', person: beto.id, until: 0 as Instant })
      await make(store, ana, { kind: 'silenced', until: Number.MAX_SAFE_INTEGER as Instant })
      await vote(store, beto, seq, 1) // as one may react
      const edit = (text: string) => make(store, ana, { kind: 'edit', target: seq, text })
      await assert.rejects(edit('uno\ndos'), { code: 'poll-text' })
      await assert.rejects(edit(TEXT.replace('Lunes', 'Jueves')), { code: 'poll-voted' })
      const edited = await edit('¿Qué día?')
      assert.equal(edited?.kind === 'edit' && edited.poll?.question, '¿Qué día?')
      const closed = await make(store, ana, { kind: 'poll-end', target: seq })
      assert.equal(closed?.kind === 'poll' && closed.how, 'closed')
      await assert.rejects(vote(store, beto, seq, 2), { code: 'poll-closed' })
      await make(store, ana, { kind: 'archived', on: true }).catch(() => {}) // `general` stays
      await make(store, ana, { kind: 'deletion', target: seq })
      await assert.rejects(vote(store, beto, seq, 2), { code: 'no-such-message' })
      assert.equal(await store.polls.latest(ana.id, GENERAL), undefined)
    })

    test('a poll ends at its time; one with names says who chose what', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const over = await ask(store, ana, { until: 1 as Instant })
      await assert.rejects(vote(store, beto, over, 1), { code: 'poll-closed' })
      const ended = await store.polls.tell(GENERAL, over, NOW)
      assert.ok(ended?.kind === 'poll' && ended.how === 'expired' && ended.poll?.closed)
      const named = await ask(store, ana, { named: true, multiple: true })
      await vote(store, beto, named, 1, 3)
      await vote(store, ana, named, 3)
      const ballots = await store.polls.ballots(ana.id, GENERAL, named, 1)
      assert.deepEqual(
        ballots.map(({ option, people }) => [option, people.map(({ username }) => username)]),
        [
          [1, ['beto']],
          [2, []],
          [3, ['ana']],
        ],
      )
      const events = await store.log.read(GENERAL, (named - 1) as Seq, named, 1)
      assert.equal(events[0]?.kind === 'message' && events[0].poll?.voters, 2, 'the log has it as it is now')
    })
  })
}
