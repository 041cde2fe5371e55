// SIGKILL in the life of a file: it is uploaded in two parts, sent, read and deleted, and goes on after the next start.

import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sendAdminRequest } from '../../src/cli/admin-socket.ts'
import { noise } from '../pictures/making.ts'
import { type Edit, impatient, points, quickHashes } from '../tools/edits.ts'
import { withoutFile } from '../tools/pair.ts'
import { patiently } from '../tools/patiently.ts'
import { random } from '../tools/random.ts'
import { type ServerProcess, startServer, temporaryFolder } from '../tools/server.ts'
import { Web } from '../tools/web-client.ts'

/** What lost its last reference must be gone after this. */
const SWEPT_MS = 10_000
const HOLD = join(import.meta.dirname, '../tools/hold.js')
/** What lost its last reference is looked for soon. */
const soonSwept: Edit = { file: 'core/files/file-sweeper.ts', set: { LOOK_MS: 100 } }

export type Kind = 'plain' | 'picture'

/** When to kill: held at a point for the n-th time, or so far into the time that all of it takes. */
export type When = { readonly point: string; readonly from: number } | { readonly part: number }

/** What its sender knows of a file. */
class FileLife {
  readonly kind: Kind
  readonly bytes: Buffer
  readonly #key = randomUUID()
  #path: string | undefined
  /** Bytes that the server has said to have. */
  #acknowledged = 0
  #seq: number | undefined
  #isDeleted = false
  #web: Web

  constructor(web: Web, kind: Kind, bytes: Buffer) {
    this.#web = web
    this.kind = kind
    this.bytes = bytes
  }

  /** After the next start. */
  set web(web: Web) {
    this.#web = web
  }

  /** Does what has not been done yet. */
  async live(): Promise<void> {
    this.#path ??= await this.#begin()
    if (this.#seq === undefined) {
      await this.#upload(this.#path)
      this.#seq = await this.#send(this.#path)
    }
    if (!this.#isDeleted) await this.#delete(this.#seq)
  }

  /** Everything that there may be of it is as its sender sent it. */
  async mustBeWhole(): Promise<void> {
    if (this.#path === undefined || this.#isDeleted) return
    const read = await fetch(`${this.#web.origin}/f/${this.#id}`, { headers: this.#headers() })
    if (read.status === 404) return // it is not finished, or it is deleted already
    assert.equal(read.status, 200)
    const bytes = Buffer.from(await read.arrayBuffer())
    if (this.kind === 'plain') assert.equal(sha256(bytes), sha256(this.bytes), 'other bytes than were sent')
    assert.equal(read.headers.get('etag'), `"${sha256(bytes)}"`)
  }

  get #id(): string {
    return this.#path?.split('/').at(-1) ?? ''
  }

  #headers(more: Readonly<Record<string, string>> = {}) {
    return { Authorization: `Bearer ${this.#web.token}`, 'Tus-Resumable': '1.0.0', ...more }
  }

  async #begin(): Promise<string> {
    const answer = await fetch(`${this.#web.origin}/api/v1/uploads`, {
      method: 'POST',
      headers: this.#headers({
        'Upload-Length': `${this.bytes.length}`,
        'Upload-Metadata': `filename ${Buffer.from('foto.jpg').toString('base64')}`,
      }),
    })
    assert.equal(answer.status, 201, await answer.text())
    return answer.headers.get('location') ?? assert.fail()
  }

  /** Asks how far it is, as a client does that was interrupted, and sends the rest. */
  async #upload(path: string): Promise<void> {
    const url = this.#web.origin + path
    for (let at = await this.#offset(url); at < this.bytes.length; at = this.#acknowledged) {
      const half = Math.ceil(this.bytes.length / 2)
      const end = at < half ? half : this.bytes.length
      const answer = await fetch(url, {
        method: 'PATCH',
        headers: this.#headers({
          'Content-Type': 'application/offset+octet-stream',
          'Upload-Offset': `${at}`,
        }),
        body: new Uint8Array(this.bytes.subarray(at, end)),
      })
      assert.equal(answer.status, 204, await answer.text())
      this.#acknowledged = Number(answer.headers.get('upload-offset'))
      assert.equal(this.#acknowledged, end)
    }
  }

  async #offset(url: string): Promise<number> {
    const answer = await fetch(url, { method: 'HEAD', headers: this.#headers() })
    // Its message was stored, and the answer to that was lost.
    if (answer.status === 404 && this.#acknowledged === this.bytes.length) return this.bytes.length
    assert.equal(answer.status, 200)
    const offset = Number(answer.headers.get('upload-offset'))
    assert.ok(offset >= this.#acknowledged, `${offset} of ${this.#acknowledged} acknowledged bytes are there`)
    return offset
  }

  async #send(path: string): Promise<number> {
    const post = { text: '', attachments: [{ upload: path.split('/').at(-1) }] }
    const again = { 'Idempotency-Key': this.#key }
    const { status, body } = await this.#web.ask('POST', '/rooms/1/messages', post, again)
    assert.ok(status < 300, JSON.stringify(body))
    return body.seq
  }

  async #delete(seq: number): Promise<void> {
    const { status, body } = await this.#web.ask('DELETE', `/rooms/1/messages/${seq}`)
    assert.ok(status === 200 || status === 404, JSON.stringify(body))
    this.#isDeleted = true
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** One chat whose server is killed again and again. */
export class Ordeal implements AsyncDisposable {
  readonly #data: string
  readonly #edits: readonly Edit[]
  readonly #bytes: Readonly<Record<Kind, Buffer>>
  readonly #lives: FileLife[] = []
  /** How long all of a file's life takes, in milliseconds. */
  readonly #takes = { plain: 300, picture: 1500 }
  #token: string | undefined

  private constructor(data: string, edits: readonly Edit[], bytes: Readonly<Record<Kind, Buffer>>) {
    this.#data = data
    this.#edits = edits
    this.#bytes = bytes
  }

  /** @param bugs put in on purpose */
  static async begin(bugs: readonly Edit[] = []): Promise<Ordeal> {
    const edits = [...quickHashes, impatient, soonSwept, ...bugs, ...(await points())]
    const picture = await noise(2000, 300).jpeg().toBuffer()
    return new Ordeal(await temporaryFolder(), edits, { plain: Buffer.alloc(700_000, 'loro'), picture })
  }

  /** Starts it, looks at what the last kill has left, and kills it again in the life of another file. */
  async kill(kind: Kind, when: When): Promise<void> {
    const [armed, note] = [join(this.#data, 'armed'), join(this.#data, 'held')]
    for (const each of [armed, note]) await rm(each, { force: true })
    const held = 'point' in when ? { HOLD_AT: when.point, HOLD_FROM: `${when.from}`, HOLD_NOTE: note } : {}
    await using server = await this.#start({ ...held, HOLD_ARMED: armed })
    await this.#look(server)
    const life = new FileLife(this.#webOf(server), kind, this.#bytes[kind])
    this.#lives.push(life)
    await writeFile(armed, '')
    const living = live(life)
    if ('point' in when)
      await patiently(
        () => existsSync(note),
        () => `never held at ${when.point}`,
      )
    else await Promise.race([sleep(when.part * this.#takes[kind]), living])
    await server.kill()
    await living
  }

  /** Starts it a last time. */
  async end(): Promise<void> {
    await using server = await this.#start({})
    await this.#look(server)
    await server.kill()
  }

  async #start(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
    const server = await startServer({
      edits: this.#edits,
      data: this.#data,
      args: ['--no-limits'],
      env: { ...env, NODE_OPTIONS: `--import ${HOLD}` },
    })
    this.#token ??= (await server.web.register('ana')).token
    return server
  }

  #webOf({ port }: ServerProcess): Web {
    return new Web(port, this.#token)
  }

  /** What was killed is whole, goes on, and leaves nothing. */
  async #look(server: ServerProcess): Promise<void> {
    const web = this.#webOf(server)
    let report = await this.#check()
    await patiently(
      async () => {
        report = await this.#check()
        return report.isWell
      },
      () => report.lines.join('\n'),
      undefined,
      SWEPT_MS,
    )
    for (const life of this.#lives.splice(0)) {
      life.web = web
      await life.mustBeWhole()
      const begun = performance.now()
      await life.live()
      this.#takes[life.kind] = performance.now() - begun + 50
    }
    // On PostgreSQL, the check alone sees what is stored.
    await patiently(
      async () => withoutFile !== false || (await this.#stored()).length === 0,
      () => 'bytes stay that nothing refers to',
    )
    report = await this.#check()
    assert.ok(report.isWell, report.lines.join('\n'))
    assert.equal(server.errors, '', 'nothing failed')
  }

  #check() {
    return sendAdminRequest(this.#data, { words: ['check', '--digests'], secret: '', language: 'en' })
  }

  async #stored(): Promise<readonly string[]> {
    const entries = await readdir(join(this.#data, 'files'), { recursive: true, withFileTypes: true })
    return entries.filter(each => each.isFile()).map(({ name }) => name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#data, { recursive: true, force: true })
  }
}

/** Until the server is killed. */
async function live(life: FileLife): Promise<void> {
  await life.live().catch(error => {
    if (error instanceof assert.AssertionError) throw error
  })
}

/** Where a server is killed, with the times that it comes there. */
export type Points = Readonly<Record<Kind, readonly (readonly [point: string, from: number])[]>>

/** Kills it at each of these points, while a plain file or a picture is uploaded, sent and deleted. */
export async function killAtPoints(t: TestContext, points: Points): Promise<void> {
  await using ordeal = await Ordeal.begin()
  for (const [kind, each] of Object.entries(points) as [Kind, Points[Kind]][])
    for (const [point, from] of each)
      await t.test(`${kind}: ${point}, ${from}`, () => ordeal.kill(kind, { point, from }))
  await t.test('at the end nothing is left', () => ordeal.end())
}

/** Kills it at so many moments by chance, while plain files and pictures are uploaded, sent and deleted. */
export async function killAtAnyMoment(t: TestContext, moments: number): Promise<void> {
  await using ordeal = await Ordeal.begin()
  for (let i = 0; i < moments; i++) {
    const [kind, part] = [random() < 0.5 ? 'plain' : 'picture', random()] as const
    await t.test(`${kind}, after ${(100 * part).toFixed(1)} % of its time`, () => ordeal.kill(kind, { part }))
  }
  await t.test('at the end nothing is left', () => ordeal.end())
}
