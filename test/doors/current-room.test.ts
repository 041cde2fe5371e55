// Notices that arrive while somebody logs in at the line door.

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
import type { ConversationDeps } from '../../src/doors/line/conversation.ts'
import { CurrentRoom } from '../../src/doors/line/current-room.ts'
import { Locales } from '../../src/doors/line/locale.ts'
import { RoomTitles } from '../../src/doors/line/rooms.ts'

const ana: Author = { id: 1 as UserId, username: 'ana' }
const beto: Author = { id: 2 as UserId, username: 'beto' }
const club: Room = { id: 2 as RoomId, kind: 'closed', name: 'club', topic: '', archived: false }
const asks: RoomInvitation = { room: club, by: beto, at: 0 as Instant }

function comingIn() {
  const said: string[] = []
  const locale = new Locales(new RoomTitles(), { usual: 'es', shortestPassword: 4, webUrl: () => '' }).in(
    'es',
  )
  const connection = { say: (line: string) => said.push(line) }
  const current = new CurrentRoom({ connection, locale, person: ana } as unknown as ConversationDeps, GENERAL)
  return { said, locale, current }
}

test('nobody is told of a room that they were removed from again during their log-in', () => {
  const { said, locale, current } = comingIn()
  current.joined(club, beto)
  current.left(club.id)
  current.flushNotices([])
  assert.deepEqual(said, [])
  const again = comingIn()
  again.current.joined(club, beto)
  again.current.left(club.id)
  again.current.joined(club, beto)
  again.current.flushNotices([])
  assert.deepEqual(again.said, [locale.wording.broughtYou('beto', '#club')])
})

test('notices that arrive during a log-in follow the welcome, each once', () => {
  const { said, locale, current } = comingIn()
  current.invited(asks)
  current.joined(club, beto)
  assert.deepEqual(said, [])
  current.flushNotices([asks])
  const [asked, brought] = [
    locale.wording.asksYou('beto', '#club'),
    locale.wording.broughtYou('beto', '#club'),
  ]
  assert.deepEqual(said, [asked, brought])
  current.invited(asks)
  assert.deepEqual(said.slice(2), [asked])
})
