// The bus that the settings ask for: within this process, or over NATS between several nodes.

import { randomUUID } from 'node:crypto'
import { LocalBus } from '../bus/local.ts'
import type { Config } from '../config/settings.ts'
import type { Bus } from '../core/ports/bus.ts'
import type { Clock } from '../core/ports/clock.ts'
import { languages } from '../wording/languages.ts'
import type { HealthState } from './health-state.ts'
import { StartFailed } from './start-failed.ts'

/** Prefix of all our subjects: the NATS server may have other users. */
const PREFIX = 'tertulia'

export interface OpenBus {
  readonly bus: Bus
  /** How many other nodes have been heard from lately. */
  others(): number
  close(): Promise<void>
}

export interface BusDeps {
  readonly healthState: HealthState
  readonly clock: Clock
  /** Identifies the store's history: nodes with another one are ignored. */
  readonly history: string
  readonly onError: (error: unknown) => void
}

/** Does not wait for NATS: if it is down, the bus connects later. Throws StartFailed for settings that cannot work. */
export async function openBus(config: Config, deps: BusDeps): Promise<OpenBus> {
  const { bus: urls, busCredentials: credentials } = config
  if (urls.length === 0) return { bus: new LocalBus(), others: () => 0, close: async () => {} }
  const { NatsBus } = await import('../bus/nats.ts')
  try {
    const bus = await NatsBus.open({
      urls,
      ...(credentials !== undefined && { credentials }),
      node: randomUUID(),
      prefix: PREFIX,
      epoch: () => deps.history,
      clock: deps.clock,
      degraded: deps.healthState.reporter('bus'),
      onError: deps.onError,
    })
    return { bus, others: () => bus.others.size, close: () => bus.close() }
  } catch (error) {
    throw new StartFailed(
      languages[config.lang].startFailed.bus(error instanceof Error ? error.message : `${error}`),
    )
  }
}
