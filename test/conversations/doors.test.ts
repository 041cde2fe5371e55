import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  Alteration,
  MaskList,
  PollChange,
  Removal,
  RoomEvent,
  RoomRole,
  Status,
} from '../../src/core/model/model.ts'
import { noRest } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import type { LineClient } from '../tools/line-client.ts'
import { played, table } from './happenings.ts'

type Kind =
  | Exclude<
      RoomEvent['kind'],
      'alteration' | 'appointment' | 'mask' | 'muting' | 'pin' | 'poll' | 'presence' | 'reaction' | 'removal'
    >
  | `${'pin' | 'reaction'} ${'on' | 'off'}`
  | `poll ${PollChange['how']}`
  | `alteration ${Alteration['what']}`
  | `appointment ${RoomRole}`
  | `mask ${MaskList}`
  | `muting ${'begins' | 'ends'}`
  | `presence ${Status | 'back'}`
  | `removal ${Removal['how']}`

/** The rows that show each kind of happening; a kind without any does not compile. */
const rowsOf: Readonly<Record<Kind, readonly string[]>> = {
  message: ['message', 'message of several lines', 'action', 'reply', 'poll'],
  edit: ['edit'],
  deletion: ['deletion'],
  'reaction on': ['reaction'],
  'reaction off': ['reaction taken off'],
  'pin on': ['pin'],
  'pin off': ['pin taken off'],
  arrival: ['room join', 'room join, brought by another'],
  'removal left': ['room leave'],
  'removal kicked': ['sent out', 'sent out without a reason'],
  'removal banned': ['banned', 'banned, with a reason'],
  'appointment owner': ['role of an owner'],
  'appointment moderator': ['role'],
  'appointment helper': ['role of a helper'],
  'appointment speaker': ['role of a speaker'],
  'appointment member': ['role of a member'],
  'muting begins': ['muted', 'muted, with a reason'],
  'muting ends': ['unmuted'],
  'alteration name': ['name'],
  'alteration title': [], // of a group: test/conversations/groups.test.ts
  'alteration topic': ['topic', 'topic taken off'],
  'alteration archived': ['archived', 'reopened'],
  'alteration silenced': ['silenced', 'silence lifted'],
  'alteration slow': ['slow mode', 'slow mode ended'],
  'alteration hours': ['hours', 'hours taken off'],
  'alteration call': ['call', 'call taken off'],
  'alteration kind': ['for announcements', 'closed', 'opened'],
  'alteration key': ['key', 'key taken off'],
  'alteration limit': ['limit', 'limit taken off'],
  'alteration open-topic': ["topic everybody's", "topic moderators'"],
  'alteration no-ctcp': ['without CTCP', 'with CTCP'],
  'alteration no-guests': ['without guests', 'with guests'],
  'alteration quiet-guests': ['guests only read', 'guests write again'],
  'mask ban': ['names banned', 'names not banned any more'],
  'mask mute': ['names muted', 'names unmuted'],
  'mask exception': ['names excepted', 'names not excepted any more'],
  'mask invitation': ['names invited', 'names not invited any more'],
  'presence online': ['connect'],
  'presence away': ['away'],
  'presence back': ['back'],
  'presence offline': ['disconnect'],
  'poll voted': [], // not shown
  'poll closed': ['poll closed'],
  'poll expired': [], // test/core/polls.test.ts
  preview: [],
  typing: [], // not shown
  signal: [],
}

async function enter(client: LineClient, name: string): Promise<void> {
  for (const line of ['2', name, name, 'x']) client.say(line)
  await client.expect(`${name}!\n`)
}

for (const [column, lang] of ['es', 'en'].entries()) {
  test(`docs/doors.md holds what the line door shows: ${lang}`, async () => {
    await using server = await openServer({ edits: [noRest], args: ['--lang', lang, '--no-limits'] })
    const [ana, beto] = [await server.connect(), await server.connect()]
    const clients = { ana, beto }
    const rows = new Map((await table()).map(row => [row[0], row[column + 1] ?? '']))
    const shown = (event: string) => rows.get(event) ?? assert.fail(`docs/doors.md lacks ${event}`)
    await enter(ana, 'ana')
    await enter(beto, 'beto')
    await ana.expect(shown('connect'))
    ana.say('/crear sala')
    await ana.expect('#sala.\n')
    for (const [event, who, types, to = 'beto'] of played) {
      if (event === 'reply') {
        beto.say('¿?')
        await ana.expect('beto: ¿?\n')
      }
      for (const line of types) clients[who].say(line)
      await clients[to].expect(shown(event))
    }
    assert.deepEqual([...rows.keys()].toSorted(), ['connect', ...played.map(([event]) => event)].toSorted())
    assert.deepEqual([...rows.keys()].toSorted(), Object.values(rowsOf).flat().toSorted())
  })
}
