// Previews of links: after a message with links is stored and told, its node asks their pages what they are, and shows it
// with the message by a change of the room.

import type { Files } from '../files/files.ts'
import { BoundedMap } from '../limits/bounded-map.ts'
import { Buckets } from '../limits/buckets.ts'
import { Slots } from '../limits/slots.ts'
import type {
  Edit,
  FileId,
  Instant,
  LinkPicture,
  LogEvent,
  Message,
  RoomId,
  Seq,
  UserId,
} from '../model/model.ts'
import { Refusal } from '../model/refusals.ts'
import type { Clock } from '../ports/clock.ts'
import type { StoredFile } from '../ports/files.ts'
import { LARGEST_LINK_PICTURE, type LinkReader, type ReadLink } from '../ports/previews.ts'
import type { Store } from '../ports/store.ts'
import type { Actor, Changes } from '../rooms/changes.ts'
import { linksIn } from '../text/links.ts'

/** Links of one message that are looked at. */
const MOST_LINKS = 3
/** Messages whose links are looked at at the same time, and those that may wait; others get no preview. */
const MOST_AT_ONCE = 4
const MOST_WAITING = 100
/** Messages with links of one person that are looked at. */
const OF_ONE_PERSON = { capacity: 10, perSecond: 1 / 6 }
/** A page that was read is not asked again for this long while a message shows what it said. */
const FRESH_MS = 24 * 3_600_000
/** Nor is any other for this long. */
const ASKED_MS = 10 * 60_000
const MOST_ASKED = 1_000
const PICTURE_NAME = 'preview'

export interface PreviewsDeps {
  readonly store: Pick<Store, 'previews'>
  readonly changes: Changes
  readonly files: Pick<Files, 'keepSmall'>
  readonly clock: Clock
  /** Undefined where links are not looked at. */
  readonly links?: LinkReader | undefined
  readonly onError: (error: unknown) => void
}

type Linking = Message | Edit

export class Previews {
  readonly #deps: PreviewsDeps
  readonly #slots = new Slots<'all'>(MOST_AT_ONCE)
  readonly #people: Buckets<UserId>
  /** What was asked last, by `elapsed`, also in vain: a link that many people post at once is asked once. */
  readonly #asked = new BoundedMap<
    string,
    { readonly at: number; readonly answer: Promise<ReadLink | undefined> }
  >(MOST_ASKED)
  #waiting = 0
  #isClosed = false

  constructor(deps: PreviewsDeps) {
    this.#deps = deps
    this.#people = new Buckets(deps.clock, OF_ONE_PERSON)
  }

  /** Looks at the links of texts that are stored, in the background. */
  consider(texts: readonly Linking[]): void {
    if (!this.#deps.links) return
    for (const each of texts) {
      const links = linksIn(each).slice(0, MOST_LINKS)
      if (links.length === 0 || this.#waiting >= MOST_WAITING) continue
      if (this.#people.take(each.author.id) > 0) continue
      this.#waiting++
      this.#slots
        .run('all', () => this.#show(each, links))
        .catch(error => {
          if (!this.#isClosed) this.#deps.onError(error)
        })
        .finally(() => this.#waiting--)
    }
  }

  /** Refuses 'not-a-member', 'no-such-message', 'forbidden'. @returns undefined if it was not shown */
  async takeOff(person: Actor, room: RoomId, target: Seq, url: string): Promise<LogEvent | undefined> {
    return this.#deps.changes.make(person, room, { kind: 'preview-off', target, url })
  }

  /** What is read from now on is not shown any more. */
  close(): void {
    this.#isClosed = true
  }

  async #show(text: Linking, links: readonly string[]): Promise<void> {
    const { store, changes, clock } = this.#deps
    const known = await store.previews.known(links, (clock.now() - FRESH_MS) as Instant)
    const read = links.map(url => known.find(each => each.url === url) ?? this.#read(url, text.author.id))
    const found = (await Promise.all(read)).filter(each => each !== undefined)
    if (found.length === 0 || this.#isClosed) return
    const target = text.kind === 'edit' ? text.target : text.seq
    // point: preview-read
    await changes.make(text.author, text.room, { kind: 'preview', target, found }).catch(error => {
      if (!(error instanceof Refusal)) throw error // the message may be gone by now, or its author
    })
  }

  #read(url: string, author: UserId): Promise<ReadLink | undefined> {
    const { clock } = this.#deps
    const before = this.#asked.get(url)
    if (before && clock.elapsed() - before.at < ASKED_MS) return before.answer
    const answer = this.#ask(url, author)
    this.#asked.set(url, { at: clock.elapsed(), answer })
    return answer
  }

  async #ask(url: string, author: UserId): Promise<ReadLink | undefined> {
    const { links, clock } = this.#deps
    const found = await links?.read(url)
    if (!found) return undefined
    const { picture, ...said } = found
    const kept = picture === undefined ? undefined : await this.#keep(picture, author)
    if (said.title === undefined && !kept) return undefined
    return { ...said, ...kept, url, at: clock.now() }
  }

  /** Keeps a small copy, so that nobody's browser asks that site. A picture that can't be kept is not shown. */
  async #keep(picture: string, author: UserId): Promise<KeptPicture | undefined> {
    const { links, files } = this.#deps
    const wanted = { name: PICTURE_NAME, most: LARGEST_LINK_PICTURE }
    try {
      const kept = await links?.picture(picture, chunks => files.keepSmall(author, wanted, chunks))
      return kept && keptFrom(kept)
    } catch (error) {
      if (error instanceof Refusal) return undefined
      throw error
    }
  }
}

interface KeptPicture {
  readonly picture: LinkPicture
  readonly upload: FileId
}

function keptFrom({ upload, file }: { upload: FileId; file: StoredFile }): KeptPicture | undefined {
  const { key, width, height, placeholder } = file
  if (width === undefined || height === undefined || placeholder === undefined) return undefined
  return { upload, picture: { id: key as FileId, width, height, placeholder } }
}
