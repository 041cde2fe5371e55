// The contract of the Store port: messages that are sent later, and reminders.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type FileId, GENERAL, type Instant, type Profile, type Seq } from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import { LATE_MS, MOST_REMINDERS, MOST_SCHEDULED } from '../../src/core/model/scheduled.ts'
import type { NewScheduled } from '../../src/core/ports/scheduled.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { type Opened, register } from './store.ts'

const SPACE = 1000
/** PostgreSQL's clock is its own: what is due is in its past, what waits in its future. */
const PAST = (Date.now() - 10 * LATE_MS) as Instant
const FUTURE = (Date.now() + 86_400_000) as Instant
const NOW = Date.now() as Instant

function later(author: Profile, text: string, more: Partial<NewScheduled> = {}): NewScheduled {
  return { author: author.id, room: GENERAL, text, format: 'markdown', at: PAST, key: text, ...more }
}

async function refused(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, error => error instanceof Refusal && error.code === code)
}

async function texts(store: Store, { id }: Profile): Promise<readonly string[]> {
  const page = await store.pages.page(id, GENERAL, { side: 'before', seq: 1000 as Seq, limit: 50 })
  return page.map(({ text }) => text)
}

async function post(store: Store, author: Profile, text: string): Promise<Seq> {
  const [receipt] = await store.log.append(
    [{ room: GENERAL, author: author.id, texts: [text], seen: 0 as Seq }],
    NOW,
  )
  return receipt && 'seq' in receipt ? receipt.seq : assert.fail(JSON.stringify(receipt))
}

export function scheduledContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for what is put off, on ${driver}`, () => {
    test('what is due is sent once, whoever sends it, and says when it was meant', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const { id } = await store.scheduled.schedule(later(ana, 'hola'))
      assert.equal((await store.scheduled.schedule(later(ana, 'hola'))).id, id, 'the same key')
      await refused('key-reused', store.scheduled.schedule(later(ana, 'otra', { key: 'hola' })))
      const waiting = await store.scheduled.schedule(later(ana, 'mañana', { at: FUTURE }))
      assert.equal(await store.scheduled.next(), PAST)
      assert.deepEqual(await store.scheduled.due(NOW, 10), [id])
      assert.equal(await store.scheduled.send(waiting.id, SPACE, NOW), undefined, 'not yet')
      const sent = await Promise.all([1, 2, 3].map(() => store.scheduled.send(id, SPACE, NOW)))
      const [message] = sent.flatMap(each => (each && 'message' in each ? [each.message] : []))
      assert.equal(sent.filter(each => each).length, 1)
      assert.deepEqual(message?.tags, [['scheduled', new Date(PAST).toISOString()]])
      assert.equal(message?.author.username, 'ana')
      await store.scheduled.schedule(later(ana, 'hola')) // by somebody who had no answer
      await store.scheduled.send((await store.scheduled.due(NOW, 1))[0] ?? id, SPACE, NOW)
      assert.deepEqual(await texts(store, ana), ['hola'])
      assert.deepEqual(
        (await store.scheduled.list(ana.id)).map(each => each.text),
        ['mañana'],
      )
    })

    test('what its author may not write then is kept with the reason, until they send, move or delete it', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { id } = await store.scheduled.schedule(later(beto, 'hola'))
      const mute = (until: number) =>
        store.rooms.change(ana.id, GENERAL, { kind: 'muting', person: beto.id, until: until as Instant }, NOW)
      await mute(FUTURE)
      const kept = await store.scheduled.send(id, SPACE, NOW)
      assert.ok(kept && 'refused' in kept && kept.refused === 'muted' && kept.author === beto.id)
      assert.equal(await store.scheduled.send(id, SPACE, NOW), undefined, 'it is not tried again')
      assert.deepEqual(
        [await store.scheduled.next(), (await store.scheduled.list(beto.id))[0]?.refused],
        [undefined, 'muted'],
      )
      await refused('muted', store.scheduled.sendNow(beto.id, id, SPACE, NOW))
      await refused('no-such-scheduled', store.scheduled.sendNow(ana.id, id, SPACE, NOW))
      await refused('no-such-scheduled', store.scheduled.amend(ana.id, id, { text: 'x' }))
      const moved = await store.scheduled.amend(beto.id, id, { text: 'adiós', at: FUTURE })
      assert.deepEqual([moved.text, moved.at, moved.refused], ['adiós', FUTURE, undefined])
      await mute(0)
      assert.equal((await store.scheduled.sendNow(beto.id, id, SPACE, NOW)).text, 'adiós')
      await refused('no-such-scheduled', store.scheduled.cancel(beto.id, id))
    })

    test('slow mode puts it off; its files wait with it, and go with it', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await store.rooms.change(ana.id, GENERAL, { kind: 'slow', seconds: 3600 }, NOW)
      await post(store, beto, 'primero')
      const slow = await store.scheduled.schedule(later(beto, 'después'))
      assert.equal(await store.scheduled.send(slow.id, SPACE, NOW), undefined)
      const next = (await store.scheduled.next()) ?? 0
      assert.ok(next > Date.now() + 3_000_000 && next < Date.now() + 4_200_000, `${next}`)
      await store.scheduled.cancel(beto.id, slow.id)

      const upload = 'foto'.padEnd(22, '-') as FileId
      await store.files.begin(
        { id: upload, person: ana.id, name: 'foto.png', size: 9, at: PAST },
        { person: 1000, server: 1000 },
      )
      const attachments = [{ upload }]
      await refused('unfinished-upload', store.scheduled.schedule(later(ana, '', { attachments, key: 'f' })))
      const file = { key: upload, sha256: 'f'.repeat(64), size: 9, type: 'image/png', variants: [] }
      await store.files.finish(upload, file)
      const { id, attachments: named } = await store.scheduled.schedule(
        later(ana, '', { attachments, key: 'f' }),
      )
      assert.deepEqual(named, [{ upload, name: 'foto.png' }])
      assert.equal(await store.files.expire((Date.now() + 1e9) as Instant, 10), 0, 'it does not expire')
      const sent = await store.scheduled.send(id, SPACE, NOW)
      assert.equal(sent && 'message' in sent && sent.message.attachments?.[0]?.name, 'foto.png')
    })

    test('a hundred scheduled, five hundred reminders', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const seq = await post(store, ana, 'hola')
      for (let i = 0; i < MOST_SCHEDULED; i++) await store.scheduled.schedule(later(ana, `${i}`))
      await refused('too-many-scheduled', store.scheduled.schedule(later(ana, 'más')))
      const wanted = { person: ana.id, room: GENERAL, seq, note: '', at: FUTURE }
      await Promise.all(Array.from({ length: MOST_REMINDERS }, () => store.reminders.remind(wanted)))
      await refused('too-many-reminders', store.reminders.remind(wanted))
    })

    test('a reminder comes once; it shows its message as long as its person may read it', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const seq = await post(store, ana, 'la tarea')
      const wanted = { person: beto.id, room: GENERAL, seq, note: 'leer', at: PAST }
      await refused('no-such-message', store.reminders.remind({ ...wanted, seq: 99 as Seq }))
      const { id } = await store.reminders.remind(wanted)
      assert.deepEqual(await store.reminders.due(NOW, 10), [id])
      const rung = await Promise.all([1, 2].map(() => store.reminders.ring(id, NOW)))
      const [come] = rung.filter(each => each !== undefined)
      assert.equal(rung.filter(each => each).length, 1)
      assert.deepEqual(come, {
        person: beto.id,
        reminder: {
          ...{ id, room: GENERAL, seq, note: 'leer', at: PAST, rung: true },
          message: { author: { id: ana.id, username: 'ana' }, text: 'la tarea', format: 'plain' },
        },
      })
      assert.deepEqual([await store.reminders.next(), await store.reminders.rung(beto.id)], [undefined, 1])
      assert.equal((await store.reminders.move(beto.id, id, FUTURE)).rung, undefined)
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: seq }, NOW)
      assert.deepEqual(
        (await store.reminders.list(beto.id)).map(({ message, note }) => [message, note]),
        [[undefined, 'leer']],
      )
      await refused('no-such-reminder', store.reminders.forget(ana.id, id))
      await store.reminders.forget(beto.id, id)
      assert.deepEqual(await store.reminders.list(beto.id), [])
    })
  })
}
