// Reads multipart/form-data (RFC 7578): files under any names, and a few fields.

import type { IncomingMessage } from 'node:http'
import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy'
import type { Chat } from '../../../core/chat.ts'
import type { UploadState } from '../../../core/files/files.ts'
import type { Person } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import { MOST_ATTACHMENTS } from '../../../core/model/rules.ts'
import { Problem } from '../operations/problems.ts'
import { chunksOf } from './bodies.ts'
import { NAMELESS } from './requests.ts'

/** Bounds on the fields besides the files. */
const [MOST_FIELDS, LONGEST_FIELD] = [8, 32 << 10]
/** Bound on files and fields together. */
const MOST_PARTS = 32

/** What was in a form. */
interface Form {
  readonly uploads: readonly UploadState[]
  readonly fields: Readonly<Record<string, string>>
}

/** A file of a form: its name, and the upload of the file before it. */
interface InForm {
  readonly name: string
  readonly before: Promise<unknown> | undefined
}

interface FormReaderDeps {
  readonly chat: Chat
  /** Who gets the files as uploads of theirs. */
  readonly person: Person
  /** Bytes of the form, if the body says how many it has. */
  readonly size: number | undefined
}

/** Reads one form. */
export class FormReader {
  readonly #deps: FormReaderDeps
  readonly #parser: InstanceType<typeof Busboy>
  readonly #fields = new Map<string, string>()
  readonly #uploads: Promise<UploadState>[] = []
  /** The contents of the files, which the parser alone would never end when it is given up. */
  readonly #contents: BusboyFileStream[] = []
  /** Bytes that the parser is done with. */
  #parsed = 0
  /** The first thing that was wrong. */
  #failure: { readonly error: unknown } | undefined
  #wake = () => {}

  /** Throws 'bad-request' for headers without a boundary. */
  constructor(headers: IncomingMessage['headers'], deps: FormReaderDeps) {
    this.#deps = deps
    this.#parser = parserFor(headers as BusboyHeaders)
    this.#listen()
  }

  #listen(): void {
    const fail = (error: unknown) => this.#fail(error)
    this.#parser
      .on('drain', () => this.#wake())
      .on('finish', () => this.#wake())
      .on('error', () => fail(broken()))
      .on('field', (name, value, _, isCut) => this.#takeField(name, { value, isCut }))
      .on('file', (_, file, name) => this.#takeFile(file, name))
      .on('partsLimit', () => fail(tooManyParts()))
      .on('fieldsLimit', () => fail(tooManyParts()))
      .on('filesLimit', () => fail(new Refusal('too-many-files')))
  }

  /**
   * Throws 'bad-request' for a broken form, one without a file, or one whose sender hangs up, and as `chunksOf` and
   * `receive` do. Then nothing is kept of it.
   */
  async read(body: IncomingMessage): Promise<Form> {
    try {
      await this.#parse(body)
      const uploads = await Promise.all(this.#uploads)
      if (uploads.length === 0) throw new Problem('bad-request', { detail: 'multipart/form-data: a file' })
      return { uploads, fields: Object.fromEntries(this.#fields) }
    } catch (error) {
      this.#fail(error)
      this.#parser.destroy()
      for (const content of this.#contents) content.destroy()
      await this.#drop()
      throw error
    }
  }

  async #parse(body: IncomingMessage): Promise<void> {
    const { socket } = body
    const hungUp = () => this.#fail(broken())
    socket.once('close', hungUp)
    try {
      for await (const chunk of chunksOf(body)) {
        const parsed = () => {
          this.#parsed += chunk.length
        }
        if (!this.#failure && !this.#parser.write(chunk, parsed)) await this.#woken()
        this.#mustGoOn()
      }
      this.#parser.end()
      while (!this.#parser.writableFinished && !this.#failure) await this.#woken()
      this.#mustGoOn()
    } finally {
      socket.off('close', hungUp)
    }
  }

  #takeField(name: string, { value, isCut }: { value: string; isCut: boolean }): void {
    if (isCut) this.#fail(new Refusal('long-text'))
    this.#fields.set(name, value)
  }

  #takeFile(file: BusboyFileStream, name: string | undefined): void {
    file.on('error', () => {}) // it may end early before it is read, which is then told
    if (this.#failure) return void file.resume()
    this.#contents.push(file)
    const upload = this.#receive(file, { name: name || NAMELESS, before: this.#uploads.at(-1) })
    upload.catch(error => {
      this.#fail(error)
      file.resume()
    })
    this.#uploads.push(upload)
  }

  /** Once the file before it has come, which until then takes the space of the rest of the form. */
  async #receive(file: BusboyFileStream, { name, before }: InForm): Promise<UploadState> {
    const { chat, person, size } = this.#deps
    const most = size && size - this.#parsed
    await before
    this.#mustGoOn()
    return chat.files.receive(person, { name, most }, contentOf(file))
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#wake()
  }

  #mustGoOn(): void {
    if (this.#failure) throw this.#failure.error
  }

  /** Until the parser goes on, or something fails, after which it may not. */
  #woken(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
      if (this.#failure) resolve()
    })
  }

  async #drop(): Promise<void> {
    const { chat, person } = this.#deps
    for (const each of await Promise.allSettled(this.#uploads))
      if (each.status === 'fulfilled') await chat.files.cancel(person, each.value.id).catch(() => {})
  }
}

function parserFor(headers: BusboyHeaders): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers,
      limits: {
        files: MOST_ATTACHMENTS,
        fields: MOST_FIELDS,
        fieldSize: LONGEST_FIELD,
        parts: MOST_PARTS,
      },
    })
  } catch {
    throw new Problem('bad-request', { detail: 'multipart/form-data without a boundary' })
  }
}

/** The bytes of a part. Throws 'bad-request' where the form ends, or is given up, within it. */
async function* contentOf(file: BusboyFileStream): AsyncGenerator<Uint8Array> {
  try {
    yield* file
  } catch {
    throw broken()
  }
}

function broken(): Problem {
  return new Problem('bad-request', { detail: 'multipart/form-data' })
}

function tooManyParts(): Problem {
  return new Problem('bad-request', { detail: 'multipart/form-data: too many parts' })
}
