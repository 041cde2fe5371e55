// The files on their way to the server. Each begins to upload when it is chosen, a few at a time, and waits in the browser
// until the message that it belongs to is stored: closing the page interrupts an upload, and opening it continues it.

import type { AttachedUpload } from '../../../wire/attachment-schemas.ts'
import { MOST_ATTACHMENTS } from '../../../wire/limits.ts'
import { type Client, newKey, Refused } from '../../client/client.ts'
import type { FileStore } from './file-store.ts'
import { Observable } from './observable.ts'
import { attachedUpload, isOutgoingFile, type OutgoingFile } from './outgoing-file.ts'
import { getJson, keysWithPrefix, onItemChange, parsedJson, setItem } from './storage.ts'

/** Uploads at once: a browser has six connections to a server without TLS, and the chat needs some. */
const MOST_AT_ONCE = 2

/** A file that somebody has chosen or recorded. */
export interface ChosenFile {
  readonly file: Blob
  readonly name: string
  readonly duration?: number
  readonly waveform?: string
}

interface OutgoingFilesDeps {
  readonly client: Pick<Client, 'upload' | 'cancelUpload'>
  readonly store: FileStore
  /** What a browser can find out about a recording or video before it is uploaded. */
  probeMedia(file: Blob): Promise<{ readonly duration?: number; readonly poster?: Blob }>
  /** A file was uploaded, refused, or removed from its post. */
  settled(): void
}

export class OutgoingFiles extends Observable {
  readonly #deps: OutgoingFilesDeps
  readonly #files = new Map<string, OutgoingFile>()
  /** Those that this page was given, or has read from the store. */
  readonly #blobs = new Map<string, Blob>()
  readonly #objectUrls = new Map<string, string>()
  readonly #running = new Map<string, AbortController>()
  readonly #waiting = new Set<string>()
  #prefix: string | undefined

  constructor(deps: OutgoingFilesDeps) {
    super()
    this.#deps = deps
  }

  /**
   * Goes on with what the person left, in this tab or another.
   * @param posted ids of the files of unsent posts: others that belong to no draft were stored
   */
  open(person: number, posted: ReadonlySet<string>): void {
    if (this.#prefix !== undefined) return
    const prefix = `file.${person}.`
    this.#prefix = prefix
    const left = keysWithPrefix(prefix).flatMap(name => getJson(name, isOutgoingFile) ?? [])
    for (const file of left) this.#files.set(file.id, file)
    this.forget(left.filter(({ id, draft }) => draft === undefined && !posted.has(id)).map(({ id }) => id))
    for (const file of left.sort(byPosition)) this.#queue(file.id)
    void this.#removeUnknown()
    onItemChange((name, value) => {
      if (name.startsWith(prefix)) this.#changedElsewhere(name.slice(prefix.length), value)
    })
  }

  /** Interrupts all uploads: a later page goes on with them. */
  close(): void {
    this.#waiting.clear()
    for (const controller of this.#running.values()) controller.abort()
  }

  get(id: string): OutgoingFile | undefined {
    return this.#files.get(id)
  }

  /** In the order in which they will be attached. */
  ofDraft(draft: string): readonly OutgoingFile[] {
    return [...this.#files.values()].filter(file => file.draft === draft).sort(byPosition)
  }

  /** @returns how many were too many for one message */
  add(draft: string, chosen: readonly ChosenFile[]): number {
    const before = this.ofDraft(draft)
    const fitting = chosen.slice(0, MOST_ATTACHMENTS - before.length)
    const last = before.at(-1)?.position ?? 0
    for (const [at, { file, name, ...about }] of fitting.entries()) {
      const { type, size } = file
      const outgoing = { id: newKey(), draft, name, type, size, position: last + at + 1, sent: 0, ...about }
      this.#blobs.set(outgoing.id, file)
      this.#put(outgoing)
      void this.#deps.store.put(outgoing.id, file)
      this.#queue(outgoing.id)
    }
    this.notifyNow()
    return chosen.length - fitting.length
  }

  describe(id: string, alt: string): void {
    this.#update(id, { alt })
  }

  /** Moves a file of a draft by one. */
  move(id: string, by: -1 | 1): void {
    const file = this.#files.get(id)
    const all = file?.draft === undefined ? [] : this.ofDraft(file.draft)
    const other = all[all.findIndex(each => each.id === id) + by]
    if (!file || !other) return
    this.#put({ ...file, position: other.position })
    this.#put({ ...other, position: file.position })
    this.notifyNow()
  }

  /** The files of the draft now belong to a post. @returns their ids, in order */
  take(draft: string): readonly string[] {
    const files = this.ofDraft(draft)
    for (const { draft: _, ...file } of files) this.#put(file)
    this.notifyNow()
    return files.map(({ id }) => id)
  }

  retry(id: string): void {
    const { failed, ...file } = this.#files.get(id) ?? {}
    if (failed === undefined || !isOutgoingFile(file)) return
    this.#put(file)
    this.#queue(id)
    this.notifyNow()
  }

  /** Uploads files once more, since the server has forgotten them. */
  again(ids: readonly string[]): void {
    for (const id of ids) {
      const file = this.#files.get(id)
      if (!file) continue
      const { upload: _, isReady: __, poster: ___, failed: ____, ...anew } = file
      this.#put({ ...anew, sent: 0 })
      this.#queue(id)
    }
    this.notifyNow()
  }

  /** The files are not wanted any more: nothing of them stays here or on the server. */
  remove(ids: readonly string[]): void {
    for (const id of ids) {
      const { upload, poster } = this.#files.get(id) ?? {}
      this.forget([id])
      for (const each of [upload, poster])
        if (each !== undefined) this.#deps.client.cancelUpload(each).catch(() => {}) // it expires
    }
    this.#deps.settled()
  }

  /** The files belong to a stored message. */
  forget(ids: readonly string[]): void {
    for (const id of ids) {
      this.#drop(id)
      if (this.#prefix !== undefined) setItem(this.#prefix + id, undefined)
      void this.#deps.store.delete(id)
    }
    this.notifyNow()
  }

  /** What a post attaches: `uploading` while one of them is, `failed` if one cannot be. */
  attachmentsOf(ids: readonly string[]): readonly AttachedUpload[] | 'uploading' | 'failed' {
    const files = ids.map(id => this.#files.get(id))
    if (files.some(file => !file || file.failed !== undefined)) return 'failed'
    const attached = files.flatMap(file => (file && attachedUpload(file)) ?? [])
    return attached.length === files.length ? attached : 'uploading'
  }

  /** The file itself; undefined until it has been read. */
  blob(id: string): Blob | undefined {
    return this.#blobs.get(id)
  }

  /** An address at which this page shows the file; undefined until it has been read. */
  objectUrl(id: string): string | undefined {
    const blob = this.#blobs.get(id)
    if (!blob) return undefined
    let url = this.#objectUrls.get(id)
    if (url === undefined) this.#objectUrls.set(id, (url = URL.createObjectURL(blob)))
    return url
  }

  // --- uploading -----------------------------------------------------------------------------------------

  #queue(id: string): void {
    const file = this.#files.get(id)
    if (!file || file.failed !== undefined) return
    if (!file.isReady) this.#waiting.add(id)
    else void this.#read(id)
    this.#next()
  }

  #next(): void {
    for (const id of this.#waiting) {
      if (this.#running.size >= MOST_AT_ONCE) return
      if (this.#running.has(id)) continue
      this.#waiting.delete(id)
      const controller = new AbortController()
      this.#running.set(id, controller)
      void this.#run(id, controller.signal)
    }
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    try {
      await alone(`tertulia.${id}`, signal, () => this.#upload(id, signal))
    } catch (error) {
      if (!signal.aborted) this.#fail(id, codeOf(error))
    }
    this.#running.delete(id)
    this.#next()
    if (!signal.aborted) this.#deps.settled()
  }

  async #upload(id: string, signal: AbortSignal): Promise<void> {
    const file = this.#kept(id)
    if (!file) return this.#drop(id) // another tab has posted it
    if (file.isReady) return this.#update(id, file)
    const blob = await this.#read(id)
    if (!blob) return this.#fail(id, 'gone')
    const { client } = this.#deps
    const { poster, duration } = await this.#deps.probeMedia(blob)
    if (duration !== undefined && file.duration === undefined) this.#update(id, { duration })
    await client.upload(blob, {
      name: file.name,
      resume: file.upload,
      begun: upload => this.#update(id, { upload }),
      progress: sent => this.#progress(id, sent),
      signal,
    })
    const shown = poster && (await client.upload(poster, { name: 'poster', signal }))
    this.#update(id, { sent: file.size, isReady: true, ...(shown && { poster: shown.id }) })
  }

  async #read(id: string): Promise<Blob | undefined> {
    const known = this.#blobs.get(id)
    if (known) return known
    const kept = await this.#deps.store.get(id)
    if (kept && this.#files.has(id)) this.#blobs.set(id, kept)
    this.notify()
    return kept
  }

  #progress(id: string, sent: number): void {
    const file = this.#files.get(id)
    if (file) this.#files.set(id, { ...file, sent })
    this.notify()
  }

  #fail(id: string, failed: string): void {
    this.#update(id, { failed })
  }

  // --- what is kept --------------------------------------------------------------------------------------

  #update(id: string, change: Partial<OutgoingFile>): void {
    const file = this.#files.get(id)
    if (file) this.#put({ ...file, ...change })
    this.notifyNow()
  }

  #put(file: OutgoingFile): void {
    this.#files.set(file.id, file)
    if (this.#prefix !== undefined) setItem(this.#prefix + file.id, JSON.stringify(file))
  }

  /** The file as another tab may have left it. */
  #kept(id: string): OutgoingFile | undefined {
    return this.#prefix === undefined ? this.#files.get(id) : getJson(this.#prefix + id, isOutgoingFile)
  }

  #changedElsewhere(id: string, value: string | undefined): void {
    if (!this.#files.has(id)) return
    const file = value === undefined ? undefined : parsedJson(value, isOutgoingFile)
    if (file) this.#files.set(id, file)
    else this.#drop(id)
    this.notifyNow()
    this.#deps.settled()
  }

  #drop(id: string): void {
    this.#running.get(id)?.abort()
    this.#waiting.delete(id)
    this.#files.delete(id)
    this.#blobs.delete(id)
    const url = this.#objectUrls.get(id)
    if (url !== undefined) URL.revokeObjectURL(url)
    this.#objectUrls.delete(id)
  }

  /** Files whose record is gone: they were being kept when the page was closed. */
  async #removeUnknown(): Promise<void> {
    const ids = await this.#deps.store.ids()
    const known = new Set(keysWithPrefix('file.').map(name => name.split('.').at(-1)))
    for (const id of ids) if (!known.has(id) && !this.#files.has(id)) void this.#deps.store.delete(id)
  }
}

/** What the File API says of a file that was changed or removed after it was chosen. */
const UNREADABLE = new Set(['NotReadableError', 'NotFoundError'])

function codeOf(error: unknown): string {
  if (error instanceof Refused) return error.code
  return error instanceof DOMException && UNREADABLE.has(error.name) ? 'gone' : 'failed'
}

function byPosition(a: OutgoingFile, b: OutgoingFile): number {
  return a.position - b.position
}

/** Runs it in one tab at a time, where the browser can (not on a page without TLS): elsewhere two tabs may both upload. */
async function alone(name: string, signal: AbortSignal, action: () => Promise<void>): Promise<void> {
  const { locks } = navigator
  if (locks === undefined) return action()
  await locks.request(name, { signal }, action)
}
