// Operations on what the caller keeps for themselves: saved messages, and the order of their list of rooms.

import type { RoomId as RoomNumber, Seq as SeqNumber } from '../../../core/model/model.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Section, SectionNumber, Sidebar } from '../../../wire/keeping-schemas.ts'
import { Message, Room, RoomId, Seq } from '../../../wire/schemas.ts'
import { untagged } from '../socket/frames.ts'
import { inRoom, type Operation, withLogIn } from './operation.ts'
import { Limit } from './paging.ts'
import { room } from './rooms.ts'

const savedPath = closed({ room, seq: Seq })
const sectionPath = closed({ section: SectionNumber })
const SectionName = Type.String({ maxLength: 256, description: '1–40 printable characters.' })

const Saved = closed(
  {
    number: Type.Integer({ description: 'Grows with each message that is saved.' }),
    room: RoomId,
    seq: Seq,
    at: Type.Integer({ description: 'When it was saved.' }),
    found: Type.Optional(closed({ message: Message, room: Room }, 'SavedMessage')),
  },
  'Saved',
)

export const keepingOperations: readonly Operation[] = [
  withLogIn({
    method: 'GET',
    path: '/me/saved',
    scope: 'read',
    id: 'listSaved',
    summary:
      "Lists the caller's saved messages, the latest first. One that the caller may not read any more comes without `found`.",
    query: closed({
      before: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: Number.MAX_SAFE_INTEGER,
          description: 'Only those with lower numbers.',
        }),
      ),
      limit: Limit,
    }),
    reply: closed({ saved: Type.Array(Saved), more: Type.Boolean() }),
    async run({ chat, person, query }) {
      const { before, limit = 50 } = query
      const found = await chat.keeping.saved(person, { before, limit: limit + 1 })
      const saved = found.slice(0, limit).map(each => ({
        ...each,
        ...(each.found && { found: { ...each.found, message: untagged(each.found.message) } }),
      }))
      return { body: { saved, more: found.length > limit } }
    },
  }),
  inRoom({
    method: 'GET',
    path: '/rooms/:room/saved/:seq',
    scope: 'read',
    id: 'isSaved',
    summary: 'Says whether the caller has saved a message.',
    params: savedPath,
    reply: closed({ saved: Type.Boolean() }),
    async run({ chat, person, room, params }) {
      return { body: { saved: await chat.keeping.isSaved(person, room, params.seq as SeqNumber) } }
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/saved/:seq',
    scope: 'write',
    id: 'save',
    summary: 'Saves a message for the caller alone. It stays in their list when they leave the room.',
    params: savedPath,
    async run({ chat, person, room, params }) {
      await chat.keeping.save(person, room, params.seq as SeqNumber, true)
      return {}
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/me/saved/:room/:seq',
    scope: 'write',
    id: 'unsave',
    summary: "Takes a message off the caller's saved ones, also one of a room that they have left.",
    params: closed({ room: RoomId, seq: Seq }),
    async run({ chat, person, params }) {
      await chat.keeping.save(person, params.room as RoomNumber, params.seq as SeqNumber, false)
      return {}
    },
  }),
  inRoom({
    method: 'PUT',
    path: '/rooms/:room/hidden',
    scope: 'write',
    id: 'hideConversation',
    summary: "Takes a conversation off the caller's lists until something new is said in it.",
    params: closed({ room }),
    async run({ chat, person, room }) {
      await chat.rooms.hide(person, room, true)
      return {}
    },
  }),
  inRoom({
    method: 'DELETE',
    path: '/rooms/:room/hidden',
    scope: 'write',
    id: 'showConversation',
    summary: "Puts a hidden conversation back on the caller's lists.",
    params: closed({ room }),
    async run({ chat, person, room }) {
      await chat.rooms.hide(person, room, false)
      return {}
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/me/sidebar',
    scope: 'read',
    id: 'getSidebar',
    summary: "Returns how the caller's list of rooms is ordered: their sections, and what stands where.",
    reply: Sidebar,
    async run({ chat, person }) {
      return { body: await chat.keeping.sidebar(person) }
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/me/sections',
    scope: 'write',
    id: 'addSection',
    summary: "Adds a section to the caller's list of rooms, at the end.",
    body: closed({ name: SectionName }),
    status: 201,
    reply: Section,
    async run({ chat, person, body }) {
      return { status: 201, body: await chat.keeping.addSection(person, body.name) }
    },
  }),
  withLogIn({
    method: 'PATCH',
    path: '/me/sections/:section',
    scope: 'write',
    id: 'changeSection',
    summary: 'Renames, folds, opens or moves a section.',
    params: sectionPath,
    body: closed({
      name: Type.Optional(SectionName),
      folded: Type.Optional(Type.Boolean()),
      before: Type.Optional(
        Type.Union([SectionNumber, Type.Null()], {
          description: 'The section before which it stands then; null: at the end.',
        }),
      ),
    }),
    async run({ chat, person, params, body }) {
      await chat.keeping.changeSection(person, params.section, body)
      return {}
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/me/sections/:section',
    scope: 'write',
    id: 'removeSection',
    summary: 'Removes a section. Its rooms stand in none then.',
    params: sectionPath,
    async run({ chat, person, params }) {
      await chat.keeping.removeSection(person, params.section)
      return {}
    },
  }),
  inRoom({
    method: 'PATCH',
    path: '/rooms/:room/placement',
    scope: 'write',
    id: 'place',
    summary: "Makes a room or conversation a favourite in the caller's list, or puts it into a section.",
    params: closed({ room }),
    body: closed({
      favourite: Type.Optional(Type.Boolean()),
      section: Type.Optional(
        Type.Union([SectionNumber, Type.Null()], { description: "One of the caller's; null for none." }),
      ),
    }),
    async run({ chat, person, room, body }) {
      await chat.keeping.place(person, room, body)
      return {}
    },
  }),
]
