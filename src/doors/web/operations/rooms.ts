// Operations on rooms: their members, settings and moderation.

import type { LogEvent, Person, Seq as SeqNumber } from '../../../core/model/model.ts'
import { addressee, foldUsername } from '../../../core/model/rules.ts'
import { LONGEST_LIST } from '../../../core/rooms/rooms.ts'
import { closed, type Static, Type } from '../../../wire/json-schema.ts'
import {
  LogEvent as Event,
  LastingKind,
  Level,
  Listing,
  MaskList,
  Member,
  Room,
  RoomFlag,
  RoomInvitation,
  RoomRole,
  RoomSettings,
  Seq,
  SizedListing,
} from '../../../wire/schemas.ts'
import { type ApiResponse, inRoom, type Operation, withLogIn } from './operation.ts'

export const room = Type.String({
  maxLength: 140,
  description: "The room's number or its name, such as general.",
})
const username = Type.String({ maxLength: 128 })
const mask = Type.String({ maxLength: 256 })
const Milliseconds = Type.Union(
  [Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()],
  {
    description: 'Duration in milliseconds; null for no end, 0 to end it now.',
  },
)

/** The event that was stored; null if nothing changed. */
export const Done = Type.Union([Event, Type.Null()], { title: 'Done' })

/** Answers with the event, or with 204 if nothing changed. */
export function done(event: LogEvent | undefined): ApiResponse {
  return event ? { body: event } : {}
}

function isThemselves({ username }: Person, typed: string): boolean {
  return addressee(typed) === foldUsername(username)
}

function forHowLong(milliseconds: Static<typeof Milliseconds>): number | undefined {
  return milliseconds ?? undefined
}

export const roomOperations: readonly Operation[] = [
  withLogIn({
    method: 'GET',
    path: '/rooms',
    scope: 'read',
    id: 'listRooms',
    summary: "Lists the caller's rooms, with unread counts, and those that the caller may join.",
    reply: closed({ mine: Type.Array(SizedListing), others: Type.Array(SizedListing) }),
    async run({ chat, person }) {
      return { body: await chat.rooms.list(person) }
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/rooms',
    scope: 'write',
    id: 'createRoom',
    summary: 'Creates a room, which the caller owns.',
    body: closed({
      name: Type.String({ maxLength: 128 }),
      kind: Type.Optional(LastingKind),
    }),
    status: 201,
    reply: Room,
    async run({ chat, person, body }) {
      return { status: 201, body: await chat.rooms.create(person, body.name, body.kind ?? 'open') }
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/direct',
    scope: 'write',
    id: 'openDirectRoom',
    summary: 'Returns the direct room of the caller and these people, and creates it if there is none.',
    body: closed({ people: Type.Array(username, { minItems: 1, maxItems: 12 }) }),
    reply: Room,
    async run({ chat, person, body }) {
      return { body: await chat.rooms.direct(person, body.people) }
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room',
    scope: 'read',
    id: 'getRoom',
    summary: "Returns one of the caller's rooms.",
    params: closed({ room }),
    reply: Listing,
    async run({ chat, person, room }) {
      return { body: await chat.rooms.listing(person, room) }
    },
  }),
  inRoom({
    method: 'PATCH',
    path: '/rooms/:room',
    scope: 'write',
    id: 'alterRoom',
    summary: 'Changes one setting of a room: its name, its topic, who may join or write (moderators).',
    params: closed({ room }),
    body: Type.Union([
      closed({ name: Type.String({ maxLength: 128 }) }),
      closed({ topic: Type.String({ maxLength: 2048 }) }),
      closed({ archived: Type.Boolean() }),
      closed({ silencedFor: Milliseconds }),
      closed({
        slow: Type.Integer({
          minimum: 0,
          maximum: 86_400,
          description: 'Seconds between two messages of one person; 0 for none.',
        }),
      }),
      closed({ kind: LastingKind }),
      closed({
        key: Type.String({ maxLength: 128, description: 'The password that joining takes; empty for none.' }),
      }),
      closed({
        limit: Type.Integer({
          minimum: 0,
          maximum: 1_000_000,
          description: 'The largest number of members; 0 for no limit.',
        }),
      }),
      closed({ flag: RoomFlag, on: Type.Boolean() }),
    ]),
    reply: Done,
    async run({ chat, person, room, body }) {
      const { moderation } = chat
      if ('name' in body) return done(await moderation.rename(person, room, body.name))
      if ('topic' in body) return done(await moderation.setTopic(person, room, body.topic))
      if ('archived' in body) return done(await moderation.archive(person, room, body.archived))
      if ('slow' in body) return done(await moderation.slow(person, room, body.slow))
      if ('kind' in body) return done(await moderation.setKind(person, room, body.kind))
      if ('key' in body) return done(await moderation.setKey(person, room, body.key))
      if ('limit' in body) return done(await moderation.limit(person, room, body.limit))
      if ('flag' in body) return done(await moderation.setFlag(person, room, body.flag, body.on))
      return done(await moderation.silence(person, room, forHowLong(body.silencedFor)))
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/rules',
    scope: 'read',
    id: 'getRules',
    summary:
      'Returns the settings of a room that the caller is in: who may join and write, and its mask lists.',
    params: closed({ room }),
    reply: RoomSettings,
    async run({ chat, person, room }) {
      return { body: await chat.rooms.settings(person, room) }
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/masks/:list/:mask',
    scope: 'write',
    id: 'putMask',
    summary:
      'Adds a mask to a list of the room: juan* matches every username that begins with juan (moderators).',
    params: closed({ room, list: MaskList, mask }),
    reply: Done,
    async run({ chat, person, room, params: { list, mask } }) {
      return done(await chat.moderation.mask(person, room, { list, mask, on: true }))
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/rooms/:room/masks/:list/:mask',
    scope: 'write',
    id: 'dropMask',
    summary: 'Removes a mask. Removing a ban mask that names one person also lifts their ban (moderators).',
    params: closed({ room, list: MaskList, mask }),
    reply: Done,
    async run({ chat, person, room, params: { list, mask } }) {
      return done(await chat.moderation.mask(person, room, { list, mask, on: false }))
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/members',
    scope: 'read',
    id: 'listMembers',
    summary: 'Lists the members of the room by username, 200 per page.',
    params: closed({ room }),
    query: closed({ after: Type.Optional(username) }),
    reply: closed({ members: Type.Array(Member), more: Type.Boolean() }),
    async run({ chat, person, room, query }) {
      const members = await chat.rooms.members(person, room, query.after ?? '')
      const withStatus = members.map(each => ({ ...each, status: chat.statusOf(each.person.id) }))
      return { body: { members: withStatus, more: members.length === LONGEST_LIST } }
    },
  }),
  inRoom({
    method: 'POST',
    path: '/rooms/:room/members',
    scope: 'write',
    id: 'joinRoom',
    summary: 'Joins a room by its key.',
    params: closed({ room }),
    body: closed({ key: Type.String({ maxLength: 128 }) }),
    reply: Done,
    async run({ chat, person, room, body }) {
      return done(await chat.rooms.join(person, room, body.key))
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/members/:username',
    scope: 'write',
    id: 'addMember',
    summary: 'Joins a room, or adds somebody else to it.',
    params: closed({ room, username }),
    reply: Done,
    async run({ chat, person, room, params }) {
      const { rooms } = chat
      if (isThemselves(person, params.username)) return done(await rooms.join(person, room))
      return done(await rooms.bring(person, room, params.username))
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/asked/:username',
    scope: 'write',
    id: 'askIntoRoom',
    summary: 'Invites somebody to a room: a pass for joining once, which they may use or decline.',
    params: closed({ room, username }),
    reply: closed({ asked: Type.Boolean({ description: 'False if they had been invited already.' }) }),
    async run({ chat, person, room, params }) {
      return { body: { asked: await chat.rooms.invite(person, room, params.username) } }
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/me/asked',
    scope: 'read',
    id: 'listAsked',
    summary:
      'Lists the rooms that the caller is invited to, newest first. They are joined like any other room.',
    reply: closed({ asked: Type.Array(RoomInvitation) }),
    async run({ chat, person }) {
      const all = await chat.rooms.invitations(person)
      return { body: { asked: all.map(({ room, by, at }) => ({ room, by, at })) } }
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/me/asked/:room',
    scope: 'write',
    id: 'declineRoom',
    summary: 'Declines an invitation to a room.',
    params: closed({ room }),
    async run({ chat, person, room }) {
      await chat.rooms.decline(person, room)
      return {}
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/rooms/:room/members/:username',
    scope: 'write',
    id: 'removeMember',
    summary: 'Leaves a room, or removes somebody from it (moderators).',
    params: closed({ room, username }),
    query: closed({ reason: Type.Optional(Type.String({ maxLength: 2048 })) }),
    reply: Done,
    async run({ chat, person, room, params, query }) {
      const { rooms, moderation } = chat
      if (isThemselves(person, params.username)) return done(await rooms.leave(person, room))
      const { reason = '' } = query
      return done(await moderation.kick(person, room, { person: params.username, reason }))
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/bans/:username',
    scope: 'write',
    id: 'ban',
    summary: 'Bans somebody: removes them from the room and keeps them out until the ban ends (moderators).',
    params: closed({ room, username }),
    body: closed({ for: Milliseconds, reason: Type.Optional(Type.String({ maxLength: 2048 })) }),
    reply: Done,
    async run({ chat, person, room, params, body }) {
      const milliseconds = forHowLong(body.for)
      const whom = { person: params.username, reason: body.reason ?? '' }
      const discipline = milliseconds === undefined ? whom : { ...whom, milliseconds }
      return done(await chat.moderation.ban(person, room, discipline))
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/mutes/:username',
    scope: 'write',
    id: 'mute',
    summary: 'Mutes somebody: they cannot write in the room until the mute ends (moderators).',
    params: closed({ room, username }),
    body: closed({ for: Milliseconds }),
    reply: Done,
    async run({ chat, person, room, params, body }) {
      const milliseconds = forHowLong(body.for)
      const whom = { person: params.username }
      const discipline = milliseconds === undefined ? whom : { ...whom, milliseconds }
      return done(await chat.moderation.mute(person, room, discipline))
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/roles/:username',
    scope: 'write',
    id: 'appoint',
    summary: "Changes a member's role in the room (owners).",
    params: closed({ room, username }),
    body: closed({ role: RoomRole }),
    reply: Done,
    async run({ chat, person, room, params, body }) {
      return done(await chat.moderation.appoint(person, room, params.username, body.role))
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/level',
    scope: 'write',
    id: 'setLevel',
    summary: "Sets the caller's notification level for the room.",
    params: closed({ room }),
    body: closed({ level: Level }),
    async run({ chat, person, room, body }) {
      await chat.rooms.setLevel(person, room, body.level)
      return {}
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/read',
    scope: 'write',
    id: 'markRead',
    summary: "Moves the caller's read mark up to a seq. It never moves back.",
    params: closed({ room }),
    body: closed({ seq: Seq }),
    reply: closed({ seq: Seq }),
    async run({ chat, person, room, body }) {
      return { body: { seq: await chat.markRead(person, room, body.seq as SeqNumber) } }
    },
  }),
]
