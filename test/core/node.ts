// Several nodes of one chat: a store that they share, and a NATS between them.

import type { SessionTransfer } from '../../src/core/cluster/cluster-messages.ts'
import type { Author, Profile, Room, RoomId } from '../../src/core/model/model.ts'
import { GENERAL } from '../../src/core/model/model.ts'
import type { Session, View } from '../../src/core/sessions/sessions.ts'
import { acquainted, NatsNode, type NodeOptions } from '../tools/nats-node.ts'
import { patiently } from '../tools/patiently.ts'
import { Place } from './memory-chat.ts'

/** Somebody on one node, and what became known to their connection. */
export interface Connected {
  readonly session: Session
  readonly shown: string[]
  readonly marks: number[]
  /** Rooms they came into, and who brought them. */
  readonly entered: string[]
  readonly left: RoomId[]
  readonly endings: string[]
}

export class Node implements AsyncDisposable {
  readonly place: Place
  readonly nats: NatsNode

  private constructor(nats: NatsNode, beside: Place | undefined, options: { limits?: boolean }) {
    this.nats = nats
    const { limits = false } = options
    this.place = new Place(undefined, { bus: nats.bus, limits, ...(beside && { beside }) })
  }

  static async open(name: string, url: string, options: NodeOptions & { beside?: Place; limits?: boolean }) {
    const { beside, limits = false, ...nats } = options
    return new Node(await NatsNode.open(name, url, nats), beside, { limits })
  }

  get chat() {
    return this.place.chat
  }

  /** @param by the session that goes on here; else they log in */
  async enter(person: Profile, by: string | SessionTransfer = 'x', here = true): Promise<Connected> {
    const seen = { marks: [] as number[], entered: [] as string[], left: [] as RoomId[] }
    const endings: string[] = []
    let session: Session | undefined
    const basic = this.place.view()
    const view: View = {
      ...basic,
      displayOf: room => ({ ...basic.displayOf(room), isCurrent: here && room.id !== GENERAL }),
      readMarkMoved: (_, seq) => void seen.marks.push(seq),
      changed: () => {},
      joined: (room: Room, author: Author) => void seen.entered.push(`${room.name} ${author.username}`),
      left: room => void seen.left.push(room),
      ended: how => {
        endings.push(how)
        if (session) this.chat.connections.disconnect(session)
      },
    }
    const origin = { door: 'line', address: 'here', credential: by } as const
    const arrived = await this.chat.connections.connect(person, view, origin)
    session = arrived.session
    for (const { seat } of arrived.seats) seat.begin()
    return { session, shown: basic.shown, endings, ...seen }
  }

  /** Resolves when it is stored. */
  async say(who: Connected, room: RoomId, text: string): Promise<void> {
    const seat = who.session.seat(room)
    if (!seat) throw new Error('nobody says that there')
    await new Promise(resolve => this.chat.post(seat, { text }, resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.nats[Symbol.asyncDispose]()
    this.place[Symbol.dispose]()
  }
}

/**
 * Two nodes that have met, and ana and beto, whom both know.
 * @param way by which the other one reaches NATS, where that is another
 */
export async function two(
  url: string,
  { way = url, ...options }: NodeOptions & { limits?: boolean; way?: string } = {},
) {
  const prefix = `prueba.${++tries}`
  const one = await Node.open('uno', url, { prefix, ...options })
  const other = await Node.open('dos', way, { prefix, ...options, beside: one.place })
  await acquainted([one.nats, other.nats])
  const [ana, beto] = [await one.place.register('ana'), await one.place.register('beto')]
  return {
    one,
    other,
    ana,
    beto,
    prefix,
    async [Symbol.asyncDispose]() {
      await other[Symbol.asyncDispose]()
      await one[Symbol.asyncDispose]()
    },
  }
}

/** Tests do not hear each other. */
let tries = 0

/** Waits until the line has been shown there. */
export async function reads({ shown }: Connected, line: string): Promise<void> {
  await patiently(
    () => shown.includes(line),
    () => `never shown: ${line}, but ${shown.slice(-5).join(' | ')}`,
  )
}

export async function becomes(isSo: () => boolean, what: string): Promise<void> {
  await patiently(isSo, () => `it never came about that ${what}`)
}

/** Waits until the token opens nothing there. */
export async function refused({ chat }: Node, token: string): Promise<void> {
  let code: unknown
  const isRefused = async () => {
    code = await chat.authentication.authenticate(token, 'here').then(
      () => undefined,
      error => error.code,
    )
    return code === 'no-such-session'
  }
  await patiently(isRefused, () => `the token still opens something: ${code}`)
}
