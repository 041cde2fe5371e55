// What happens while somebody comes in by the line door is told behind their welcome, once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Author,
  GENERAL,
  type Instant,
  type Room,
  type RoomId,
  type UserId,
} from '../../src/core/model/model.ts'
import type { RoomInvitation } from '../../src/core/ports/rooms.ts'
import type { Setting } from '../../src/doors/line/conversation.ts'
import { Whereabouts } from '../../src/doors/line/current-room.ts'
import { Voices } from '../../src/doors/line/locale.ts'
import { Titles } from '../../src/doors/line/rooms.ts'

const ana: Author = { id: 1 as UserId, username: 'ana' }
const beto: Author = { id: 2 as UserId, username: 'beto' }
const club: Room = { id: 2 as RoomId, kind: 'closed', name: 'club', topic: '', archived: false }
const asks: RoomInvitation = { room: club, by: beto, at: 0 as Instant }

test('what happens while somebody comes in is told behind the welcome, once', () => {
  const said: string[] = []
  const voice = new Voices(new Titles(), 'es', 4).in('es')
  const connection = { say: (line: string) => said.push(line) }
  const where = new Whereabouts({ connection, voice, person: ana } as unknown as Setting, GENERAL)
  where.asked(asks)
  where.entered(club, beto)
  assert.deepEqual(said, [])
  where.welcomed([asks])
  const [asked, brought] = [voice.wording.asksYou('beto', '#club'), voice.wording.broughtYou('beto', '#club')]
  assert.deepEqual(said, [asked, brought])
  where.asked(asks)
  assert.deepEqual(said.slice(2), [asked])
})
