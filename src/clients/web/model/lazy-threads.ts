// The threads that one follows, loaded after the page's first messages.

import type { Message } from '../../../wire/schemas.ts'
import { isAnswer } from './answers.ts'
import type { Room } from './room.ts'
import type { Threads } from './threads.ts'

export class LazyThreads {
  /** undefined until they have been loaded. */
  current: Threads | undefined
  #hasBegun = false
  readonly #deps: ConstructorParameters<typeof Threads>[0]

  constructor(deps: ConstructorParameters<typeof Threads>[0]) {
    this.#deps = deps
  }

  /** After the first messages are there. */
  begin(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    void this.load()
  }

  /** After a hello. */
  renew(): void {
    if (this.#hasBegun) void this.load()
  }

  /** What fails is tried again after the next hello. */
  async load(): Promise<void> {
    const part = await import('./threads.ts').catch(() => undefined)
    if (!part) return
    this.current ??= new part.Threads(this.#deps)
    await this.current.load()
  }

  /** Takes a message as it comes. @returns whether it answers in a thread that one follows */
  async hear(room: Room, message: Message, isMention: boolean): Promise<boolean> {
    return isAnswer(message) && (await this.current?.hear(room, message, isMention)) === true
  }

  /** One has read the room, and so the answers that stand there. */
  readRoom(room: number): void {
    this.current?.readRoom(room)
  }

  unreadOf(room: number, root: number): number {
    return this.current?.unreadOf(room, root) ?? 0
  }

  /** How many threads have unread answers, in rooms that are not quiet. */
  countUnread(rooms: ReadonlyMap<number, Room>): number {
    return this.current?.countUnread(rooms) ?? 0
  }

  /** Whether the message has been read, where it stands. */
  isRead(room: Room, message: Message): boolean {
    if (room.listing.read < message.seq) return false
    return !message.threadOnly || !isAnswer(message) || this.current?.isRead(room.id, message) === true
  }
}
