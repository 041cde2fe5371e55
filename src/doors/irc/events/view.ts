// How a client sees its person's rooms: those that it comes into, those that it is taken out of.

import type { Author, Profile, Removal, Room, RoomId, Seq } from '../../../core/model/model.ts'
import type { View } from '../../../core/sessions/sessions.ts'
import { isPair } from '../channels.ts'
import type { Client } from '../client.ts'
import { ignoreRefusal, sendJoin, sendReadMarker } from '../replies/join-replies.ts'
import { Reply } from '../replies/reply.ts'
import { lineOf } from '../wire/message.ts'
import { sourceOf } from './tags.ts'

/** @param person who comes in by it: rooms are shown to them before there is a session */
export function viewOf(client: Client, person: Profile): View {
  const { channels, onError } = client.deps
  const displayOf = (room: Room) => {
    channels.learn(room)
    client.rooms.set(room.id, room)
    return { cohort: channels.cohort(room, client.viewerFor(client.person ?? person)), isCurrent: true }
  }
  return {
    subscriber: client.socket.subscriber,
    // What it says is shown to it with its answer, under its label (posts.ts).
    echoes: false,
    lasts: false,
    displayOf,
    progressed: () => client.pump(),
    failed: error => {
      onError(error)
      client.close(client.wording.trouble)
    },
    joined: (room, author) => {
      if (client.session) void client.joins.joined(room, author)
    },
    invited: ({ room, by }) => {
      if (client.session) client.joins.invited(room, by)
    },
    left: (id, unseen) => {
      const room = client.rooms.get(id)
      if (unseen && room) sendRemoval(client, room, unseen)
      client.rooms.delete(id)
      client.rooms.forgetTargets()
    },
    readMarkMoved: (room, seq) => void sendMovedMarker(client, room, seq),
    changed: () => {},
    ended: how => client.end(how),
  }
}

/** Else it would take itself for a member still, of a channel in which nobody speaks. */
function sendRemoval(client: Client, room: Room, removal: Removal): void {
  for (const line of client.render(removal, room)) client.send(line)
}

async function sendMovedMarker(client: Client, room: RoomId, seq: Seq): Promise<void> {
  const { session, caps, rooms, deps } = client
  client.rooms.markers?.delete(room)
  if (!session || !caps.has('draft/read-marker') || rooms.markerMoving === room) return
  await sendReadMarker(client, room, { seq }).catch(error => deps.onError(error))
}

/** What it is told of rooms that its person comes into. */
export class Joins {
  readonly #client: Client
  #joiningTo: Reply | undefined
  #renamingTo: Reply | undefined
  #arriving: Promise<void> | undefined

  constructor(client: Client) {
    this.#client = client
  }

  /** Whoever brings somebody in has invited them: here they are in at once. */
  async joined(room: Room, author: Author): Promise<void> {
    const client = this.#client
    const isOwn = author.id === client.person?.id
    if (!isOwn && !isPair(room)) this.#sayInvited(author, room)
    const to = (isOwn ? this.#joiningTo : undefined) ?? new Reply(client, undefined)
    this.#arriving = sendJoin(client, room, to).catch(ignoreRefusal).catch(client.deps.onError)
    await this.#arriving
  }

  /** A client that does not know of renaming is brought over (channel-rename, Fallback). */
  async renamed(room: Room, before: string, reason: string): Promise<void> {
    const client = this.#client
    const to = this.#renamingTo ?? new Reply(client, undefined)
    const tags = client.person ? client.deps.channels.actorTags(client.person, client.caps.visible) : ''
    to.send(tags + lineOf(client.source, 'PART', [before, ...(reason === '' ? [] : [reason])]))
    this.#arriving = sendJoin(client, room, to).catch(ignoreRefusal).catch(client.deps.onError)
    await this.#arriving
  }

  /** Being brought over to a room that it renames itself is the answer to that. */
  async renaming(to: Reply, rename: () => Promise<unknown>): Promise<void> {
    this.#renamingTo = to
    try {
      await rename()
      await this.#arriving
    } finally {
      this.#renamingTo = undefined
    }
  }

  /** Somebody asks the person to come: JOIN follows, or not. */
  invited(room: Room, by: Author): void {
    this.#sayInvited(by, room)
  }

  #sayInvited(author: Author, room: Room): void {
    const { deps, host, name, caps } = this.#client
    const line = lineOf(sourceOf(author, host), 'INVITE', [name, deps.channels.nameOf(room)])
    this.#client.send(deps.channels.actorTags(author, caps.visible) + line)
  }

  /** What it is told of a room that it joins itself is the answer to that. */
  async joining(to: Reply, join: () => Promise<void>): Promise<void> {
    this.#joiningTo = to
    try {
      await join()
      await this.#arriving
    } finally {
      this.#joiningTo = undefined
    }
  }
}
