// Where metadata is kept: with the account or the room, or, before registration, with the connection.

import type { Person } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import { AVATAR_KEY, checkDatum } from '../../../core/model/rules.ts'
import type { Datum } from '../../../core/ports/metadata.ts'
import type { Client } from '../client.ts'
import { publish } from '../events/cluster-events.ts'
import type { Target } from '../replies/metadata.ts'
import { metadataOf } from '../replies/metadata-values.ts'
import { METADATA } from '../wire/caps.ts'

export type KeyValue = Pick<Datum, 'key' | 'value'>

export interface MetadataStore {
  /** All keys. Refuses 'not-a-member'. */
  read(): Promise<readonly KeyValue[]>
  /**
   * Sets a key. Refuses what the chat does (core/rooms/metadata.ts).
   * @param value undefined removes the key
   * @returns false if there was nothing to remove
   */
  set(key: string, value: string | undefined): Promise<boolean>
}

/** The metadata of an account or a room. Changes are published to subscribers. */
export function storedMetadata({ deps, session }: Client, person: Person, target: Target): MetadataStore {
  const { metadata, avatars } = deps.chat
  return {
    read: () => metadataOf(deps, person, [target.bearer]),
    async set(key, value) {
      // A picture that is removed is published like one that is set in the web app.
      if (
        key === AVATAR_KEY &&
        value === undefined &&
        (await avatars.remove(person, target.bearer, session?.id))
      )
        return true
      const done = await metadata.set(person, target.bearer, { key, value })
      if (done) publish(deps, { is: 'datum', ...target, key, value: value ?? '', by: session?.id })
      return done
    },
  }
}

/** The metadata of a connection before its session: as many keys as an account may have. */
export class PendingMetadata implements MetadataStore {
  readonly #values = new Map<string, string>()

  async read(): Promise<readonly KeyValue[]> {
    return this.#all()
  }

  async set(key: string, value: string | undefined): Promise<boolean> {
    if (value === undefined) return this.#values.delete(key)
    if (!this.#values.has(key) && this.#values.size >= METADATA.keys) refuse('too-many')
    this.#values.set(key, checkDatum(value))
    return true
  }

  /** Removes and returns all keys. */
  take(): readonly KeyValue[] {
    const all = this.#all()
    this.#values.clear()
    return all
  }

  #all(): readonly KeyValue[] {
    return [...this.#values].map(([key, value]) => ({ key, value }))
  }
}
