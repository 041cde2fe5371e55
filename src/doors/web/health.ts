// What a balancer, and whoever watches the server, ask of it: whether it lives, whether it takes people, how it is.

import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** How the server is. */
export interface Health {
  /** It takes people; a node that is stopped takes none any more, nor one whose store is away. */
  readonly isReady: boolean
  /** Part → what is wrong with it. */
  readonly problems: ReadonlyMap<string, string>
  /** Name → how many, and what that is. */
  measures(): readonly Measure[]
}

export interface Measure {
  readonly name: string
  readonly help: string
  readonly value: number
  readonly labels?: Readonly<Record<string, string>>
}

/** Probes know no names: whatever Host they say they are answered. */
export const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/** @param mayMeasure who is asking: what is measured is not everybody's business */
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

/** Prometheus' text format, version 0.0.4; measures of one name stand together. */
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
