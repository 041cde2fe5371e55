// PostgreSQL and the line to it fail at the worst moments: what was acknowledged is stored once, what was refused not at
// all, and the store goes on.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { GENERAL, type LogEvent, type Seq, type UserId } from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { Receipt } from '../../src/core/ports/log.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { Cable, type Cutter } from '../tools/cable.ts'
import { patiently } from '../tools/patiently.ts'
import { lacksPostgres, Postgres } from '../tools/postgres.ts'
import { logOf, makeRoom, now, outcome, register, say, textsOf } from './postgres-stores.ts'

/** Texts of one person, before and after the fault. */
const ENOUGH = 50
const MANY_CUTS = 20
const LONG_MS = 60_000

describe('PostgreSQL that fails', { skip: lacksPostgres }, () => {
  let postgres: Postgres

  before(async () => {
    postgres = await Postgres.start()
  })
  after(() => postgres[Symbol.asyncDispose]())

  /** A store behind a cable that can be cut, with the problems that it reported. */
  async function behindCable(cuts?: Cutter) {
    const url = await postgres.database()
    const cable = await Cable.to(postgres.port, cuts)
    const wrong: (string | undefined)[] = []
    const store = await PostgresStore.open({
      urls: [url.replace(`:${postgres.port}/`, `:${cable.port}/`)],
      degraded: each => wrong.push(each),
    })
    return {
      store,
      cable,
      wrong,
      url,
      async [Symbol.asyncDispose]() {
        cable.plug()
        await store.close()
        cable[Symbol.dispose]()
      },
    }
  }

  for (const { when, cut } of [
    { when: 'before the answer to COMMIT', cut: { from: 'server', holding: 'COMMIT\0' } },
    { when: 'before what is written', cut: { from: 'client', holding: 'zarzaparrilla' } },
    { when: 'before the rooms are read', cut: { from: 'server', holding: 'general' } },
  ] as const) {
    test(`the connection breaks ${when}: the post is stored once, and its receipt is true`, async () => {
      let armed = false
      let cuts = 0
      await using behind = await behindCable((from, chunk) => {
        if (!armed || from !== cut.from || !chunk.includes(cut.holding)) return false
        armed = false
        cuts++
        setTimeout(() => behind.cable.plug(), 50)
        return true
      })
      const { store } = behind
      const ana = await register(store, 'ana')
      await say(store, 'antes', { author: ana.id })
      armed = true
      const receipts = await Promise.all([
        say(store, 'zarzaparrilla', { author: ana.id }),
        say(store, 'con clave', { author: ana.id, key: 'k' }),
      ])
      assert.equal(cuts, 1)
      assert.deepEqual(receipts.map(seqIn), [2, 3])
      assert.deepEqual(textsOf(await logOf(store)), ['antes', 'zarzaparrilla', 'con clave'])
      assert.deepEqual(seqIn(await say(store, 'después', { author: ana.id })), 4)
    })
  }

  test('a change whose COMMIT got no answer is answered, and made once', async () => {
    let armed = false
    await using behind = await behindCable((from, chunk) => {
      if (!armed || from !== 'server' || !chunk.includes('COMMIT\0')) return false
      armed = false
      setTimeout(() => behind.cable.plug(), 50)
      return true
    })
    const { store } = behind
    const ana = await register(store, 'ana')
    await say(store, 'antes', { author: ana.id })
    armed = true
    const target = 1 as Seq
    const [edited, head] = await Promise.all([
      store.rooms.change(ana.id, GENERAL, { kind: 'edit', target, text: 'otro' }, Date.now() as never),
      store.log.heads([GENERAL]),
    ])
    assert.deepEqual([edited?.kind, edited?.seq], ['edit', 2])
    assert.deepEqual(head, [{ room: GENERAL, head: 2 }])
    assert.equal((await logOf(store)).length, 2)
  })

  test('a line that is cut again and again under load: each text is stored once, in its author’s order', async () => {
    let passed = 0
    let limit = Number.POSITIVE_INFINITY
    let cuts = 0
    await using behind = await behindCable((_, chunk) => {
      passed += chunk.length
      if (passed < limit) return false
      passed = 0
      limit = 2_000 + ((cuts * 7_919) % 60_000)
      cuts++
      setTimeout(() => behind.cable.plug(), 20)
      return true
    })
    const { store } = behind
    const people = await Promise.all(['ana', 'beto', 'caro', 'dora'].map(name => register(store, name)))
    limit = 10_000
    const floods = people.map(({ id }) => new Flood(store, id))
    await patiently(
      () => cuts > MANY_CUTS,
      () => `${cuts} cuts`,
    )
    limit = Number.POSITIVE_INFINITY
    await Promise.all(floods.map(flood => flood.end()))
    const log = await logOf(store)
    for (const [i, person] of people.entries()) {
      const said = floods[i] ?? assert.fail()
      assertKept(
        said,
        log.filter(({ author }) => author.id === person.id),
      )
    }
  })

  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    test(`PostgreSQL is killed by ${signal} under load and restarted: nothing acknowledged is lost, nothing duplicated`, async () => {
      const url = await postgres.database()
      const wrong: (string | undefined)[] = []
      const store = await PostgresStore.open({ urls: [url], degraded: each => wrong.push(each) })
      const people = await Promise.all(['ana', 'beto', 'caro', 'dora'].map(name => register(store, name)))
      const floods = people.map(({ id }) => new Flood(store, id))
      await Promise.all(floods.map(flood => flood.storedMore(ENOUGH)))
      await postgres.down(signal)
      await postgres.up()
      await Promise.all(floods.map(flood => flood.storedMore(ENOUGH)))
      await Promise.all(floods.map(flood => flood.end()))
      const log = await logOf(store)
      for (const [i, person] of people.entries()) {
        const said = floods[i] ?? assert.fail()
        assertKept(
          said,
          log.filter(({ author }) => author.id === person.id),
        )
      }
      assert.deepEqual(
        log.map(({ seq }) => Number(seq)),
        Array.from(log, (_, i) => i + 1),
        'no hole',
      )
      assert.equal(await store.people.hasOwner(), true, 'readers, too, have found their way back')
      await patiently(
        () => wrong.length >= 2 && wrong.at(-1) === undefined,
        () => `it was told ${wrong}`,
      )
      await store.close()
    })
  }

  test('a database that stays away: calls are refused after about ten seconds, and it is reported', async () => {
    await using behind = await behindCable()
    const { store, cable, wrong } = behind
    const ana = await register(store, 'ana')
    cable.pull()
    const start = performance.now()
    const calls = [say(store, 'a', { author: ana.id }), store.people.find('ana'), store.log.heads([GENERAL])]
    assert.deepEqual(await Promise.all(calls.map(outcome)), Array(3).fill('store-failed'))
    const took = performance.now() - start
    assert.ok(took > 8_000 && took < 16_000, `${took}`)
    const [first = ''] = wrong
    assert.ok(first !== '' && !first.includes('postgres://'), first)
    cable.plug()
    assert.deepEqual(seqIn(await say(store, 'b', { author: ana.id })), 1)
    await store.people.find('ana')
    await patiently(
      () => wrong.at(-1) === undefined,
      () => `it still says ${wrong.at(-1)}`,
    )
    assert.deepEqual(textsOf(await logOf(store)), ['b'])
  })

  test('a database that comes back is noticed without any call', async () => {
    await using behind = await behindCable()
    const { store, cable, wrong } = behind
    const ana = await register(store, 'ana')
    await Promise.all([store.people.find('ana'), store.log.heads([GENERAL])]) // two readers
    cable.pull()
    await patiently(
      () => wrong.length === 1,
      () => 'nobody was told that it is away',
    )
    const late = store.search.find(ana.id, parseQuery('nada', 'UTC'), 0, 1) // comes for the first time
    assert.equal(await outcome(late), 'store-failed')
    cable.plug()
    await patiently(
      () => wrong.at(-1) === undefined,
      () => `it still says ${wrong.at(-1)}`,
    )
    assert.equal(wrong.length, 2)
  })

  test('a line that silently drops everything is given up, and the post is stored once', async () => {
    await using behind = await behindCable()
    const { store, cable } = behind
    const ana = await register(store, 'ana')
    await say(store, 'a', { author: ana.id })
    cable.pinch()
    const late = say(store, 'b', { author: ana.id })
    await sleep(8_500)
    cable.release()
    assert.deepEqual(seqIn(await late), 2)
    assert.deepEqual(textsOf(await logOf(store)), ['a', 'b'])
  })

  test('a room that somebody locks for some seconds: its posts wait, and are stored in order', async () => {
    const url = await postgres.database()
    const store = await PostgresStore.open({ urls: [url] })
    const ana = await register(store, 'ana')
    const holder = await postgres.connect(url)
    await holder.query('BEGIN; SELECT id FROM rooms WHERE id = 1 FOR UPDATE')
    const posts = ['a', 'b', 'c'].map(text => say(store, text, { author: ana.id }))
    const read = logOf(store)
    let answered = false
    void posts[0]?.then(() => {
      answered = true
    })
    await sleep(2_000)
    assert.equal(answered, false)
    await holder.query('COMMIT')
    assert.deepEqual((await Promise.all(posts)).map(seqIn), [1, 2, 3])
    assert.deepEqual(textsOf(await read), ['a', 'b', 'c'])
    await holder.end()
    await store.close()
  })

  test('a room that somebody locks for ever: only calls for that room are refused', async () => {
    const url = await postgres.database()
    const store = await PostgresStore.open({ urls: [url] })
    const ana = await register(store, 'ana')
    const [held, free] = [await makeRoom(store, ana.id, 'held'), await makeRoom(store, ana.id, 'free')]
    const holder = await postgres.connect(url)
    await holder.query(`BEGIN; SELECT id FROM rooms WHERE id = ${held} FOR UPDATE`)
    const drafts = Array.from({ length: 40 }, (_, i) => ({
      room: i % 2 === 0 ? held : free,
      author: ana.id,
      texts: [`${i}`],
      seen: 0 as Seq,
    }))
    const topic = { kind: 'topic', text: 'x' } as const
    const [receipts, inHeld, inFree] = await Promise.all([
      store.log.append(drafts, Date.now() as never),
      outcome(store.rooms.change(ana.id, held, topic, Date.now() as never)),
      outcome(store.rooms.change(ana.id, free, topic, Date.now() as never)),
    ])
    assert.deepEqual([inHeld, inFree], ['store-busy', 'done'])
    assert.deepEqual(
      receipts.map(receipt => 'refused' in receipt),
      drafts.map(({ room }) => room === held),
    )
    await holder.query('ROLLBACK')
    await holder.end()
    assert.deepEqual(textsOf(await logOf(store, held)), [])
    assert.equal(textsOf(await logOf(store, free)).length, 20)
    assert.ok('seq' in (await say(store, 'otra vez', { author: ana.id, room: held })))
    await store.close()
  })

  test('a text that the database refuses is refused alone', async () => {
    const url = await postgres.database()
    const troubles: unknown[] = []
    const store = await PostgresStore.open({ urls: [url], onError: error => troubles.push(error) })
    const ana = await register(store, 'ana')
    await postgres.query(url, "ALTER TABLE messages ADD CHECK (message <> 'bomba')")
    const texts = Array.from({ length: 30 }, (_, i) => (i % 11 === 5 ? 'bomba' : `${i}`))
    const drafts = texts.map(text => ({ room: GENERAL, author: ana.id, texts: [text], seen: 0 as Seq }))
    const receipts = await store.log.append(drafts, Date.now() as never)
    assert.deepEqual(
      receipts.map(receipt => 'refused' in receipt && receipt.refused),
      texts.map(text => text === 'bomba' && 'store-refused'),
    )
    assert.deepEqual(
      textsOf(await logOf(store)),
      texts.filter(text => text !== 'bomba'),
    )
    assert.equal(troubles.length, 3)
    await store.close()
  })

  test('a full disk: nothing is stored, the operator is told, and told again when it is over', async () => {
    const url = await postgres.database()
    const wrong: (string | undefined)[] = []
    const store = await PostgresStore.open({ urls: [url], degraded: each => wrong.push(each) })
    const ana = await register(store, 'ana')
    await postgres.query(
      url,
      `CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '53100'; END $$`,
    )
    await postgres.query(url, 'CREATE TRIGGER failing BEFORE INSERT ON messages EXECUTE FUNCTION fails()')
    assert.equal(await outcome(say(store, 'sin lugar', { author: ana.id })), 'store-full')
    assert.deepEqual(wrong, ['full'])
    await postgres.query(url, 'DROP TRIGGER failing ON messages')
    assert.ok('seq' in (await say(store, 'con lugar', { author: ana.id })))
    await patiently(
      () => wrong.length === 2,
      () => 'it is full for ever',
    )
    assert.deepEqual(wrong, ['full', undefined])
    assert.deepEqual(textsOf(await logOf(store)), ['con lugar'])
    await store.close()
  })

  test('a disk with space for nothing but short texts stays full until there is more', async () => {
    const url = await postgres.database()
    const wrong: (string | undefined)[] = []
    const store = await PostgresStore.open({ urls: [url], degraded: each => wrong.push(each) })
    const ana = await register(store, 'ana')
    await postgres.query(url, 'CREATE SEQUENCE probed')
    const failing = (name: string, kind: string, also = '') =>
      `CREATE FUNCTION ${name}() RETURNS ${kind} LANGUAGE plpgsql AS
         $$ BEGIN ${also} RAISE EXCEPTION 'as told' USING ERRCODE = '53100'; END $$`
    await postgres.query(url, failing('long', 'trigger'))
    await postgres.query(url, failing('page', 'event_trigger', "PERFORM nextval('probed');"))
    await postgres.query(
      url,
      `CREATE TRIGGER long BEFORE INSERT ON messages FOR EACH ROW WHEN (length(NEW.message) > 9) EXECUTE FUNCTION long()`,
    )
    await postgres.query(
      url,
      `CREATE EVENT TRIGGER page ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION page()`,
    )
    for (const _ of [1, 2, 3]) {
      assert.equal(await outcome(say(store, 'demasiado largo', { author: ana.id })), 'store-full')
      assert.ok('seq' in (await say(store, 'corto', { author: ana.id })))
    }
    await patiently(
      async () => (await postgres.query(url, 'SELECT is_called FROM probed'))[0]?.is_called === true,
      () => 'nobody looks whether there is space',
    )
    assert.deepEqual(wrong, ['full'])
    await postgres.query(url, 'DROP EVENT TRIGGER page; DROP TRIGGER long ON messages')
    await patiently(
      () => wrong.length === 2,
      () => 'it is full for ever',
    )
    assert.deepEqual(wrong, ['full', undefined])
    await store.close()
  })

  test('a lock on all messages for ever: posts and pages wait, and are then refused', async () => {
    const url = await postgres.database()
    const store = await PostgresStore.open({ urls: [url] })
    const ana = await register(store, 'ana')
    const holder = await postgres.connect(url)
    await holder.query('BEGIN; LOCK TABLE messages')
    const [said, page] = await Promise.all([
      say(store, 'al candado', { author: ana.id }),
      outcome(store.pages.page(ana.id, GENERAL, { side: 'after', seq: 0 as Seq, limit: 9 })),
    ])
    assert.deepEqual([seqIn(said), page], ['store-busy', 'store-busy'])
    await holder.end()
    assert.equal(seqIn(await say(store, 'otra vez', { author: ana.id })), 1)
    await store.close()
  })

  test('damage fails only what would read it', async () => {
    const url = await postgres.database()
    let damaged = 0
    const store = await PostgresStore.open({ urls: [url], damaged: () => damaged++ })
    const ana = await register(store, 'ana')
    await postgres.query(
      url,
      `CREATE FUNCTION unreadable() RETURNS boolean LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = 'XX001'; END $$`,
    )
    await postgres.query(url, 'ALTER TABLE pins RENAME TO kept')
    await postgres.query(url, 'CREATE VIEW pins AS SELECT 4294967297 AS message_id WHERE unreadable()')
    const [pins, said] = await Promise.all([
      outcome(store.pages.pins(ana.id, GENERAL, 10)),
      say(store, 'sigue', { author: ana.id }),
    ])
    assert.equal(pins, 'store-damaged')
    assert.ok('seq' in said)
    assert.equal(damaged, 1)
    await store.close()
  })

  test('a text for a damaged page is refused alone, and says so', async () => {
    const url = await postgres.database()
    let damaged = 0
    const troubles: unknown[] = []
    const told = { damaged: () => damaged++, onError: (error: unknown) => troubles.push(error) }
    const store = await PostgresStore.open({ urls: [url], ...told })
    const ana = await register(store, 'ana')
    await postgres.query(
      url,
      `CREATE FUNCTION damaged() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = 'XX002'; END $$`,
    )
    await postgres.query(
      url,
      `CREATE TRIGGER unreadable BEFORE INSERT ON messages FOR EACH ROW
       WHEN (NEW.message = 'al hoyo') EXECUTE FUNCTION damaged()`,
    )
    const texts = ['uno', 'al hoyo', 'tres']
    const drafts = texts.map(text => ({ room: GENERAL, author: ana.id, texts: [text], seen: 0 as Seq }))
    const receipts = await store.log.append(drafts, now())
    assert.deepEqual(receipts.map(seqIn), [1, 'store-damaged', 2])
    assert.deepEqual([damaged, troubles], [1, []])
    assert.deepEqual(textsOf(await logOf(store)), ['uno', 'tres'])
    await store.close()
  })
})

function seqIn(receipt: Receipt): number | string {
  return 'refused' in receipt ? receipt.refused : receipt.seq
}

/** Posts texts, a few in flight at once, until it is stopped. */
class Flood {
  /** Acknowledged texts, in order. */
  readonly stored: { readonly text: string; readonly seq: Seq }[] = []
  /** Texts whose outcome is unknown. */
  readonly unknown = new Set<string>()
  readonly #store: Store
  readonly #author: UserId
  readonly #ended: Promise<void>
  #going = true

  constructor(store: Store, author: UserId) {
    this.#store = store
    this.#author = author
    this.#ended = this.#run()
  }

  async storedMore(count: number): Promise<void> {
    const wanted = this.stored.length + count
    await patiently(
      () => this.stored.length >= wanted,
      () => `the flood stands at ${this.stored.length}`,
      this.#ended,
      LONG_MS,
    )
  }

  async end(): Promise<void> {
    this.#going = false
    await this.#ended
  }

  async #run(): Promise<void> {
    for (let i = 0; this.#going; i += 5) {
      const texts = Array.from({ length: 5 }, (_, j) => `${this.#author}/${i + j}`)
      const keyed = i % 2 === 0
      const answers = await Promise.allSettled(
        texts.map(text => say(this.#store, text, { author: this.#author, ...(keyed && { key: text }) })),
      )
      for (const [j, answer] of answers.entries()) note(this, texts[j] ?? '', answer)
    }
  }
}

/** On a busy machine a restart may take longer than calls wait, so they may be refused. */
function note({ stored, unknown }: Flood, text: string, answer: PromiseSettledResult<Receipt>): void {
  if (answer.status === 'rejected') {
    assert.ok(
      answer.reason instanceof Refusal && answer.reason.code === 'store-failed',
      String(answer.reason),
    )
    unknown.add(text)
  } else {
    assert.ok('seq' in answer.value, JSON.stringify(answer.value))
    stored.push({ text, seq: answer.value.seq })
  }
}

/** Asserts that acknowledged texts are stored once, under their seqs, and that of the rest only unknown ones may be. */
function assertKept({ stored, unknown }: Flood, theirs: readonly LogEvent[]): void {
  const there = theirs.map(event => ({ text: event.kind === 'message' ? event.text : '', seq: event.seq }))
  assert.deepEqual(
    there.filter(({ text }) => !unknown.has(text)),
    stored,
  )
  assert.equal(new Set(there.map(({ text }) => text)).size, there.length, 'nothing is doubled')
}
