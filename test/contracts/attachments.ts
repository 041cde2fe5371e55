// The contract of the Store port: files, from uploads to the deletion of their bytes.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type AttachedUpload,
  type FileId,
  GENERAL,
  type Instant,
  type Profile,
  type Seq,
} from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import type { StoredFile, Upload } from '../../src/core/ports/files.ts'
import type { Draft } from '../../src/core/ports/log.ts'
import type { Store } from '../../src/core/ports/store.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { NOW, type Opened, register } from './store.ts'

const SPACE = { person: 1000, server: 5000 }
const DAY = 86_400_000

function idOf(name: string): FileId {
  return name.padEnd(22, '-') as FileId
}

function upload({ id: person }: Profile, name: string, size = 100): Upload {
  return { id: idOf(name), person, name: `${name}.png`, size, at: NOW }
}

function file(name: string, more: Partial<StoredFile> = {}): StoredFile {
  return { key: idOf(name), sha256: name.padEnd(64, '0'), size: 90, type: 'image/png', variants: [], ...more }
}

/** Uploads a file whose content is `content`. */
async function finished(store: Store, person: Profile, name: string, content = name): Promise<FileId> {
  await store.files.begin(upload(person, name), SPACE)
  await store.files.finish(idOf(name), { ...file(content), key: idOf(name) })
  return idOf(name)
}

function draft(
  { id: author }: Profile,
  uploads: readonly AttachedUpload[],
  { space = 10_000, ...more }: Partial<Draft> & { space?: number } = {},
): Draft {
  return { room: GENERAL, author, texts: [''], seen: 0 as Seq, attach: { uploads, space }, ...more }
}

async function refused(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, error => error instanceof Refusal && error.code === code)
}

async function messages(store: Store, { id }: Profile) {
  return store.pages.page(id, GENERAL, { side: 'before', seq: 1000 as Seq, limit: 50 })
}

export function attachmentsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`the store contract for files, on ${driver}`, () => {
    test('an upload becomes an attachment, which everybody in the room can open', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await store.files.begin(upload(ana, 'foto'), SPACE)
      assert.deepEqual({ ...(await store.files.upload(ana.id, idOf('foto'))) }, upload(ana, 'foto'))
      await refused('no-such-upload', store.files.upload(beto.id, idOf('foto')))
      const shape = { width: 40, height: 30, placeholder: 'abc', animated: true } as const
      const picture = { ...shape, variants: ['clean', 'thumb'] } as const
      await store.files.finish(idOf('foto'), file('foto', picture))
      await refused('no-such-file', store.files.open(beto.id, idOf('foto')))
      assert.equal(
        (await store.files.open(ana.id, idOf('foto'))).room,
        undefined,
        'their own, before it is sent',
      )
      const wanted = { upload: idOf('foto'), name: 'otra.png', alt: 'un loro', duration: 5, waveform: 'AA==' }
      const [receipt] = await store.log.append([draft(ana, [wanted], { texts: ['mira'] })], NOW)
      const attachment = {
        ...{ id: idOf('foto'), name: 'otra.png', type: 'image/png', size: 90, sha256: file('foto').sha256 },
        ...{ alt: 'un loro', ...shape, duration: 5, waveform: 'AA==' },
      }
      assert.deepEqual(receipt, { seq: 1, at: NOW, attachments: [attachment] })
      const [message] = await messages(store, beto)
      assert.deepEqual([message?.text, message?.attachments], ['mira', [attachment]])
      assert.deepEqual((await store.log.read(GENERAL, 0 as Seq, 1 as Seq, 10))[0], message)
      const { name, file: stored, room } = await store.files.open(beto.id, idOf('foto'))
      assert.deepEqual([name, room, { ...stored }], ['otra.png', GENERAL, file('foto', picture)])
      await refused('no-such-upload', store.files.upload(ana.id, idOf('foto')))
      await refused('no-such-upload', store.files.cancel(ana.id, idOf('foto')))
    })

    test('whoever is not in the room, or is disabled, opens nothing', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const { id: room } = (await store.rooms.direct([ana.id, beto.id], NOW)).room
      const caro = await register(store, 'caro')
      await store.log.append([draft(ana, [{ upload: await finished(store, ana, 'foto') }], { room })], NOW)
      assert.equal((await store.files.open(beto.id, idOf('foto'))).room, room)
      await refused('no-such-file', store.files.open(caro.id, idOf('foto')))
      await store.people.disable(undefined, 'beto', true, NOW)
      await refused('no-such-file', store.files.open(beto.id, idOf('foto')))
    })

    test('equal contents are stored once, until the last message that has them is deleted', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const [one, two] = [await finished(store, ana, 'uno', 'x'), await finished(store, ana, 'dos', 'x')]
      assert.equal((await store.files.upload(ana.id, two)).file?.key, one)
      const superseded = await store.files.pendingDeletions(10)
      assert.deepEqual(superseded, [two, `${two}.clean`, `${two}.screen`, `${two}.thumb`])
      await store.files.confirmDeleted(superseded)
      for (const each of [one, two]) await store.log.append([draft(ana, [{ upload: each }])], NOW)
      const erase = (target: number) =>
        store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: target as Seq }, NOW)
      await erase(1)
      assert.deepEqual(await store.files.pendingDeletions(10), [])
      await refused('no-such-file', store.files.open(ana.id, one))
      assert.equal((await store.files.open(ana.id, two)).file.key, one)
      await erase(2)
      assert.deepEqual(await store.files.pendingDeletions(10), [
        one,
        `${one}.clean`,
        `${one}.screen`,
        `${one}.thumb`,
      ])
      assert.equal(await store.files.usage(ana.id), 0)
      assert.deepEqual(
        (await store.log.read(GENERAL, 0 as Seq, 2 as Seq, 10)).map(event => 'attachments' in event),
        [false, false],
      )
      await finished(store, ana, 'tres', 'x')
      assert.equal((await store.files.upload(ana.id, idOf('tres'))).file?.key, idOf('tres'))
    })

    test('what is sent again takes the place of a file whose bytes are lost, for everything that refers to it', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const picture = { placeholder: 'abc' }
      for (const name of ['uno', 'cartel', 'cara', 'cine']) {
        await store.files.begin(upload(ana, name), SPACE)
        const content = name === 'cine' ? file(name) : { ...file('x', picture), key: idOf(name) }
        await store.files.finish(idOf(name), content)
      }
      await store.files.setAvatar(
        ana.id,
        { person: ana.id },
        { upload: idOf('cara'), id: idOf('a') as never },
      )
      await store.log.append([draft(ana, [{ upload: idOf('cine'), poster: idOf('cartel') }])], NOW)
      const lost = idOf('uno')
      assert.equal((await store.files.withContent(file('x').sha256))?.key, lost)
      assert.equal(await store.files.withContent(file('y').sha256), undefined)
      await store.files.confirmDeleted(await store.files.pendingDeletions(100))

      const again = { ...file('x', { ...picture, variants: ['clean'] }), key: idOf('dos') }
      await refused('no-such-upload', store.files.replace(lost, idOf('dos'), again))
      await store.files.begin(upload(ana, 'dos'), SPACE)
      assert.deepEqual({ ...(await store.files.replace(lost, idOf('dos'), again)) }, again)
      for (const name of ['uno', 'dos'])
        assert.deepEqual((await store.files.upload(ana.id, idOf(name))).file, again, name)
      assert.deepEqual(await store.files.openAvatar(idOf('a') as never), again)
      assert.deepEqual((await store.files.open(ana.id, idOf('cine'))).poster, again)
      assert.deepEqual(
        (await store.files.pendingDeletions(100)).toSorted(),
        [idOf('dos'), lost, `${lost}.clean`, `${lost}.screen`, `${lost}.thumb`].toSorted(),
      )
      await store.files.begin(upload(ana, 'tres'), SPACE)
      const late = await store.files.replace(lost, idOf('tres'), { ...again, key: idOf('tres') })
      assert.equal(late.key, idOf('dos'), 'somebody else was first')
    })

    test('what was sent is to be deleted where something else was made of it', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.files.begin(upload(ana, 'foto'), SPACE)
      await store.files.finish(idOf('foto'), file('foto', { variants: ['clean', 'thumb'] }))
      assert.deepEqual(await store.files.pendingDeletions(10), [idOf('foto')])
      const keys = ['foto', 'otro'].flatMap(name => [
        idOf(name),
        `${idOf(name)}.clean`,
        `${idOf(name)}.screen`,
      ])
      const orphans = [`${idOf('foto')}.screen`, ...keys.slice(3)]
      assert.deepEqual(await store.fileUpkeep.orphans(keys), orphans, 'what will be deleted anyway is none')
      await store.files.begin(upload(ana, 'otro'), SPACE)
      assert.deepEqual(await store.fileUpkeep.orphans(keys), orphans.slice(0, 1))
      await store.fileUpkeep.discard(keys)
      assert.deepEqual(await store.files.pendingDeletions(10), [idOf('foto'), `${idOf('foto')}.screen`])
    })

    test('an upload that is finished again stays as it is, until a message has it', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      await store.files.begin(upload(ana, 'foto'), SPACE)
      const first = await store.files.finish(idOf('foto'), file('foto', { variants: ['clean'] }))
      await store.files.confirmDeleted(await store.files.pendingDeletions(10))
      for (const again of [
        file('foto', { variants: ['clean'] }),
        file('foto', { sha256: 'f'.repeat(64), size: 7 }),
      ])
        assert.deepEqual({ ...(await store.files.finish(idOf('foto'), again)) }, { ...first })
      assert.deepEqual((await store.files.upload(ana.id, idOf('foto'))).file, first)
      assert.equal(await store.files.usage(ana.id), first.size)
      assert.deepEqual(await store.files.pendingDeletions(10), [idOf('foto')], 'what was sent again')
      await store.log.append([draft(ana, [{ upload: idOf('foto') }])], NOW)
      await refused('no-such-upload', store.files.finish(idOf('foto'), file('foto')))

      const two = await finished(store, ana, 'dos', 'x')
      const three = await finished(store, ana, 'tres', 'x')
      await store.files.confirmDeleted(await store.files.pendingDeletions(10))
      assert.equal((await store.files.finish(three, { ...file('x'), key: three })).key, two)
      assert.ok((await store.files.pendingDeletions(10)).includes(`${three}.clean`))
      await store.files.cancel(ana.id, three)
      await refused('no-such-upload', store.files.finish(three, file('tres')))
    })

    test('messages are listed with their files, and files that another program took a row from', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const ids = ['uno', 'dos', 'tres', 'cara']
      for (const id of ids) await finished(store, ana, id)
      await store.files.begin(upload(ana, 'cine'), SPACE)
      await store.files.finish(idOf('cine'), file('cine', { type: 'video/mp4' }))
      await store.files.begin(upload(ana, 'poster'), SPACE)
      await store.files.finish(idOf('poster'), file('poster', { placeholder: 'abc' }))
      const post = (...attachments: AttachedUpload[]) => store.log.append([draft(ana, attachments)], NOW)
      await post({ upload: idOf('uno') }, { upload: idOf('dos') })
      await post({ upload: idOf('cine'), poster: idOf('poster') })
      await post({ upload: idOf('tres') })
      await post({ upload: idOf('cara') })
      const filed = async (after: number, limit: number) =>
        (await store.fileUpkeep.filed(after, limit)).map(({ seq, files, lacksRows }) => [
          seq,
          files.map(({ key }) => key.replace(/-+$/, '')).toSorted(),
          lacksRows,
        ])
      const [first] = await store.fileUpkeep.filed(0, 1)
      const all = [
        [1, ['dos', 'uno'], false],
        [2, ['cine', 'poster'], false],
        [3, ['tres'], false],
        [4, ['cara'], false],
      ]
      assert.deepEqual(await filed(0, 10), all)
      assert.deepEqual(await filed(first?.number ?? 0, 2), all.slice(1, 3))
      assert.deepEqual(await store.fileUpkeep.lost(0, 10), { lost: [], next: undefined })
      assert.deepEqual(await store.fileUpkeep.unreferenced('', 10), [])

      await opened.outside('DELETE FROM messages WHERE seq = 1')
      await opened.outside('UPDATE messages SET deleted_at = 1 WHERE seq = 3')
      await opened.outside(`DELETE FROM attachments WHERE id = '${idOf('cara')}'`)
      assert.deepEqual(await filed(0, 10), [all[1], [4, [], true]])
      const { lost, next } = await store.fileUpkeep.lost(0, 2)
      assert.deepEqual(
        lost.map(({ id }) => id),
        [idOf('uno'), idOf('dos')],
      )
      const rest = await store.fileUpkeep.lost(next ?? assert.fail(), 2)
      assert.deepEqual(
        rest.lost.map(({ id }) => id),
        [idOf('tres')],
      )
      assert.deepEqual(await store.fileUpkeep.unreferenced('', 10), [idOf('cara')])
      const messages = [...lost, ...rest.lost].map(({ message }) => message)
      await store.fileUpkeep.detachLost([...messages, (await store.fileUpkeep.filed(0, 1))[0]?.number ?? 0])
      await store.fileUpkeep.discard([idOf('cara'), `${idOf('cine')}`])
      assert.deepEqual((await store.fileUpkeep.lost(0, 10)).lost, [])
      const pending = await store.files.pendingDeletions(100)
      assert.deepEqual(
        pending.filter(key => !key.includes('.')),
        ['cara', 'dos', 'tres', 'uno'].map(idOf),
      )
      assert.equal((await store.files.open(ana.id, idOf('cine'))).name, 'cine.png')
    })

    test('a draft with an upload that cannot be attached is refused alone', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const foto = await finished(store, ana, 'foto')
      await store.files.begin(upload(ana, 'media'), SPACE)
      const receipts = await store.log.append(
        [
          draft(beto, [{ upload: foto }]),
          draft(ana, [{ upload: idOf('media') }]),
          draft(ana, [{ upload: foto }, { upload: foto }]),
          draft(ana, [{ upload: foto }], { space: 89 }),
          draft(ana, [{ upload: foto, poster: await finished(store, ana, 'texto') }]),
          { room: GENERAL, author: ana.id, texts: ['uno', 'dos'], seen: 0 as Seq },
          draft(ana, [{ upload: foto }], { space: 90 }),
          draft(ana, [{ upload: foto }]),
        ],
        NOW,
      )
      assert.deepEqual(
        receipts.map(each => ('refused' in each ? each.refused : each.seq)),
        [
          ...['no-such-upload', 'unfinished-upload', 'no-such-upload', 'room-files-full', 'bad-picture'],
          ...[1, 3, 'no-such-upload'],
        ],
      )
      assert.deepEqual(
        (await messages(store, ana)).map(each => each.attachments?.length ?? each.text),
        ['uno', 'dos', 1],
      )
    })

    test('a poster stands for a video, and is no attachment of its own', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const video = await finished(store, ana, 'video')
      await store.files.begin(upload(ana, 'cartel'), SPACE)
      await store.files.finish(idOf('cartel'), file('cartel', { width: 4, height: 3, placeholder: 'x' }))
      await store.log.append([draft(ana, [{ upload: video, poster: idOf('cartel') }])], NOW)
      const [message] = await messages(store, ana)
      assert.deepEqual(
        message?.attachments?.map(({ id, width, height }) => [id, width, height]),
        [[video, 4, 3]],
      )
      assert.equal((await store.files.open(ana.id, video)).poster?.key, idOf('cartel'))
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: 1 as Seq }, NOW)
      const gone = await store.files.pendingDeletions(10)
      assert.ok(gone.includes(video) && gone.includes(idOf('cartel')))
    })

    test('a poster takes space of its person and of the room, as long as its message is there', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const attach = async (video: string, poster: string, space: number) => {
        const sent = await finished(store, ana, video)
        await store.files.begin(upload(ana, poster), SPACE)
        await store.files.finish(idOf(poster), file(poster, { placeholder: 'x', size: 70 }))
        const drafts = [draft(ana, [{ upload: sent, poster: idOf(poster) }], { space })]
        const [receipt] = await store.log.append(drafts, NOW)
        return receipt && 'refused' in receipt ? receipt.refused : 'attached'
      }
      assert.equal(await attach('uno', 'cartel', 160), 'attached')
      assert.equal(await store.files.usage(ana.id), 160)
      assert.equal(await attach('dos', 'segundo', 319), 'room-files-full')
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: 1 as Seq }, NOW)
      for (const each of ['dos', 'segundo']) await store.files.cancel(ana.id, idOf(each))
      assert.equal(await store.files.usage(ana.id), 0)
    })

    test('a size that another program has written locks nobody out', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const [one, two] = [await finished(store, ana, 'uno'), await finished(store, ana, 'dos')]
      await store.log.append([draft(ana, [{ upload: one }])], NOW)
      for (const size of ['9223372036854775807', '9000000000000000000', '-9223372036854775808']) {
        await opened.outside(`UPDATE files SET size = ${size} WHERE key = '${one}'`)
        await opened.outside(`UPDATE attachments SET size = ${size} WHERE id IN ('${one}', '${two}')`)
        assert.equal(await store.files.usage(ana.id), 0)
        const surveyed = await store.upkeep.survey(undefined)
        assert.deepEqual(
          surveyed?.odd
            .filter(({ column }) => column === 'size')
            .map(({ table, row }) => `${table} ${row}`)
            .toSorted(),
          [`attachments ${one}`, `attachments ${two}`, `files ${one}`].toSorted(),
        )
        await store.files.begin(upload(ana, 'tres'), SPACE)
        await store.files.cancel(ana.id, idOf('tres'))
        const three = await finished(store, ana, 'cuatro')
        const [receipt] = await store.log.append([draft(ana, [{ upload: three }], { space: 500 })], NOW)
        assert.ok(receipt && !('refused' in receipt), size)
        await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: receipt.seq }, NOW)
      }
    })

    test('a repeated key gives the first receipt; other attachments under it are refused', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const [one, two] = [await finished(store, ana, 'uno'), await finished(store, ana, 'dos')]
      const keyed = (upload: FileId) => draft(ana, [{ upload }], { key: 'k' })
      const receipts = await store.log.append([keyed(one), keyed(one), keyed(two)], NOW)
      assert.deepEqual(
        receipts.map(each => ('refused' in each ? each.refused : [each.seq, each.repeated ?? false])),
        [[1, false], [1, true], 'key-reused'],
      )
      const bare = { room: GENERAL, author: ana.id, texts: ['hola'], seen: 0 as Seq, key: 'k' }
      assert.deepEqual(await store.log.append([bare], NOW), [{ refused: 'key-reused' }])
    })

    test('space runs out for a person and for all; uploads count from their beginning', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      await store.files.begin(upload(ana, 'uno', 600), SPACE)
      await refused('own-files-full', store.files.begin(upload(ana, 'dos', 500), SPACE))
      await refused('files-full', store.files.begin(upload(beto, 'tres', 500), { ...SPACE, server: 1000 }))
      await store.files.begin(upload(beto, 'tres', 400), { ...SPACE, server: 1000 })
      await store.files.cancel(ana.id, idOf('uno'))
      await store.files.begin(upload(ana, 'dos', 500), SPACE)
      assert.deepEqual([await store.files.usage(ana.id), await store.files.usage(beto.id)], [500, 400])
    })

    test('too many uploads that nobody sends are refused, and deleted in time', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      for (let i = 0; i < 100; i++) await store.files.begin(upload(ana, `u${i}`, 1), SPACE)
      await refused('too-many-uploads', store.files.begin(upload(ana, 'more', 1), SPACE))
      assert.equal(await store.files.expire(NOW, 10), 0)
      // Where the store's time is the database's, that is later.
      const tomorrow = (Date.now() + DAY) as Instant
      assert.equal(await store.files.expire(tomorrow, 60), 60)
      assert.equal(await store.files.expire(tomorrow, 60), 40)
      assert.equal((await store.files.pendingDeletions(1000)).length, 400)
    })

    test('a search finds names, alternative texts and kinds, before and after they are indexed', async () => {
      await using opened = await open()
      const { store } = opened
      const ana = await register(store, 'ana')
      const types = { loro: 'image/png', tarea: 'application/pdf' }
      for (const [name, type] of Object.entries(types)) {
        await store.files.begin(upload(ana, name), SPACE)
        await store.files.finish(idOf(name), file(name, { type }))
      }
      const pictured = { upload: idOf('loro'), alt: 'un ave verde' }
      await store.log.append(
        [
          draft(ana, [pictured], { texts: ['mira'] }),
          draft(ana, [{ upload: idOf('tarea'), name: 'Física 2.pdf' }]),
          { room: GENERAL, author: ana.id, texts: ['mira, sin nada'], seen: 0 as Seq },
        ],
        NOW,
      )
      const seqs = async (typed: string) => {
        const { found } = await store.search.find(ana.id, parseQuery(typed, 'UTC'), 0, 10)
        return found.map(({ message }) => message.seq)
      }
      const all = async () => ({
        name: await seqs('fisica'),
        alt: await seqs('ave'),
        text: await seqs('mira'),
        files: await seqs('tiene:archivo'),
        pictures: await seqs('has:picture mira'),
        excluded: await seqs('mira -verde'),
      })
      const expected = { name: [2], alt: [1], text: [3, 1], files: [2, 1], pictures: [1], excluded: [3] }
      assert.deepEqual(await all(), expected)
      await store.search.index(0 as typeof GENERAL, 100)
      assert.deepEqual(await all(), expected)
      const edit = (target: number, text: string) =>
        store.rooms.change(ana.id, GENERAL, { kind: 'edit', target: target as Seq, text }, NOW)
      await edit(1, '')
      await refused('empty-text', edit(3, ''))
      assert.deepEqual(await all(), { ...expected, text: [3], pictures: [] })
      await store.rooms.change(ana.id, GENERAL, { kind: 'deletion', target: 1 as Seq }, NOW)
      assert.deepEqual(await all(), { ...expected, alt: [], text: [3], files: [2], pictures: [] })
    })

    test('the files of a room by kind, the latest first', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const types = { foto: 'image/png', video: 'video/mp4', tarea: 'application/pdf', voz: 'video/webm' }
      for (const [name, type] of Object.entries(types)) {
        await store.files.begin(upload(ana, name), SPACE)
        await store.files.finish(idOf(name), file(name, { type }))
        const heard = name === 'voz' ? { waveform: 'AA==' } : {} // a browser's recording is a film without pictures
        await store.log.append([draft(ana, [{ upload: idOf(name), ...heard }])], NOW)
      }
      await store.log.append([{ room: GENERAL, author: ana.id, texts: ['nada'], seen: 0 as Seq }], NOW)
      const seqs = async (kind: 'visual' | 'other' | 'any', before?: number, limit = 10) =>
        (
          await store.pages.withFiles(beto.id, GENERAL, { kind, before: before as Seq | undefined, limit })
        ).map(({ seq }) => seq)
      assert.deepEqual(await seqs('any'), [4, 3, 2, 1])
      assert.deepEqual(await seqs('any', 3, 1), [2])
      assert.deepEqual(await seqs('visual'), [2, 1])
      assert.deepEqual(await seqs('other'), [4, 3])
      await refused(
        'not-a-member',
        store.pages.withFiles(beto.id, 99 as typeof GENERAL, { kind: 'any', before: 9 as Seq, limit: 9 }),
      )
    })
  })
}
