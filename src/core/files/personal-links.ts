// Links for people whose client has no log-in of the web's: one opens a file for its person, another takes one file from
// them. They are signed and stored nowhere: what they allow is judged anew whenever they are used.

import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { FileId, Instant, Person, Profile, RoomId, UserId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import type { Clock } from '../ports/clock.ts'
import type { People } from '../ports/people.ts'

/** How long a link works from when it was made. */
export const LINK_LASTS_MS = 10 * 60_000
/** Bytes of an HMAC-SHA-256 that a link has: forging one takes 2¹²⁷ tries. */
const SIGNATURE_BYTES = 16
const KEY_BYTES = 32
/** Sets the key apart from whatever else is derived from the chat's secret (RFC 5869, section 3.2). */
const LABEL = 'tertulia personal links'

interface PersonalLinksDeps {
  readonly people: Pick<People, 'secret' | 'byId'>
  readonly clock: Clock
  /** Makes an unguessable text of letters, digits, - and _. */
  readonly unique: () => string
}

/** What an upload link allows. */
export interface UploadPermit {
  readonly person: Profile
  readonly room: RoomId
  /** The key to post the file with (Post in appender.ts): so a link serves for one message, and still does after a failure. */
  readonly key: string
}

export class PersonalLinks {
  readonly #deps: PersonalLinksDeps
  #key: Promise<Uint8Array> | undefined

  constructor(deps: PersonalLinksDeps) {
    this.#deps = deps
  }

  /** @returns the key of an address with which that person reads the file, without a log-in: letters, digits, - _ and . */
  async readingKey({ id }: Person, file: FileId): Promise<string> {
    return this.#signed('read', [id.toString(36), this.#end()], file)
  }

  /** Whose key of the file it is. Refuses 'dead-link': also where its person's account is disabled. */
  async reader(key: string, file: FileId): Promise<Profile> {
    const [person = ''] = await this.#verified('read', key, file)
    return this.#personBy(person)
  }

  /**
   * @returns the key of an address to which one file can be sent for the room, in the name of that person. Refuses
   * 'account-needed'.
   */
  async uploadKey({ id, role }: Person, room: RoomId): Promise<string> {
    if (role === 'guest') refuse('account-needed')
    return this.#signed('upload', [id.toString(36), this.#end(), room.toString(36), this.#deps.unique()], '')
  }

  /** What the key allows, unless it was used already, which shows when the file is posted. Refuses 'dead-link'. */
  async uploadPermit(key: string): Promise<UploadPermit> {
    const [person = '', , room = '', unique = ''] = await this.#verified('upload', key, '')
    return {
      person: await this.#personBy(person),
      room: Number.parseInt(room, 36) as RoomId,
      key: `link-${unique}`,
    }
  }

  #end(): string {
    return (this.#deps.clock.now() + LINK_LASTS_MS).toString(36)
  }

  async #personBy(id: string): Promise<Profile> {
    return (await this.#deps.people.byId(Number.parseInt(id, 36) as UserId)) ?? refuse('dead-link')
  }

  async #signed(purpose: Purpose, fields: readonly string[], about: string): Promise<string> {
    const signature = await this.#signature(purpose, fields, about)
    return [...fields, signature.toString('base64url')].join('.')
  }

  /** @returns its fields, the second of which is when it ends. Refuses 'dead-link'. */
  async #verified(purpose: Purpose, key: string, about: string): Promise<readonly string[]> {
    const fields = key.split('.')
    const given = Buffer.from(fields.pop() ?? '', 'base64url')
    const right = await this.#signature(purpose, fields, about)
    if (given.length !== right.length || !timingSafeEqual(given, right)) refuse('dead-link')
    const end = Number.parseInt(fields[1] ?? '', 36) as Instant
    return this.#deps.clock.now() < end ? fields : refuse('dead-link')
  }

  async #signature(purpose: Purpose, fields: readonly string[], about: string): Promise<Buffer> {
    this.#key ??= this.#derivedKey()
    // No part has a point in it, so that different parts are never the same text.
    const signed = [purpose, about, ...fields].join('.')
    const mac = createHmac('sha256', await this.#key)
      .update(signed)
      .digest()
    return mac.subarray(0, SIGNATURE_BYTES)
  }

  async #derivedKey(): Promise<Uint8Array> {
    try {
      const secret = Buffer.from(await this.#deps.people.secret(), 'hex')
      return new Uint8Array(hkdfSync('sha256', secret, '', LABEL, KEY_BYTES))
    } catch (error) {
      this.#key = undefined // the next one asks again
      throw error
    }
  }
}

/** What a key is for: one of one kind is none of the other. */
type Purpose = 'read' | 'upload'
