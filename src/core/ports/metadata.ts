// What people and rooms say of themselves for programs, as the store has it.

import type { RoomId, UserId } from '../model/model.ts'

/** Whose it is: a person's, or a room's. */
export type Bearer = { readonly person: UserId } | { readonly room: RoomId }

/** What somebody says of themselves, or moderators of a room, for programs to use. */
export interface Datum {
  readonly bearer: Bearer
  /** a–z, 0–9, _ . / - */
  readonly key: string
  readonly value: string
}

export interface Metadata {
  /** All of theirs, by key. Refuses 'not-a-member' of one of the rooms. */
  read(reader: UserId, bearers: readonly Bearer[]): Promise<readonly Datum[]>
  /**
   * One's own, or a room's that one moderates; undefined takes it away. @returns false where there was nothing to take
   * Refuses 'not-a-member', 'forbidden', 'too-many' keys.
   */
  set(by: UserId, bearer: Bearer, key: string, value: string | undefined): Promise<boolean>
}
