// A thread that is open beside its room: its first message and its latest answers, with all changes applied.

import type { LogEvent, Message } from '../../../wire/schemas.ts'
import { Refused } from '../../client/client.ts'
import { isAnswer, rootOf } from './answers.ts'
import type { Api } from './api.ts'
import { applyChange, isChange } from './changes.ts'
import { Observable } from './observable.ts'
import type { Room } from './room.ts'

/** Answers of one page. */
const PAGE = 100

export class Thread extends Observable {
  messages: readonly Message[] = []
  /** There are answers before the first one. */
  hasOlder = false
  isLoaded = false
  /** Why it could not be loaded: the code of a refusal, or 'offline'. */
  error: string | undefined
  /** The seq of its first message, once it is loaded; until then of the message by which it was opened. */
  root: number
  following = false
  /** Its first unread answers come after this one; undefined if there were none when it was opened. */
  unreadFrom: number | undefined
  readonly #room: Room
  readonly #api: Api
  readonly #me: () => number
  /** Events that came while a page was being loaded. */
  #meanwhile: LogEvent[] | undefined

  constructor(room: Room, seq: number, { api, me }: { api: Api; me: () => number }) {
    super()
    this.#room = room
    this.root = seq
    this.#api = api
    this.#me = me
  }

  /** Keeps it current. @returns what ends that */
  open(): () => void {
    const stop = this.#room.listen(event => this.#hear(event))
    this.#room.openThread = this
    return () => {
      stop()
      if (this.#room.openThread === this) this.#room.openThread = undefined
    }
  }

  get last(): Message | undefined {
    return this.messages.at(-1)
  }

  message(seq: number): Message | undefined {
    return this.messages.find(each => each.seq === seq)
  }

  /** The message as the server has just answered it. */
  put(message: Message): void {
    this.messages = this.messages.map(each => (each.seq === message.seq ? message : each))
    this.notify()
  }

  async load(): Promise<void> {
    await this.#read(async () => {
      const { messages, more, root, following, read, unread } = await this.#api.thread(
        this.#room.id,
        this.root,
        { limit: PAGE },
      )
      if (!this.isLoaded) this.unreadFrom = unread > 0 ? read : undefined
      Object.assign(this, { messages, hasOlder: more, root, following, isLoaded: true })
    })
  }

  async older(): Promise<void> {
    const before = this.messages.find(each => each.seq !== this.root)?.seq
    if (before === undefined || !this.hasOlder) return
    await this.#read(async () => {
      const page = await this.#api.thread(this.#room.id, this.root, { before, limit: PAGE })
      const newer = this.messages.filter(each => each.seq >= before)
      Object.assign(this, { messages: [...page.messages, ...newer], hasOlder: page.more })
    })
  }

  async #read(request: () => Promise<void>): Promise<void> {
    if (this.#meanwhile) return
    this.#meanwhile = []
    this.error = undefined
    try {
      await request()
    } catch (error) {
      this.error = error instanceof Refused ? error.code : 'offline'
    }
    const events = this.#meanwhile
    this.#meanwhile = undefined
    for (const event of events) this.#apply(event)
    this.notifyNow()
  }

  #hear(event: LogEvent): void {
    if (this.#meanwhile) this.#meanwhile.push(event)
    if (!this.isLoaded) return
    this.#apply(event)
    this.notify()
  }

  #apply(event: LogEvent): void {
    if (event.kind === 'message') {
      const isMissing = (this.last?.seq ?? 0) < event.seq
      if (isAnswer(event) && rootOf(event) === this.root && isMissing)
        this.messages = [...this.messages, event]
      if (isAnswer(event) && rootOf(event) === this.root && event.author.id === this.#me())
        this.following = true
    } else if (isChange(event) && event.kind === 'deletion' && event.target !== this.root)
      this.messages = this.messages.filter(each => each.seq !== event.target)
    else if (isChange(event))
      this.messages = this.messages.map(each =>
        each.seq === event.target ? applyChange(event, each, this.#me()) : each,
      )
  }
}
