// The server's health and its metrics, for the web door.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Chat } from '../core/chat.ts'
import type { Health, Measure } from '../doors/web/health.ts'
import type { Quota } from '../net/quota.ts'
import type { Component, HealthState } from './health-state.ts'

const COMPONENTS: readonly Component[] = ['store', 'data', 'files', 'bus']

export interface HealthDeps {
  readonly chat: Chat
  readonly healthState: HealthState
  readonly quota: Quota
  /** How many sockets are open. */
  connections(): number
  /** How many other nodes have been heard from lately. */
  others(): number
}

export function healthOf({ chat, healthState, quota, connections, others }: HealthDeps): Health {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  return {
    get isReady() {
      return healthState.isReady
    },
    get problems() {
      return healthState.problems
    },
    measures(): readonly Measure[] {
      const degraded = COMPONENTS.map(component => ({
        name: 'tertulia_degraded',
        help: '1 while the server works without that part.',
        value: healthState.problems.has(component) ? 1 : 0,
        labels: { part: component },
      }))
      const lag = delay.percentile(99) / 1e9
      delay.reset()
      return [
        measure('tertulia_ready', '1 while the server accepts people.', healthState.isReady ? 1 : 0),
        ...degraded,
        measure('tertulia_connections', 'Open sockets.', connections()),
        measure(
          'tertulia_connections_of_one_address',
          'Open connections of the address that has most.',
          quota.highest,
        ),
        measure(
          'tertulia_connections_refused_total',
          'Connections refused because their address had too many.',
          quota.refused,
        ),
        measure('tertulia_people_online', 'People online, on all nodes.', chat.presentCount),
        measure('tertulia_other_nodes', 'Other nodes heard from lately.', others()),
        measure('tertulia_event_loop_delay_p99_seconds', '99th percentile since the last scrape.', lag),
        measure('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
        measure('process_cpu_seconds_total', 'User and system CPU time.', cpuSeconds()),
        measure('process_uptime_seconds', 'Time since the start.', process.uptime()),
      ]
    },
  }
}

function measure(name: string, help: string, value: number): Measure {
  return { name, help, value }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
