// Operations on rooms: which there are, their settings and lists of masks.

import type { LogEvent } from '../../../core/model/model.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { RoomSettings } from '../../../wire/room-settings.ts'
import {
  LogEvent as Event,
  LastingKind,
  Listing,
  MaskList,
  Room,
  RoomFlag,
  SizedListing,
} from '../../../wire/schemas.ts'
import { type ApiResponse, inRoom, type Operation, withLogIn } from './operation.ts'

export const room = Type.String({
  maxLength: 140,
  description: "The room's number or its name, such as general.",
})
export const username = Type.String({ maxLength: 128 })
const mask = Type.String({ maxLength: 256 })
export const Milliseconds = Type.Union(
  [Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()],
  {
    description: 'Duration in milliseconds; null for no end, 0 to end it now.',
  },
)

/** The event that was stored, or nothing if nothing changed: then the answer is 204, without a body. */
export const Done = Type.Union([Event, Type.Null()], { title: 'Done' })

/** The answer of an operation whose reply is `Done`. */
export function done(event: LogEvent | undefined): ApiResponse {
  return event ? { body: event } : {}
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
    method: 'PUT',
    path: '/rooms/:room/title',
    scope: 'write',
    id: 'nameGroup',
    summary: 'Names a conversation of more than two; an empty title takes its name away.',
    params: closed({ room }),
    body: closed({ title: Type.String({ maxLength: 512, description: 'Up to 60 code points.' }) }),
    reply: Done,
    async run({ chat, person, room, body }) {
      return done(await chat.rooms.setTitle(person, room, body.title))
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
      closed({
        hours: Type.String({
          maxLength: 1000,
          description:
            'When others than moderators may write: a time zone, then days and times, such as America/Bogota mon-fri 07:00-12:00 14:00-18:00; sat 22:00-02:00. Empty for always.',
        }),
      }),
      closed({
        call: Type.String({
          maxLength: 8192,
          description: 'The https address of a call (Jitsi, BigBlueButton, Meet …); empty for none.',
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
      if ('hours' in body) return done(await moderation.setHours(person, room, body.hours))
      if ('call' in body) return done(await moderation.setCall(person, room, body.call))
      if ('kind' in body) return done(await moderation.setKind(person, room, body.kind))
      if ('key' in body) return done(await moderation.setKey(person, room, body.key))
      if ('limit' in body) return done(await moderation.limit(person, room, body.limit))
      if ('flag' in body) return done(await moderation.setFlag(person, room, body.flag, body.on))
      return done(await moderation.silence(person, room, body.silencedFor ?? undefined))
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
]
