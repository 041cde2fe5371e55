// The server's health and its metrics, for the web door.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Chat } from '../core/chat.ts'
import type { Health, Measure } from '../doors/web/health.ts'
import type { Quota } from '../net/quota.ts'
import type { Component, HealthState } from './health-state.ts'

const COMPONENTS: readonly Component[] = ['store', 'data', 'bus']

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
        help: 'Whether the server does without that part at the moment.',
        value: healthState.problems.has(component) ? 1 : 0,
        labels: { part: component },
      }))
      const lag = delay.percentile(99) / 1e9
      delay.reset()
      return [
        measure('tertulia_ready', 'Whether it takes people.', healthState.isReady ? 1 : 0),
        ...degraded,
        measure('tertulia_connections', 'Open sockets.', connections()),
        measure('tertulia_connections_of_one_address', 'Of the one that has most.', quota.highest),
        measure('tertulia_connections_refused_total', 'Turned away: too many of one address.', quota.refused),
        measure('tertulia_people_online', 'People who are there, on all nodes.', chat.presentCount),
        measure('tertulia_other_nodes', 'Nodes that were heard of lately.', others()),
        measure('tertulia_event_loop_delay_p99_seconds', 'Since it was asked last.', lag),
        measure('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
        measure('process_cpu_seconds_total', 'User and system time.', cpuSeconds()),
        measure('process_uptime_seconds', 'Since it was started.', process.uptime()),
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
