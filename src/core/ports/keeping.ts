// The store's notes of one person, which nobody else sees: the messages that they have saved, and how their rooms are
// ordered.

import type { Instant, Message, Room, RoomId, Seq, UserId } from '../model/model.ts'

/** A saved message. Its number grows with each that somebody saves. */
export interface Saved {
  readonly number: number
  readonly room: RoomId
  readonly seq: Seq
  /** When it was saved. */
  readonly at: Instant
  /** Missing while the person may not read it, as after leaving the room. */
  readonly found?: { readonly message: Message; readonly room: Room }
}

/** The latest first. */
export interface SavedPage {
  /** Those with lower numbers; undefined: from the latest on. */
  readonly before?: number | undefined
  readonly limit: number
}

/** A part of the person's list of rooms, which they have named. */
export interface Section {
  readonly id: number
  /** 1–40 printable characters. */
  readonly name: string
  /** Only its title is shown. */
  readonly folded: boolean
}

/** Where a room stands in the person's list. */
export interface Placement {
  readonly room: RoomId
  /** On top of all. */
  readonly favourite: boolean
  /** Of the person's; missing for none. */
  readonly section?: number
}

export interface Sidebar {
  /** In the person's order. */
  readonly sections: readonly Section[]
  /** Of rooms that stand in a section or are favourites. */
  readonly rooms: readonly Placement[]
}

export interface SectionChange {
  readonly name?: string
  readonly folded?: boolean
  /** It comes before this one of the person's; null: at the end. */
  readonly before?: number | null
}

export interface PlacementChange {
  readonly favourite?: boolean
  /** One of the person's sections; null for none. */
  readonly section?: number | null
}

export interface Keeping {
  /** @returns false when it was so already. Refuses 'not-a-member', 'no-such-message', 'too-many-saved'. */
  save(person: UserId, room: RoomId, seq: Seq, at: Instant): Promise<boolean>
  /** Also of a room that they have left. @returns false when it was not saved */
  unsave(person: UserId, room: RoomId, seq: Seq): Promise<boolean>
  isSaved(person: UserId, room: RoomId, seq: Seq): Promise<boolean>
  saved(person: UserId, page: SavedPage): Promise<readonly Saved[]>
  sidebar(person: UserId): Promise<Sidebar>
  /** At the end. Refuses 'too-many-sections'. */
  addSection(person: UserId, name: string): Promise<Section>
  /** Refuses 'no-such-section'. */
  changeSection(person: UserId, section: number, change: SectionChange): Promise<void>
  /** Its rooms stand in none then. Refuses 'no-such-section'. */
  removeSection(person: UserId, section: number): Promise<void>
  /** Refuses 'not-a-member', 'no-such-section'. */
  place(person: UserId, room: RoomId, change: PlacementChange): Promise<void>
}
