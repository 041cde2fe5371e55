// One reply to a command with several targets, each of which has its own part.

import { NestedRecipient, type Recipient } from './recipient.ts'
import { Reply } from './reply.ts'

/** A reply made of parts, which may end in any order: it ends with the last of them. */
export class SharedReply {
  readonly #recipient: Recipient
  readonly #whole: Reply
  #open: number

  constructor(recipient: Recipient, whole: Reply, count: number) {
    this.#recipient = recipient
    this.#whole = whole
    this.#open = count
  }

  part(): Reply {
    const inside = new NestedRecipient(this.#recipient, line => this.#whole.send(line))
    return new PartialReply(inside, () => {
      if (--this.#open === 0) this.#whole.end()
    })
  }
}

class PartialReply extends Reply {
  readonly #ended: () => void

  constructor(recipient: Recipient, ended: () => void) {
    super(recipient, undefined)
    this.#ended = ended
  }

  override end(): void {
    this.#ended()
  }
}
