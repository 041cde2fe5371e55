// What the web app is about to send: files and texts in order, over reloads and refusals.

import assert from 'node:assert/strict'
import { openAsBlob } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { HttpApi } from '../../src/clients/client/http-api.ts'
import { Refused } from '../../src/clients/client/refused.ts'
import { cancelUpload, upload } from '../../src/clients/client/upload.ts'
import type { FileStore } from '../../src/clients/web/model/file-store.ts'
import { Outbox } from '../../src/clients/web/model/outbox.ts'
import { OutgoingFiles } from '../../src/clients/web/model/outgoing-files.ts'
import type { AttachedUpload } from '../../src/wire/attachment-schemas.ts'
import { patiently } from '../tools/patiently.ts'
import { TusServer } from './tus-server.ts'

globalThis.addEventListener ??= () => {}

/** The files that a browser keeps, over all pages of a test. */
class Kept implements FileStore {
  readonly files = new Map<string, Blob>()
  put = async (id: string, file: Blob) => void this.files.set(id, file)
  get = async (id: string) => this.files.get(id)
  delete = async (id: string) => void this.files.delete(id)
  ids = async () => [...this.files.keys()]
}

interface Post {
  readonly room: number
  readonly text: string
  readonly attachments?: readonly AttachedUpload[]
}

/** A page of the app, as far as it sends. `posts` is what the server has stored, in order. */
class Page {
  static #people = 0
  static readonly #open: Page[] = []
  readonly posts: Post[] = []
  /** Codes with which the next posts are refused. */
  refusals: string[] = []
  readonly files: OutgoingFiles
  readonly outbox: Outbox
  readonly person: number

  constructor(server: TusServer, store: FileStore, person = ++Page.#people) {
    const http = new HttpApi({ server: server.origin })
    this.files = new OutgoingFiles({
      client: {
        upload: (file, options) => upload(http, file, options),
        cancelUpload: id => cancelUpload(http, id),
      },
      store,
      probeMedia: async () => ({}),
      settled: () => this.outbox.sendAll(),
    })
    const client = {
      state: { is: 'open' },
      post: (...post: unknown[]) => this.#post(...(post as [number, string, Post])),
    }
    this.outbox = new Outbox(client as unknown as ConstructorParameters<typeof Outbox>[0], {
      files: this.files,
      changed: () => {},
      lastSeq: () => Number.POSITIVE_INFINITY,
    })
    this.person = person
    this.outbox.open(person)
    Page.#open.push(this)
  }

  /** A page that stays open would try for ever to reach a server that is gone. */
  static closeAll(): void {
    for (const page of Page.#open.splice(0)) page.files.close()
  }

  async #post(room: number, text: string, { attachments }: Post) {
    const code = this.refusals.shift()
    if (code !== undefined) throw new Refused(code)
    this.posts.push({ room, text, ...(attachments && { attachments }) })
    return { room, seq: this.posts.length, at: 0 }
  }

  attach(draft: string, ...names: string[]): void {
    this.files.add(
      draft,
      names.map(name => ({ file: new Blob([`the content of ${name}`]), name })),
    )
  }

  async sent(...wanted: string[]): Promise<void> {
    await patiently(
      () => this.posts.length >= wanted.length,
      () => `posted: ${JSON.stringify(this.posts)}`,
    )
    assert.deepEqual(
      this.posts.map(({ text, attachments = [] }) =>
        [text, ...attachments.map(({ upload }) => upload)].join(' '),
      ),
      wanted,
    )
  }
}

afterEach(() => Page.closeAll())

test('a post waits for its files, and what is written after it in that room waits for the post', async () => {
  await using server = await TusServer.open()
  const kept = new Kept()
  const page = new Page(server, kept)
  const gate = Promise.withResolvers<void>()
  server.gate = gate.promise
  page.attach('1', 'a', 'b')
  page.files.move(page.files.ofDraft('1')[1]?.id ?? '', -1)
  page.outbox.post(1, 'con fotos', { files: page.files.take('1') })
  page.outbox.post(1, 'después')
  page.outbox.post(2, 'en otra sala')
  await page.sent('en otra sala')
  assert.deepEqual(page.files.ofDraft('1'), [])
  gate.resolve()
  await page.sent('en otra sala', 'con fotos u2 u1', 'después')
  await patiently(
    () => kept.files.size === 0,
    () => 'a sent file is kept',
  )
})

test('a page that is opened again goes on with the same upload', async () => {
  await using server = await TusServer.open()
  const kept = new Kept()
  const before = new Page(server, kept)
  server.gate = new Promise(() => {})
  before.attach('1', 'a')
  before.outbox.post(1, 'con foto', { files: before.files.take('1') })
  before.outbox.post(1, 'después')
  await patiently(
    () => server.requests.some(each => each.startsWith('PATCH')),
    () => 'no upload begins',
  )
  before.files.close()
  server.gate = Promise.resolve()
  const after = new Page(server, kept, before.person)
  await after.sent('con foto u1', 'después')
  assert.equal(server.uploads.size, 1)
})

test('a file that is refused holds its own post back alone, which goes without it', async () => {
  await using server = await TusServer.open()
  const page = new Page(server, new Kept())
  server.refusal = { status: 422, code: 'bad-picture' }
  page.attach('1', 'a')
  page.outbox.post(1, 'con foto', { files: page.files.take('1') })
  page.outbox.post(1, 'después')
  await page.sent('después')
  const [post] = page.outbox.posts
  assert.equal(post?.refused, 'files')
  const [file = ''] = post?.files ?? []
  assert.equal(page.files.get(file)?.failed, 'bad-picture')
  page.outbox.discardFile(post?.key ?? '', file)
  await page.sent('después', 'con foto')
})

test('uploads that the server has forgotten are sent once more', async () => {
  await using server = await TusServer.open()
  const page = new Page(server, new Kept())
  page.refusals = ['no-such-upload']
  page.attach('1', 'a')
  page.outbox.post(1, 'con foto', { files: page.files.take('1') })
  await page.sent('con foto u2')
})

test('what is cancelled leaves nothing here or on the server', async () => {
  await using server = await TusServer.open()
  const kept = new Kept()
  const page = new Page(server, kept)
  page.attach('1', 'a', 'b')
  await patiently(
    () => page.files.ofDraft('1').every(({ isReady }) => isReady === true),
    () => 'the files are not uploaded',
  )
  page.files.remove(page.files.ofDraft('1').map(({ id }) => id))
  await patiently(
    () => server.uploads.size === 0 && kept.files.size === 0,
    () => `${server.uploads.size} uploads and ${kept.files.size} files are left`,
  )
})

test('a message holds ten files', async () => {
  await using server = await TusServer.open()
  const page = new Page(server, new Kept())
  const chosen = Array.from({ length: 12 }, (_, i) => ({ file: new Blob(['x']), name: `${i}` }))
  assert.equal(page.files.add('1', chosen), 2)
  assert.equal(page.files.ofDraft('1').length, 10)
})

for (const [what, happens] of [
  ['changed', (path: string) => writeFile(path, 'something longer')],
  ['removed', (path: string) => rm(path)],
] as const) {
  test(`a file that is ${what} after it was chosen is gone, and not tried again`, async () => {
    await using server = await TusServer.open()
    const path = join(tmpdir(), `tertulia-${process.pid}-${what}`)
    await writeFile(path, 'something')
    const page = new Page(server, new Kept())
    const file = await openAsBlob(path)
    await happens(path)
    page.files.add('1', [{ file, name: 'apuntes.txt' }])
    await patiently(
      () => page.files.ofDraft('1')[0]?.failed === 'gone',
      () => JSON.stringify([page.files.ofDraft('1'), server.requests]),
    )
    await rm(path, { force: true })
  })
}
