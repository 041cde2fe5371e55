// Watches the store while the server runs, and reports on the console and in the log.

import type { Tampering } from '../core/log/watched-log.ts'
import { systemClock } from './clock.ts'
import type { HealthState } from './health-state.ts'
import type { ServerContext } from './server-context.ts'
import type { StoreHandle } from './store.ts'
import { healthSentence, oddSentences, tamperingSentence } from './store-sentences.ts'
import { Upkeep } from './upkeep.ts'

/** Between a failed commit and the end of the process: its senders are still answered. */
const LAST_WORDS_MS = 100

/** Reports each change of the server's health. Ends the process when the store is lost. */
export function monitorStore(
  { store, where, remade, watchReaders }: StoreHandle,
  healthState: HealthState,
  { wording, host, log, console }: ServerContext,
): void {
  healthState.onChange((part, problem) => {
    if (problem === undefined) log.info({ part }, 'recovered')
    else log.warn({ part, problem }, 'degraded')
    const sentence = healthSentence(part, problem, { where, wording })
    if (sentence !== undefined) console(sentence)
  })
  if (remade.length > 0) {
    log.warn({ remade }, 'another program has changed the schema')
    console(wording.tampered.remade(remade.join(', ')))
  }
  watchReaders(err => log.error({ err }, 'a thread that reads the store failed'))
  void store.lost.then(err => {
    log.fatal({ err }, 'the store failed')
    host.stderr.write(`${wording.lost[err.reason]}\n`)
    setTimeout(() => host.exit(1), LAST_WORDS_MS)
  })
}

/** Reports what another program has done to the log of a room. */
export function reportTampering(tampering: Tampering, { wording, log, console }: ServerContext): void {
  log.warn(tampering, 'another program has changed the log')
  console(tamperingSentence(tampering, wording))
}

/** Surveys the store's rows from now on, and reports those that make no sense. */
export function startUpkeep(
  { store }: StoreHandle,
  healthState: HealthState,
  { wording, log, console, onError }: ServerContext,
): Upkeep {
  return new Upkeep({
    store: store.upkeep,
    clock: systemClock,
    found(odd) {
      log.warn({ odd }, 'another program has left rows that make no sense')
      for (const sentence of oddSentences(odd, wording)) console(sentence)
    },
    is(well) {
      const data = healthState.problems.get('data')
      if (data === undefined || data === 'odd') healthState.reporter('data')(well ? undefined : 'odd')
    },
    onError,
  })
}
