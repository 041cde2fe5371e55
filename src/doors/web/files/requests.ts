// What every request about files passes: who asks, and how many of theirs run at a time.

import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Chat } from '../../../core/chat.ts'
import { Slots } from '../../../core/limits/slots.ts'
import type { Person, RoomId, Scope, UserId } from '../../../core/model/model.ts'
import type { TokenSession } from '../../../core/sessions/tokens.ts'
import type { BodyDeadlines } from '../body-deadlines.ts'
import { tokenOf } from '../credentials.ts'
import { tokenSessionOf } from '../operations/operation.ts'
import { Problem } from '../operations/problems.ts'
import type { RemoteAddresses } from '../remote-address.ts'

/** Files of one person that are sent or received at a time; others wait. */
const MOST_TRANSFERS = 12

/** The name of a file that was sent without one. */
export const NAMELESS = 'file'

/** How many bytes a body has, if it says so. */
export function sizeIn({ 'content-length': length }: IncomingHttpHeaders): number | undefined {
  return length === undefined ? undefined : Number(length)
}

/** What the routes of files need. */
export interface FileRouteDeps {
  readonly chat: Chat
  readonly requests: FileRequests
}

export class FileRequests {
  readonly #chat: Chat
  readonly #remote: RemoteAddresses
  readonly #deadlines: BodyDeadlines
  readonly #transfers = new Slots<UserId>(MOST_TRANSFERS)

  constructor(chat: Chat, { remote, deadlines }: { remote: RemoteAddresses; deadlines: BodyDeadlines }) {
    this.#chat = chat
    this.#remote = remote
    this.#deadlines = deadlines
  }

  /** Throws 'not-logged-in', 'too-fast'. Refuses 'out-of-scope'. */
  async authenticate(request: FastifyRequest, scope: Scope): Promise<TokenSession> {
    const session = await this.#sessionOf(request)
    session.mustReach(scope, 'any')
    this.charge(session.person)
    return session
  }

  /**
   * To be asked once a body has come, which may take long: whether the request would still be let in. Throws
   * 'not-logged-in'. Refuses 'no-such-session', 'out-of-scope'.
   */
  async confirm(request: FastifyRequest, scope: Scope, room: RoomId): Promise<void> {
    const session = await this.#sessionOf(request)
    session.mustReach(scope, room)
  }

  async #sessionOf({ raw, headers }: FastifyRequest): Promise<TokenSession> {
    const token = tokenOf(headers, this.#remote.isSecure(raw))
    if (token === undefined) throw new Problem('not-logged-in')
    return tokenSessionOf(this.#chat, token, this.#remote.addressOf(raw))
  }

  addressOf({ raw }: FastifyRequest): string {
    return this.#remote.addressOf(raw)
  }

  /** Throws 'too-fast'. */
  charge(person: Person): void {
    const wait = this.#chat.throttle(person)
    if (wait > 0) throw new Problem('too-fast', { retryAfter: wait / 1000 })
  }

  /** As `inTurn`, for a request whose body is a file that will be read: it has no deadline from now on. */
  async receiveInTurn<T>(person: Person, reply: FastifyReply, work: () => Promise<T>): Promise<T> {
    this.#deadlines.lift(reply.request.raw)
    return this.inTurn(person, reply, work)
  }

  /** Does the work when one of the person's transfers has ended, unless the client hangs up before. */
  async inTurn<T>({ id }: Person, { raw }: FastifyReply, work: () => Promise<T>): Promise<T> {
    const gone = new AbortController()
    const hungUp = () => gone.abort(new Problem('too-slow'))
    raw.once('close', hungUp)
    const leave = await this.#transfers.take(id, gone.signal).finally(() => raw.off('close', hungUp))
    onceClosed(raw, leave)
    return work()
  }
}

function onceClosed(response: FastifyReply['raw'], leave: () => void): void {
  if (response.closed) leave()
  else response.once('close', leave)
}
