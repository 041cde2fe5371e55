// Events that the IRC doors of all nodes tell each other, besides those of the core: nicks, away and quit reasons,
// bots, metadata, operators' commands. The node that publishes an event handles it like the others: there is one path.

import type { PictureChange } from '../../../core/cluster/cluster-messages.ts'
import type { Author, Person, Room, RoomId, SessionId, UserId } from '../../../core/model/model.ts'
import { AVATAR_KEY } from '../../../core/model/rules.ts'
import type { Bearer } from '../../../core/ports/metadata.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import { avatarLink } from '../../shared/attachments.ts'
import { isPair } from '../channels.ts'
import type { Client } from '../client.ts'
import type { IrcDeps } from '../deps.ts'
import { draftOf } from '../replies/metadata-drafts.ts'
import { Reply } from '../replies/reply.ts'
import { lineOf } from '../wire/message.ts'
import { foldName } from '../wire/names.ts'
import { sourceOf } from './tags.ts'

/** Plain data: it is sent as JSON. */
export type ClusterEvent =
  /** A guest has an account now, maybe under another nick. */
  | {
      readonly is: 'named'
      readonly person: Person
      readonly before: string
      /** The rooms in which that person talks with one other person. */
      readonly pairs: readonly RoomId[]
      readonly by: SessionId | undefined
    }
  /** Somebody's away reason has changed; empty if they are back. */
  | { readonly is: 'away'; readonly person: Author; readonly text: string }
  /** Somebody's last connection is about to end. */
  | { readonly is: 'going'; readonly person: Author; readonly reason: string }
  /** Somebody has set or unset user mode B. */
  | { readonly is: 'bot'; readonly person: UserId; readonly on: boolean }
  /** Somebody was invited into a room: members with invite-notify are told. */
  | {
      readonly is: 'invited'
      readonly room: RoomId
      readonly nick: string
      readonly by: Author
      readonly session: SessionId | undefined
    }
  /** A guest's name is free again. */
  | { readonly is: 'freed' }
  /** A metadata key of a user or a channel has changed; `name` is what others call them. */
  | {
      readonly is: 'datum'
      readonly name: string
      readonly bearer: Bearer
      readonly key: string
      readonly value: string
      readonly by: SessionId | undefined
    }
  | { readonly is: 'wallops'; readonly source: string; readonly text: string }
  /** KILL: all of somebody's IRC connections end. */
  | { readonly is: 'killed'; readonly nick: string; readonly by: string; readonly why: string }

type Of<Is extends ClusterEvent['is']> = Extract<ClusterEvent, { is: Is }>

const HANDLERS: { readonly [Is in ClusterEvent['is']]: (event: Of<Is>, deps: IrcDeps) => void } = {
  named,
  away: ({ person, text }, { presences }) => presences().awayChanged(person, text),
  going: ({ person, reason }, { presences }) => presences().quitting(person, reason),
  bot: ({ person, on }, { channels }) => channels.markBot(person, on),
  invited,
  freed(_, { clients }) {
    for (const { rooms } of clients) rooms.forgetTargets()
  },
  datum,
  wallops({ source, text }, { clients }) {
    const line = lineOf(source, 'WALLOPS', [text])
    for (const each of clients)
      if (each.preferences.hearsWallops && each.registration.isWelcomed) each.send(line)
  },
  killed,
}

export function publish({ chat }: IrcDeps, event: ClusterEvent): void {
  chat.broadcastToDoors('irc', JSON.stringify(event))
}

/** Publishes the away reason: somebody who is back on one connection may still be away on another. */
export function publishAway(deps: IrcDeps, { id, username }: Author): void {
  const away = [...deps.clients].find(
    ({ person, preferences }) => person?.id === id && preferences.awayText !== '',
  )
  publish(deps, { is: 'away', person: { id, username }, text: away?.preferences.awayText ?? '' })
}

/** Publishes whether any of somebody's connections has user mode B. */
export function publishBot(deps: IrcDeps, { id }: Author): void {
  const on = [...deps.clients].some(({ person, preferences }) => person?.id === id && preferences.isBot)
  publish(deps, { is: 'bot', person: id, on })
}

export function publishInvitation(
  { session, deps }: Client,
  { room, nick }: { room: Room; nick: string },
): void {
  if (!session) return
  const { id, username } = session.person
  publish(deps, { is: 'invited', room: room.id, nick, by: { id, username }, session: session.id })
}

/** Handles events of all nodes. Kinds that this version does not know are ignored. */
export function listenToCluster(deps: IrcDeps): void {
  deps.chat.onDoorMessage('irc', json => {
    const event: ClusterEvent = JSON.parse(json)
    if (!Object.hasOwn(HANDLERS, event.is)) return
    const handler = HANDLERS[event.is] as (event: ClusterEvent, deps: IrcDeps) => void
    handler(event, deps)
  })
  deps.chat.profiles.watchNames((person, by) => fullName(person, by, deps))
  deps.chat.avatars.watch(change => picture(change, deps))
}

/** The clients with a session, except the one that the event comes from. */
function* others({ clients }: IrcDeps, by: Session['id']): Generator<Client> {
  for (const client of clients)
    if (client.session && (by === undefined || client.session.id !== by)) yield client
}

/** Tells everybody under which name the same person goes on, and that they have an account. */
function named({ person, before, pairs, by }: Of<'named'>, deps: IrcDeps): void {
  const { channels, clients, settings, presences } = deps
  channels.meet(person)
  if (person.username !== before) {
    const line = lineOf(sourceOf({ username: before }, settings.host), 'NICK', [person.username])
    for (const other of others(deps, by)) other.send(line)
    for (const id of pairs) channels.forget({ id })
    for (const client of clients) renamePairs(client, { name: person.username, pairs, by })
    presences().renamed(person, before)
  }
  const line = lineOf(sourceOf(person, settings.host), 'ACCOUNT', [person.username])
  for (const other of others(deps, by)) if (other.caps.has('account-notify')) other.send(line)
}

/** Gives conversations with them the new name; the old one may soon be somebody else's. */
function renamePairs(
  client: Client,
  { name, pairs, by }: { name: string; pairs: readonly RoomId[]; by: SessionId | undefined },
): void {
  client.rooms.forgetTargets()
  const shared = pairs.flatMap(id => client.rooms.get(id) ?? []).filter(isPair)
  if (shared.length === 0) return
  if (client.session?.id !== by) for (const room of shared) client.rooms.set(room.id, { ...room, name })
  client.regroup()
}

function fullName(person: Person, by: SessionId | undefined, deps: IrcDeps): void {
  const { channels, settings } = deps
  channels.meet(person)
  const line = lineOf(sourceOf(person, settings.host), 'SETNAME', [person.name])
  for (const other of others(deps, by))
    if (other.caps.has('setname')) other.send(channels.actorTags(person, other.caps.visible) + line)
}

/** Tells members about an invitation (IRCv3 invite-notify); the session that invited has its reply. */
function invited({ room: id, nick, by, session }: Of<'invited'>, deps: IrcDeps): void {
  const { channels, settings } = deps
  for (const other of others(deps, session)) {
    const room = other.rooms.get(id)
    if (!room || !other.caps.has('invite-notify')) continue
    const line = lineOf(sourceOf(by, settings.host), 'INVITE', [nick, channels.nameOf(room)])
    other.send(channels.actorTags(by, other.caps.visible) + line)
  }
}

/** Tells subscribers a metadata change: of any user, since all people share the first room, and of their channels. */
function datum({ name, bearer, key, value, by }: Of<'datum'>, deps: IrcDeps): void {
  for (const other of others(deps, by)) {
    const concerns = 'person' in bearer || other.rooms.has(bearer.room)
    if (concerns && other.preferences.subscriptions.has(key))
      draftOf(other.caps).notify(new Reply(other, undefined), { name, key, value })
  }
}

/** Subscribers are told the address of a picture like a value that somebody sets. */
function picture({ person, room: id, avatar, by }: PictureChange, deps: IrcDeps): void {
  const value = avatar === undefined ? '' : avatarLink(avatar, deps)
  for (const other of others(deps, by)) {
    const room = id === undefined ? undefined : other.rooms.get(id)
    const name = room ? deps.channels.nameOf(room) : person?.username
    if (name !== undefined && other.preferences.subscriptions.has(AVATAR_KEY))
      draftOf(other.caps).notify(new Reply(other, undefined), { name, key: AVATAR_KEY, value })
  }
}

function killed({ nick, by, why }: Of<'killed'>, { clients, settings }: IrcDeps): void {
  const source = sourceOf({ username: by }, settings.host)
  const hit = [...clients].filter(({ person }) => foldName(person?.username ?? '') === foldName(nick))
  for (const each of hit) {
    const reason = each.wording.irc.killed(by, why === '' ? by : why)
    each.send(lineOf(source, 'KILL', [each.name, reason]))
    each.send(lineOf(each.source, 'QUIT', [reason]))
    each.close(reason)
  }
}
