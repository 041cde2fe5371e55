// Pictures of people and rooms. Setting one stores it, then tells every node: those who are connected see it at once.

import type { ClusterMessages, PictureChange } from '../cluster/cluster-messages.ts'
import type { Author, AvatarId, FileId, Person, RoomId, SessionId, UserId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import type { Avatars as AvatarIds, StoredFile, Variant } from '../ports/files.ts'
import type { Bearer } from '../ports/metadata.ts'
import type { Store } from '../ports/store.ts'

export interface AvatarsDeps {
  readonly store: Store
  readonly cluster: ClusterMessages
  /** Makes an unguessable id of 22 characters. */
  readonly avatarId: () => AvatarId
  /** Deletes the bytes of what nothing refers to any more. */
  readonly sweep: () => void
}

export class Avatars {
  readonly #deps: AvatarsDeps
  readonly #watchers: ((change: PictureChange) => void)[] = []

  constructor(deps: AvatarsDeps) {
    this.#deps = deps
    deps.cluster.on('avatar', change => {
      for (const tell of this.#watchers) tell(change)
    })
    deps.cluster.onMissed(() => {
      for (const tell of this.#watchers) tell({ kind: 'avatar' })
    })
  }

  /**
   * Calls back when the picture of anybody, or of any room, changes, on any node; with neither a person nor a room where
   * changes may have been missed.
   */
  watch(tell: (change: PictureChange) => void): void {
    this.#watchers.push(tell)
  }

  /**
   * Makes a finished upload the picture of the person, or of a room that they moderate.
   * @returns the id under which it is read. Refuses 'account-needed', and what the store refuses (ports/files.ts).
   */
  async set(person: Person, bearer: Bearer, upload: FileId): Promise<AvatarId> {
    const { store, avatarId, sweep } = this.#deps
    if (person.role === 'guest') refuse('account-needed')
    const id = avatarId()
    await store.files.setAvatar(person.id, bearer, { upload, id })
    await this.#announce(person, bearer, { avatar: id })
    sweep()
    return id
  }

  /**
   * @param by the session that removes it, announced with the change
   * @returns false if there was none. Refuses 'not-a-member', 'forbidden'.
   */
  async remove(person: Person, bearer: Bearer, by?: SessionId): Promise<boolean> {
    const { store, sweep } = this.#deps
    const done = await store.files.setAvatar(person.id, bearer, undefined)
    if (done) await this.#announce(person, bearer, by === undefined ? {} : { by })
    if (done) sweep()
    return done
  }

  /** After the store has removed the picture of an account that is disabled. */
  async removed(person: Author): Promise<void> {
    await this.#announce(person, { person: person.id }, {})
    this.#deps.sweep()
  }

  /** @param person the bearer, unless that is a room */
  #announce(
    { id, username }: Author,
    bearer: Bearer,
    more: Pick<PictureChange, 'avatar' | 'by'>,
  ): Promise<void> {
    const whose = 'room' in bearer ? { room: bearer.room } : { person: { id, username } }
    return this.#deps.cluster.broadcast({ kind: 'avatar', ...whose, ...more })
  }

  /** Pictures of people, and of those of the rooms that the reader is in or could find. */
  of({ id }: Person, wanted: { people: readonly UserId[]; rooms: readonly RoomId[] }): Promise<AvatarIds> {
    return this.#deps.store.files.avatars(id, wanted)
  }

  /** The file of a picture, for anybody who knows its id. Refuses 'no-such-file'. */
  open(id: AvatarId): Promise<StoredFile> {
    return this.#deps.store.files.openAvatar(id)
  }
}

/** What is shown of a picture's file: its thumbnail, or the picture itself where that is small. */
export function avatarVariant({ variants }: StoredFile): Variant | undefined {
  return variants.includes('thumb') ? 'thumb' : undefined
}
