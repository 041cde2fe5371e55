import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GENERAL } from '../../src/core/model/model.ts'
import { Indexer } from '../../src/core/search/indexer.ts'
import { HandClock } from './hand-clock.ts'

const STEP_MS = 8

/** @returns how many steps are made in a second in which so many texts are written each millisecond. */
async function stepsWhile(written: number): Promise<number> {
  const clock = new HandClock()
  let steps = 0
  const search = {
    async index() {
      steps++
      await new Promise<void>(resolve => clock.after(STEP_MS, resolve))
      return GENERAL
    },
    tidy: async () => false,
  }
  const indexer = new Indexer({
    search,
    clock,
    written: () => written * clock.elapsed(),
    onError: error => assert.fail(`${error}`),
  })
  const passes = async (milliseconds: number) => {
    for (let i = 0; i < milliseconds; i++) {
      clock.pass(1)
      await new Promise(setImmediate)
    }
  }
  await passes(1_500) // the first step comes late
  steps = 0
  await passes(1_000)
  indexer.close()
  return steps
}

test('what is written is indexed at once, but while much is written that goes before', async () => {
  const [calm, chatty, flooded] = [await stepsWhile(0), await stepsWhile(3), await stepsWhile(50)]
  assert.ok(calm > 30, `${calm} steps`)
  assert.equal(chatty, calm)
  assert.ok(flooded >= 1 && flooded < 5, `${flooded} steps`)
})
