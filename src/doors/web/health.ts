// Health checks and metrics: /healthz, /readyz and /metrics.

import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** The state of the server. */
export interface Health {
  /** Whether it takes connections: not while it stops, nor while its store is unavailable. */
  readonly isReady: boolean
  /** What is wrong, by part. */
  readonly problems: ReadonlyMap<string, string>
  /** The current metrics. */
  measures(): readonly Measure[]
}

export interface Measure {
  readonly name: string
  readonly help: string
  readonly value: number
  readonly labels?: Readonly<Record<string, string>>
}

/** Paths that are served whatever the Host header: probes do not know the server's name. */
export const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/** Serves the three paths. @param mayMeasure whether a client may see the metrics, which are not public */
export function serveHealth(
  app: FastifyInstance,
  health: Health,
  mayMeasure: (request: IncomingMessage) => boolean,
): void {
  app.get('/healthz', (_, reply) => reply.header('Cache-Control', 'no-store').type('text/plain').send('ok\n'))
  app.get('/readyz', (_, reply) =>
    reply
      .code(health.isReady ? 200 : 503)
      .header('Cache-Control', 'no-store')
      .send({ ready: health.isReady, degraded: [...health.problems.keys()] }),
  )
  app.get('/metrics', (request, reply) => {
    if (!mayMeasure(request.raw)) return reply.callNotFound()
    return reply.type('text/plain; version=0.0.4').send(exposition(health.measures()))
  })
}

/** Formats metrics for Prometheus (text format, version 0.0.4). Those of one name must be adjacent. */
export function exposition(measures: readonly Measure[]): string {
  const lines: string[] = []
  let last = ''
  for (const { name, help, value, labels = {} } of measures) {
    if (name !== last) lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`)
    last = name
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${text.replace(/[\\"\n]/g, '_')}"`)
    lines.push(`${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`)
  }
  return `${lines.join('\n')}\n`
}
