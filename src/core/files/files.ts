// Uploads, and reading the files that become of them.

import type { Post } from '../log/appender.ts'
import type { AttachedUpload, AvatarId, FileId, Person, RoomId, UserId } from '../model/model.ts'
import { Refusal, type RefusalCode, refuse } from '../model/refusals.ts'
import { checkText, MOST_ATTACHMENTS } from '../model/rules.ts'
import type { Clock } from '../ports/clock.ts'
import type { FileKey, FileStorage } from '../ports/file-storage.ts'
import type { OpenFile, StoredFile, Upload, Variant } from '../ports/files.ts'
import type { Pictures } from '../ports/pictures.ts'
import type { Store } from '../ports/store.ts'
import { type CheckOptions, contentOf, FileCheck, type FileCheckResult } from './file-check.ts'
import { checkAlt, checkFileName } from './file-names.ts'
import { FileSweeper } from './file-sweeper.ts'
import { PersonalLinks } from './personal-links.ts'
import { Preparation } from './preparation.ts'
import { RunningHashes } from './running-hashes.ts'

/** How much space there is for files, in bytes, and what may be sent. */
export interface FileLimits {
  readonly file: number
  readonly person: number
  readonly room: number
  readonly server: number
  /** Media types that may be sent, such as image/png or image/*; empty for all. */
  readonly types: readonly string[]
}

/** The bytes of files, and what is known of them by their content. */
export interface FileParts {
  readonly storage: FileStorage
  readonly pictures: Pictures
  /** The media type of a local file by its content; application/octet-stream for an unknown one. */
  readonly typeOf: (path: string) => Promise<string>
  readonly limits: FileLimits
  /** Makes an unguessable id. */
  readonly fileId: () => FileId
  readonly avatarId: () => AvatarId
}

export interface FilesDeps extends FileParts {
  readonly store: Store
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** An upload with the number of bytes that have come. */
export interface UploadState extends Upload {
  readonly received: number
}

export interface Usage {
  readonly limits: FileLimits
  /** Bytes that the person uses. */
  readonly used: number
}

/**
 * Refusals of what was sent: no later attempt to prepare these bytes succeeds. Anything else may pass, such as a store that
 * is busy or full, or a server that stops in the middle of it.
 */
const HOPELESS: ReadonlySet<RefusalCode> = new Set<RefusalCode>(['wrong-digest', 'file-type', 'bad-picture'])

export class Files {
  readonly #deps: FilesDeps
  /** Links without a log-in. */
  readonly links: PersonalLinks
  readonly #preparation: Preparation
  readonly #hashes = new RunningHashes()
  readonly #sweeper: FileSweeper

  constructor(deps: FilesDeps) {
    this.#deps = deps
    const { store, clock, fileId } = deps
    this.links = new PersonalLinks({ people: store.people, clock, unique: fileId })
    this.#sweeper = new FileSweeper(deps)
    this.#preparation = new Preparation({
      ...deps,
      digest: ({ id, size }) => this.#hashes.digest(id, size),
      sweep: () => void this.#sweeper.sweep(),
    })
  }

  get limits(): FileLimits {
    return this.#deps.limits
  }

  /** What a person is told before they upload anything. */
  async usage({ id }: Person): Promise<Usage> {
    return { limits: this.#deps.limits, used: await this.#deps.store.files.usage(id) }
  }

  /**
   * Begins an upload. Refuses 'bad-file-name', 'empty-file', 'large-file', and what the store refuses (ports/files.ts).
   * @param size in bytes
   * @param digest the SHA-256 of what will be sent, in hexadecimal digits
   */
  async begin(
    person: Person,
    { name, size, digest }: { name: string; size: number; digest?: string },
  ): Promise<UploadState> {
    const { store, clock, limits, fileId } = this.#deps
    if (person.role === 'guest') refuse('account-needed')
    if (size === 0) refuse('empty-file')
    if (size > limits.file) refuse('large-file')
    const upload: Upload = {
      id: fileId(),
      person: person.id,
      name: checkFileName(name),
      size,
      ...(digest !== undefined && { digest }),
      at: clock.now(),
    }
    await store.files.begin(upload, limits)
    return { ...upload, received: 0 }
  }

  /**
   * Appends to an upload. With the last byte the file is prepared; when this resolves then, `file` is known. Refuses
   * 'no-such-upload', 'large-file' for more bytes than were announced, 'store-full', and what `prepare` refuses.
   * Throws OffsetMismatch; an error of the chunks is thrown on, and what came before it is kept. Whoever had no answer
   * may append the last bytes again: the file is the same.
   */
  async append(
    person: Person,
    id: FileId,
    { offset, chunks }: { offset: number; chunks: AsyncIterable<Uint8Array> },
  ): Promise<UploadState> {
    const upload = await this.#deps.store.files.upload(person.id, id)
    // Its size is that of what was made of it, not of what is sent.
    if (upload.file)
      return { ...upload, received: offset + (await lengthOf(atMost(this.limits.file, chunks))) }
    const rest = upload.size - offset
    const received = await this.#deps.storage
      .append(id, offset, this.#hashes.over(id, offset, atMost(rest, chunks)))
      .catch(error => {
        this.#hashes.forget(id) // what was hashed may not be what was stored: another node may have stored other bytes
        throw error
      })
      .finally(() => this.#dropIfCancelled(upload))
    // point: upload-appended
    return received < upload.size ? { ...upload, received } : this.#finished(upload)
  }

  /**
   * Receives a whole file whose size is known only at its end. Refuses as `begin` and `append` do.
   * @param most bytes that there may be; undefined for as many as the person has space for
   */
  async receive(
    person: Person,
    { name, most, digest }: { name: string; most: number | undefined; digest?: string },
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<UploadState> {
    const { limits } = this.#deps
    const space = most ?? limits.person - (await this.usage(person)).used
    const size = Math.max(1, Math.min(space, limits.file))
    const upload = await this.begin(person, { name, size, ...(digest !== undefined && { digest }) })
    try {
      const received = await this.#deps.storage.append(
        upload.id,
        0,
        this.#hashes.over(upload.id, 0, atMost(size, chunks)),
      )
      if (received === 0) refuse('empty-file')
      return await this.#finished({ ...upload, size: received })
    } catch (error) {
      await this.#drop(upload) // nobody knows its id
      const isLarge = error instanceof Refusal && error.code === 'large-file'
      throw isLarge && most === undefined && size < limits.file ? new Refusal('own-files-full') : error
    }
  }

  /**
   * Keeps of a picture what fits into 480 × 480 pixels, as an upload of theirs that they do not know of. Refuses
   * 'bad-picture', also for what is none, and what `receive` refuses.
   */
  async keepSmall(
    person: UserId,
    { name, most }: { name: string; most: number },
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly upload: FileId; readonly file: StoredFile }> {
    const { store, storage, clock, limits, fileId } = this.#deps
    const upload: Upload = { id: fileId(), person, name, size: most, at: clock.now() }
    await store.files.begin(upload, limits)
    try {
      if ((await storage.append(upload.id, 0, atMost(most, chunks))) === 0) refuse('bad-picture')
      return { upload: upload.id, file: await this.#preparation.prepareSmall(upload) }
    } catch (error) {
      await this.#drop(upload)
      throw error
    }
  }

  /** How far an upload has come. One whose bytes have all come is prepared first. Refuses as `append` does. */
  async state(person: Person, id: FileId): Promise<UploadState> {
    const upload = await this.#deps.store.files.upload(person.id, id)
    if (upload.file) return { ...upload, received: upload.size }
    const received = await this.#deps.storage.length(id)
    if (received === undefined) return this.#withoutBytes(person, id)
    return received < upload.size ? { ...upload, received } : this.#finished(upload)
  }

  /** Nothing has come, or it is gone: the upload was finished meanwhile, and something else was made of it. */
  async #withoutBytes(person: Person, id: FileId): Promise<UploadState> {
    const upload = await this.#deps.store.files.upload(person.id, id)
    return { ...upload, received: upload.file ? upload.size : 0 }
  }

  /** The upload with its file. What a later attempt may mend leaves it as it is; what is hopeless deletes it. */
  async #finished(upload: Upload): Promise<UploadState> {
    const { size: received } = upload
    try {
      return { ...upload, file: await this.#preparation.prepare(upload), received }
    } catch (error) {
      const file = await this.#finishedMeanwhile(upload)
      if (file) return { ...upload, file, received }
      // A file that nobody can use would count against the person's space.
      if (error instanceof Refusal && HOPELESS.has(error.code)) await this.#drop(upload)
      else await this.#dropIfCancelled(upload)
      throw error
    }
  }

  /** The file that another node has made of the upload while this one failed. */
  async #finishedMeanwhile({ person, id }: Upload): Promise<StoredFile | undefined> {
    return this.#deps.store.files.upload(person, id).then(
      ({ file }) => file,
      () => undefined, // why the upload could not be finished says more
    )
  }

  async #drop({ person, id }: Upload): Promise<void> {
    this.#hashes.forget(id)
    await this.#deps.store.files.cancel(person, id).catch(() => this.#discard(id))
    void this.#sweeper.sweep()
  }

  /**
   * An upload that was cancelled while its bytes came, or while something was made of them: the last may have come after
   * the others were deleted.
   */
  async #dropIfCancelled({ person, id }: Upload): Promise<void> {
    await this.#deps.store.files.upload(person, id).catch(async error => {
      if (error instanceof Refusal && error.code === 'no-such-upload') await this.#discard(id)
    })
  }

  /** Deletes what nothing refers to of an upload. */
  async #discard(id: FileId): Promise<void> {
    await this.#sweeper.sweep() // which may be deleting it just now, and would forget what comes after that
    await this.#deps.store.fileUpkeep.discard([id, `${id}.clean`, `${id}.screen`, `${id}.thumb`])
    await this.#sweeper.sweep()
  }

  /** Deletes an upload that was not sent. Refuses 'no-such-upload'. */
  async cancel({ id: person }: Person, id: FileId): Promise<void> {
    this.#hashes.forget(id)
    await this.#deps.store.files.cancel(person, id)
    await this.#sweeper.sweep()
  }

  /** An attachment, an upload of one's own or a picture of a link, to be read (ports/files.ts). Refuses 'no-such-file'. */
  async open(reader: UserId, id: FileId, within?: RoomId): Promise<OpenFile> {
    return this.#deps.store.files.open(reader, id, within)
  }

  /** Reads bytes of a file from `start` to `end`, which is exclusive. @param variant undefined for the file itself */
  read(file: StoredFile, variant: Variant | undefined, { start, end }: { start: number; end: number }) {
    return this.#deps.storage.read(keyOf(file, variant), start, end)
  }

  /** The size in bytes of the file, or of a variant; undefined for one that was not made. */
  async sizeOf(file: StoredFile, variant: Variant | undefined): Promise<number | undefined> {
    if (variant === undefined) return file.size
    return file.variants.includes(variant) ? this.#deps.storage.length(keyOf(file, variant)) : undefined
  }

  /**
   * A post with attachments, with all names and texts as they will be stored; its text may be empty. Refuses
   * 'too-many-files', 'bad-file-name', 'long-alt', 'long-text'.
   */
  checked(post: Post): Post {
    const { attachments = [] } = post
    if (attachments.length > MOST_ATTACHMENTS) refuse('too-many-files')
    return {
      ...post,
      text: post.text.trim() === '' ? '' : checkText(post.text),
      attachments: attachments.map(checkedUpload),
    }
  }

  /** Looks for broken files, and what is left over (file-check.ts). @param signal gives up, with its reason */
  check(options: CheckOptions, signal: AbortSignal): Promise<FileCheckResult> {
    return new FileCheck(this.#deps, options, signal).run().finally(() => void this.#sweeper.sweep())
  }

  /** Deletes the bytes of what was deleted; resolves when they are gone. */
  async sweep(): Promise<void> {
    await this.#sweeper.sweep()
  }

  close(): void {
    this.#sweeper.close()
  }
}

function checkedUpload({ name, alt, ...rest }: AttachedUpload): AttachedUpload {
  return {
    ...rest,
    ...(name !== undefined && { name: checkFileName(name) }),
    ...(alt !== undefined && { alt: checkAlt(alt) }),
  }
}

/** Where the bytes are. */
function keyOf(file: StoredFile, variant: Variant | undefined): FileKey {
  return variant === undefined ? contentOf(file) : `${file.key}.${variant}`
}

async function lengthOf(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0
  for await (const chunk of chunks) length += chunk.length
  return length
}

/** Throws 'large-file' after `most` bytes, which are passed on. */
async function* atMost(most: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = most
  for await (const chunk of chunks) {
    if (chunk.length > left) {
      if (left > 0) yield chunk.subarray(0, left)
      refuse('large-file')
    }
    left -= chunk.length
    yield chunk
  }
}
