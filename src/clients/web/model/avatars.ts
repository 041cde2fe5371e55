// Pictures of people and rooms: asked for when they are first shown, many at a time, and kept up to date by the server.

import type { AvatarChange } from '../../client/client.ts'
import type { Api } from './api.ts'

/** Whose picture: a person's or a room's. */
export type Bearer = { readonly person: number } | { readonly room: number }

/** What is drawn within this time is asked for together. */
const GATHER_MS = 30
/** As many are asked for at a time. */
const MOST_ASKED = 200

type Key = `people/${number}` | `rooms/${number}`

export function keyOf(bearer: Bearer): Key {
  return 'person' in bearer ? `people/${bearer.person}` : `rooms/${bearer.room}`
}

export class Avatars {
  readonly #api: Pick<Api, 'avatars'>
  /** Pictures by bearer; undefined for those who have none. */
  readonly #known = new Map<Key, string | undefined>()
  readonly #listeners = new Map<Key, Set<() => void>>()
  /** Not asked yet, and asked but not answered yet. */
  readonly #wanted = new Set<Key>()
  readonly #asked = new Set<Key>()
  #gathering: ReturnType<typeof setTimeout> | undefined

  constructor(api: Pick<Api, 'avatars'>) {
    this.#api = api
  }

  /** The id of the picture, as far as it is known. */
  of(bearer: Bearer): string | undefined {
    return this.#known.get(keyOf(bearer))
  }

  /** Calls back when the picture is another one; asks for it if it is not known. @returns what ends that */
  subscribe(bearer: Bearer, listener: () => void): () => void {
    const key = keyOf(bearer)
    const listeners = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, listeners.add(listener))
    if (!this.#known.has(key)) this.#want(key)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(key)
    }
  }

  /** Asks again: the picture could not be loaded, so there may be another. */
  renew(bearer: Bearer): void {
    this.#want(keyOf(bearer))
  }

  /** After a connection, before which changes were not heard. */
  renewAll(): void {
    for (const key of [...this.#known.keys()]) if (!this.#listeners.has(key)) this.#known.delete(key)
    for (const key of this.#listeners.keys()) this.#want(key)
  }

  hear({ person, room, avatar }: AvatarChange): void {
    if (person !== undefined) this.#set(keyOf({ person }), avatar)
    else if (room !== undefined) this.#set(keyOf({ room }), avatar)
    else this.renewAll()
  }

  #set(key: Key, avatar: string | undefined): void {
    this.#asked.delete(key) // an answer on its way may be older
    this.#wanted.delete(key)
    if (this.#known.has(key) && this.#known.get(key) === avatar) return
    this.#known.set(key, avatar)
    for (const listener of this.#listeners.get(key) ?? []) listener()
  }

  #want(key: Key): void {
    if (this.#asked.has(key)) return
    this.#wanted.add(key)
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      void this.#ask()
    }, GATHER_MS)
  }

  async #ask(): Promise<void> {
    while (this.#wanted.size > 0) {
      const keys = [...this.#wanted].slice(0, MOST_ASKED)
      for (const key of keys) {
        this.#wanted.delete(key)
        this.#asked.add(key)
      }
      try {
        await this.#answer(keys)
      } catch {
        // The next connection asks for all that are shown.
        for (const key of keys) this.#asked.delete(key)
      }
    }
  }

  async #answer(keys: readonly Key[]): Promise<void> {
    const idsOf = (what: 'people' | 'rooms') =>
      keys.filter(key => key.startsWith(what)).map(key => Number(key.slice(what.length + 1)))
    const { people, rooms } = await this.#api.avatars(idsOf('people'), idsOf('rooms'))
    const found = new Map<Key, string>([
      ...people.map(({ person, avatar }) => [keyOf({ person }), avatar] as const),
      ...rooms.map(({ room, avatar }) => [keyOf({ room }), avatar] as const),
    ])
    for (const key of keys) if (this.#asked.has(key)) this.#set(key, found.get(key))
  }
}
