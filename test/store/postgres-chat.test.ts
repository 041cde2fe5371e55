// The chat itself on PostgreSQL: two nodes that share nothing but the database.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { LocalBus } from '../../src/bus/local.ts'
import { systemClock } from '../../src/cli/clock.ts'
import { GENERAL } from '../../src/core/model/model.ts'
import type { Receipt } from '../../src/core/ports/log.ts'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { Place } from '../core/memory-chat.ts'
import { patiently } from '../tools/patiently.ts'
import { lacksPostgres, Postgres } from '../tools/postgres.ts'

describe('the chat on PostgreSQL', { skip: lacksPostgres }, () => {
  let postgres: Postgres

  before(async () => {
    postgres = await Postgres.start()
  })
  after(() => postgres[Symbol.asyncDispose]())

  test('what is said on one node is shown on the other once, in order, across a restart of PostgreSQL', async () => {
    const url = await postgres.chat()
    const stores = [
      await PostgresStore.open({ urls: [url] }),
      await PostgresStore.open({ urls: [url] }),
    ] as const
    {
      using one = new Place(systemClock, { bus: new LocalBus(), store: stores[0] })
      using two = new Place(systemClock, { bus: new LocalBus(), store: stores[1] })
      const ana = await one.enter(await one.register('ana'))
      const beto = await two.enter(await two.register('beto'))
      /** Like a client: again under the same key, while it is unknown whether it was stored. */
      const say = async (place: Place, who: typeof ana, text: string): Promise<void> => {
        const seat = who.session.seat(GENERAL) ?? assert.fail('no seat')
        const post = { text, key: text }
        const receipt = await new Promise<Receipt>(resolve => place.chat.post(seat, post, resolve))
        if (!('refused' in receipt)) return
        assert.equal(receipt.refused, 'store-failed')
        await say(place, who, text)
      }
      const texts = Array.from({ length: 40 }, (_, i) => `${i}`)
      for (const [i, text] of texts.entries()) {
        if (i === 20) await postgres.down('SIGKILL')
        const said = say(...(i % 2 === 0 ? ([one, ana] as const) : ([two, beto] as const)), text)
        if (i === 20) await postgres.up()
        await said
      }
      const shownTo = ({ shown }: typeof ana) => shown.filter(each => each.startsWith('message'))
      const others = (mine: number) => texts.filter((_, i) => i % 2 !== mine).map(text => `message ${text}`)
      await patiently(
        () => shownTo(ana).length >= 20 && shownTo(beto).length >= 20,
        () => `shown were ${shownTo(ana)} and ${shownTo(beto)}`,
      )
      assert.deepEqual(shownTo(ana), others(0))
      assert.deepEqual(shownTo(beto), others(1))
      assert.deepEqual([...one.troubles, ...two.troubles], [])
    }
    await Promise.all(stores.map(store => store.close()))
  })
})
