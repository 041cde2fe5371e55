// The store's metadata: what people and rooms say of themselves for programs.

import type { RoomId, UserId } from '../model/model.ts'

/** Whose it is: a person's or a room's. */
export type Bearer = { readonly person: UserId } | { readonly room: RoomId }

/** What a person, or a room's moderators, say of themselves for programs to use. */
export interface Datum {
  readonly bearer: Bearer
  /** a–z, 0–9, _ . / - */
  readonly key: string
  readonly value: string
}

export interface Metadata {
  /** All metadata of the bearers, by key. Refuses 'not-a-member' of one of the rooms. */
  read(reader: UserId, bearers: readonly Bearer[]): Promise<readonly Datum[]>
  /**
   * Sets a person's own, or that of a room that they moderate; undefined removes it.
   * @returns false if there was nothing to remove. Refuses 'not-a-member', 'forbidden', 'too-many' keys,
   * 'has-picture' for an avatar beside a picture (Files.setAvatar).
   */
  set(by: UserId, bearer: Bearer, key: string, value: string | undefined): Promise<boolean>
}
