// Operations on the people in a room: joining, leaving, invitations, moderation, and what the caller set for themselves.

import type { Person, Seq as SeqNumber } from '../../../core/model/model.ts'
import { addressee, foldUsername } from '../../../core/model/rules.ts'
import { LONGEST_LIST } from '../../../core/rooms/rooms.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Level, Member, RoomInvitation, RoomRole, Seq } from '../../../wire/schemas.ts'
import { Ban, Standing } from '../../../wire/standing.ts'
import { inRoom, type Operation, withLogIn } from './operation.ts'
import { Done, done, Milliseconds, room, username } from './rooms.ts'

function isThemselves({ username }: Person, typed: string): boolean {
  return addressee(typed) === foldUsername(username)
}

/** Without a duration it never ends. */
function lasting(milliseconds: number | null) {
  return milliseconds === null ? {} : { milliseconds }
}

export const memberOperations: readonly Operation[] = [
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
      const discipline = { person: params.username, reason: body.reason ?? '', ...lasting(body.for) }
      return done(await chat.moderation.ban(person, room, discipline))
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/bans',
    scope: 'read',
    id: 'listBans',
    summary: 'Lists who is banned from the room, the latest first: until when, by whom and why (moderators).',
    params: closed({ room }),
    reply: closed({ bans: Type.Array(Ban) }),
    async run({ chat, person, room }) {
      return { body: { bans: await chat.rooms.bans(person, room) } }
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/rooms/:room/bans/:username',
    scope: 'write',
    id: 'unban',
    summary: 'Lifts a ban before its end (moderators).',
    params: closed({ room, username }),
    reply: Done,
    async run({ chat, person, room, params }) {
      return done(await chat.moderation.unban(person, room, params.username))
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/standing',
    scope: 'read',
    id: 'getStanding',
    summary:
      'Says whether the caller may write in the room now; if not, why and until when; and how soon, in slow mode.',
    params: closed({ room }),
    reply: Standing,
    async run({ chat, person, room }) {
      return { body: await chat.rooms.standing(person, room) }
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/mutes/:username',
    scope: 'write',
    id: 'mute',
    summary: 'Mutes somebody: they cannot write in the room until the mute ends (moderators).',
    params: closed({ room, username }),
    body: closed({ for: Milliseconds, reason: Type.Optional(Type.String({ maxLength: 2048 })) }),
    reply: Done,
    async run({ chat, person, room, params, body }) {
      const discipline = { person: params.username, reason: body.reason ?? '', ...lasting(body.for) }
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
      return { body: { seq: await chat.readMarks.move(person, room, body.seq as SeqNumber) } }
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/unread',
    scope: 'write',
    id: 'markUnread',
    summary:
      "Moves the caller's read mark to right before a message: it and what follows it are unread again.",
    params: closed({ room }),
    body: closed({ seq: Seq }),
    reply: closed({ seq: Seq }),
    async run({ chat, person, room, body }) {
      return { body: { seq: await chat.readMarks.moveBefore(person, room, body.seq as SeqNumber) } }
    },
  }),
]
