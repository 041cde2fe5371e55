// What happens to an upload when its last byte has come: its type is found, a picture is made fit to be shown, and its
// content is compared with that of all files.

import type { FileId, UserId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import type { FileKey } from '../ports/file-storage.ts'
import type { StoredFile, Upload, Variant } from '../ports/files.ts'
import { hashOf, isWhole } from './file-check.ts'
import type { FilesDeps } from './files.ts'

interface PreparationDeps extends FilesDeps {
  /** The SHA-256 of an upload, in hexadecimal digits, where it is known. */
  readonly digest: (upload: Upload) => string | undefined
  /** Deletes soon what nothing refers to any more. */
  readonly sweep: () => void
}

export class Preparation {
  readonly #deps: PreparationDeps
  /** By upload: two requests may notice the last byte. */
  readonly #running = new Map<FileId, Promise<StoredFile>>()

  constructor(deps: PreparationDeps) {
    this.#deps = deps
  }

  /** Refuses 'wrong-digest', 'file-type', 'bad-picture', 'no-such-upload', 'busy', 'closing', and as a store does. */
  prepare(upload: Upload): Promise<StoredFile> {
    const { id } = upload
    const running = this.#running.get(id) ?? this.#prepare(upload).finally(() => this.#running.delete(id))
    this.#running.set(id, running)
    return running
  }

  async #prepare(upload: Upload): Promise<StoredFile> {
    const { id, person, size, digest } = upload
    const { storage, typeOf, limits } = this.#deps
    const sha256 = this.#deps.digest(upload) ?? (await hashOf(storage, id, size))
    if (digest !== undefined && digest !== sha256) refuse('wrong-digest')
    const type = await storage.withLocalFile(id, typeOf)
    if (!isAllowed(type, limits.types)) refuse('file-type')
    const file = (await this.#cleaned(id, type, person)) ?? { key: id, type, size, sha256, variants: [] }
    // point: file-prepared
    const stored = await this.#finish(id, file)
    // point: upload-finished
    this.#deps.sweep() // what was sent, where something else was made of it
    return stored
  }

  /** One content is stored once, unless what was stored of it is lost: then these bytes are those of everybody's. */
  async #finish(id: FileId, file: StoredFile): Promise<StoredFile> {
    const { store, storage } = this.#deps
    const same = await store.files.withContent(file.sha256)
    const isLost = same !== undefined && same.key !== file.key && !(await isWhole(storage, same))
    return isLost ? store.files.replace(same.key, id, file) : store.files.finish(id, file)
  }

  /** Keeps nothing of a picture but what fits into 480 × 480 pixels. Refuses 'bad-picture', 'no-such-upload', 'store-full'. */
  async prepareSmall({ id, person }: Upload): Promise<StoredFile> {
    const { storage, pictures, typeOf, sweep } = this.#deps
    if (!pictures.reads(await storage.withLocalFile(id, typeOf))) refuse('bad-picture')
    await using scratch = await storage.scratch()
    const prepared = await storage.withLocalFile(id, path => pictures.prepare(path, scratch.path, person))
    if (!prepared) refuse('bad-picture') // this machine reads none
    const { clean, thumb } = prepared.files
    await storage.adopt(`${id}.clean`, thumb?.path ?? clean)
    const { placeholder } = prepared
    const { type, width, height } = thumb ?? prepared
    const measured = await this.#measured(`${id}.clean`)
    const shown = { type, width, height, placeholder, ...measured }
    const stored = await this.#finish(id, { key: id, variants: ['clean'], ...shown })
    sweep()
    return stored
  }

  /**
   * Makes what is shown of a picture, and removes from others what they say of their location; undefined if there is
   * nothing to do.
   */
  async #cleaned(id: FileId, type: string, by: UserId): Promise<StoredFile | undefined> {
    const { pictures } = this.#deps
    const picture = pictures.reads(type) ? await this.#picture(id, by) : undefined
    return picture ?? this.#withoutLocation(id, type, by)
  }

  /** @returns undefined on a machine that can read no pictures */
  async #picture(id: FileId, by: UserId): Promise<StoredFile | undefined> {
    const { storage, pictures } = this.#deps
    await using scratch = await storage.scratch()
    const prepared = await storage.withLocalFile(id, path => pictures.prepare(path, scratch.path, by))
    if (!prepared) return undefined
    const { files, width, height, placeholder, type, animated } = prepared
    const variants: Variant[] = []
    for (const variant of ['clean', 'screen', 'thumb'] as const) {
      const path = variant === 'thumb' ? files.thumb?.path : files[variant]
      if (path === undefined) continue
      await storage.adopt(`${id}.${variant}`, path)
      variants.push(variant)
    }
    return {
      ...{ key: id, type, width, height, placeholder, variants },
      ...(animated && { animated }),
      ...(await this.#measured(`${id}.clean`)),
    }
  }

  async #withoutLocation(id: FileId, type: string, by: UserId): Promise<StoredFile | undefined> {
    const { storage, pictures } = this.#deps
    if (!pictures.mayHoldLocation(type)) return undefined
    await using scratch = await storage.scratch()
    const folder = scratch.path
    const clean = await storage.withLocalFile(id, path => pictures.removeLocation(path, folder, { type, by }))
    if (clean === undefined) return undefined
    await storage.adopt(`${id}.clean`, clean)
    return { key: id, type, variants: ['clean'], ...(await this.#measured(`${id}.clean`)) }
  }

  async #measured(key: FileKey): Promise<{ size: number; sha256: string }> {
    const size = (await this.#deps.storage.length(key)) ?? refuse('no-such-upload') // it was cancelled meanwhile
    return { size, sha256: await hashOf(this.#deps.storage, key, size) }
  }
}

/** @param allowed media types such as image/png, image/*; empty for all */
function isAllowed(type: string, allowed: readonly string[]): boolean {
  const [kind] = type.split('/', 1)
  return allowed.length === 0 || allowed.includes(type) || allowed.includes(`${kind}/*`)
}
