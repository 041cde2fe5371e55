// A client's posts on their way to the disk: bounded, and answered in order.

import type { Post } from '../../core/log/appender.ts'
import type { Seat } from '../../core/log/seat.ts'
import type { AttachedUpload, FileId, Message, RoomId, Seq, Tag } from '../../core/model/model.ts'
import { Refusal } from '../../core/model/refusals.ts'
import type { Posted, Receipt } from '../../core/ports/log.ts'
import type { Client } from './client.ts'
import type { Reply } from './replies/reply.ts'
import type { FormattedText } from './wire/formatting.ts'

/** Answered posts that are kept until they are dropped together. */
const MOST_ANSWERED = 256

interface PendingPost extends PostText {
  readonly room: RoomId
  /** Undefined where there is nothing to answer, which is the fast path. */
  readonly reply: Reply | undefined
}

export interface PostText extends FormattedText {
  readonly target: string
  /** The seq of the message that it answers. */
  readonly inReplyTo?: Seq
  readonly tags?: readonly Tag[]
  /** With these the text may be empty. */
  readonly attachments?: readonly AttachedUpload[]
  /** What is sent instead when an upload went with another message meanwhile. */
  readonly asText?: FormattedText
  /** NOTICE: a refusal is not answered. */
  readonly quiet: boolean
}

export class Posts {
  readonly #client: Client
  readonly #pending: PendingPost[] = []
  #first = 0

  constructor(client: Client) {
    this.#client = client
  }

  /** Sends a text to the log. @param reply ended when the receipt has come */
  post(seat: Seat, post: PostText, reply: Reply): void {
    const { chat } = this.#client.deps
    const { target, quiet } = post
    this.#pending.push({ ...post, room: seat.room, reply })
    try {
      chat.post(seat, postOf(post), this.#answered)
      this.#client.flow.posted(post.text.length)
    } catch (error) {
      this.#pending.pop()
      if (!(error instanceof Refusal)) throw error
      if (!quiet) reply.refused(error, error.code === 'empty-text' ? [] : [target])
      reply.end()
    }
  }

  /** One function for all posts, so that the appender can store runs of texts together. */
  readonly #answered = (receipt: Receipt, texts: number): void => this.#client.answered(receipt, texts)

  /** Whether a post that has no receipt yet attaches the upload. */
  isAttaching(upload: FileId): boolean {
    const pending = this.#pending.slice(this.#first)
    return pending.some(({ attachments }) => attachments?.some(each => each.upload === upload))
  }

  answered(receipt: Receipt, texts: number): void {
    this.#client.flow.answered(texts)
    for (let i = 0; i < texts; i++) {
      const pending = this.#pending[this.#first++]
      if (pending) this.#answer(pending, receipt, i)
    }
    if (this.#first < this.#pending.length && this.#first < MOST_ANSWERED) return
    this.#pending.splice(0, this.#first)
    this.#first = 0
  }

  #answer(pending: PendingPost, receipt: Receipt, index: number): void {
    const { reply, quiet, target } = pending
    if (!reply) return
    if ('refused' in receipt) {
      if (receipt.refused === 'no-such-upload' && this.#postAsText(pending, reply)) return
      if (!quiet) reply.refused(new Refusal(receipt.refused, receipt.opens), [target])
    } else this.#echo(pending, reply, { ...receipt, seq: (receipt.seq + index) as Seq })
    reply.end()
  }

  /** @returns whether the reply is to the text now */
  #postAsText(refused: PendingPost, reply: Reply): boolean {
    const { attachments, styles, action, asText, room, ...rest } = refused
    const seat = this.#client.session?.seat(room)
    if (!seat || !asText) return false
    this.post(seat, { ...rest, ...asText }, reply)
    return true
  }

  #echo(
    { room: id, text, inReplyTo, quiet, styles, action, tags }: PendingPost,
    reply: Reply,
    { seq, at, attachments }: Posted,
  ): void {
    const client = this.#client
    const { person } = client
    const room = client.rooms.get(id)
    if (!client.caps.has('echo-message') || !person || !room) return
    const message = {
      kind: 'message',
      room: id,
      seq,
      at,
      author: { id: person.id, username: person.username },
      text,
      format: 'plain',
      ...(styles && { styles }),
      ...(action && { action }),
      ...(inReplyTo !== undefined && { reply: { seq: inReplyTo, username: '' } }),
      ...(quiet && { notice: true }),
      ...(tags && { tags }),
      ...(attachments && { attachments }),
    } as Message
    for (const line of client.render(message, room)) reply.send(line)
  }
}

/** Most posts are a text and nothing else. */
function postOf({ text, inReplyTo, quiet, styles, action, tags, attachments }: PostText): Post {
  if (inReplyTo === undefined && !quiet && !styles && !action && !tags && !attachments) return { text }
  return {
    text,
    ...(inReplyTo !== undefined && { reply: inReplyTo }),
    ...(quiet && { notice: true }),
    ...(styles && { styles }),
    ...(action && { action }),
    ...(tags && { tags }),
    ...(attachments && { attachments }),
  }
}
