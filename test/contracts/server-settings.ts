// The contract of the Store port: the settings of the server.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Profile, RoomId, Seq } from '../../src/core/model/model.ts'
import { Refusal } from '../../src/core/model/refusals.ts'
import { NOW, type Opened, register } from './store.ts'

export function serverSettingsContract(driver: string, open: () => Promise<Opened>): void {
  describe(`settings of the server, on ${driver}`, () => {
    test('admins and the operator change them; what makes no sense counts as the default, and is found', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const read = async () => (await store.settings.read()).privateMessages
      assert.equal(await read(), 'everyone')
      assert.equal(await store.settings.change(ana.id, { privateMessages: 'staff' }, NOW), true)
      assert.equal(
        await store.settings.change(undefined, { privateMessages: 'staff' }, NOW),
        false,
        'so already',
      )
      await assert.rejects(
        store.settings.change(beto.id, { privateMessages: 'off' }, NOW),
        new Refusal('forbidden'),
      )
      assert.equal(await read(), 'staff')
      await opened.outside("UPDATE server_settings SET value = 'quizás'")
      assert.equal(await read(), 'everyone')
      const odd = (await store.upkeep.survey(undefined))?.odd
      assert.deepEqual(odd, [{ table: 'server_settings', column: 'value', row: 'privateMessages' }])
      assert.equal(await store.settings.change(ana.id, { privateMessages: 'off' }, NOW), true)
      assert.equal(await read(), 'off')
    })

    test('private messages: with staff alone, or off; bots count as members', async () => {
      await using opened = await open()
      const { store } = opened
      const [ana, beto] = [await register(store, 'ana'), await register(store, 'beto')]
      const bot = await register(store, 'bot')
      await store.people.setRole(ana.id, 'bot', 'bot', NOW)
      const direct = async (...people: Profile[]) =>
        (
          await store.rooms.direct(
            people.map(({ id }) => id),
            NOW,
          )
        ).room.id
      const say = async (who: Profile, room: RoomId) => {
        const [receipt] = await store.log.append(
          [{ room, author: who.id, texts: ['hola'], seen: 0 as Seq }],
          NOW,
        )
        return receipt && 'refused' in receipt ? receipt.refused : 'said'
      }
      const refused = (promise: Promise<unknown>) =>
        promise.then(
          () => 'done',
          (error: Refusal) => error.code,
        )
      const [pair, staff] = [await direct(beto, bot), await direct(beto, ana)]
      await store.settings.change(ana.id, { privateMessages: 'staff' }, NOW)
      assert.deepEqual(
        [await say(beto, pair), await say(bot, pair), await say(beto, staff)],
        ['private-staff', 'private-staff', 'said'],
      )
      await store.settings.change(ana.id, { privateMessages: 'off' }, NOW)
      assert.deepEqual(
        [await say(ana, staff), await refused(direct(ana, bot))],
        ['private-off', 'private-off'],
      )
      assert.equal(await direct(beto, ana), staff, 'what was written stays readable')
      await opened.outside("UPDATE server_settings SET value = ''")
      assert.equal(await say(bot, pair), 'said')
    })
  })
}
