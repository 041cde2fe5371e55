// Nodes on a test's NATS: each with the bus as the server opens it, and the states that it has reported.

import { NatsBus, type NatsOptions } from '../../src/bus/nats.ts'
import { systemClock } from '../../src/cli/clock.ts'
import { patiently } from './patiently.ts'

export type NodeOptions = Partial<Omit<NatsOptions, 'node' | 'urls' | 'degraded' | 'onError'>>

export class NatsNode implements AsyncDisposable {
  readonly bus: NatsBus
  /** All problems that it has reported, the current state last. */
  readonly problems: (string | undefined)[]
  readonly troubles: unknown[]

  private constructor(bus: NatsBus, problems: (string | undefined)[], troubles: unknown[]) {
    this.bus = bus
    this.problems = problems
    this.troubles = troubles
  }

  static async open(
    node: string,
    url: string,
    options: NodeOptions & { urls?: readonly string[] } = {},
  ): Promise<NatsNode> {
    const problems: (string | undefined)[] = []
    const troubles: unknown[] = []
    const bus = await NatsBus.open({
      urls: [url],
      node,
      prefix: 'prueba',
      epoch: () => 'epoch',
      clock: systemClock,
      degraded: problem => problems.push(problem),
      onError: error => troubles.push(error),
      ...options,
    })
    return new NatsNode(bus, problems, troubles)
  }

  get problem(): string | undefined {
    return this.problems.at(-1)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bus.close()
  }
}

/** Waits until each node has heard from all the others. */
export async function acquainted(nodes: readonly NatsNode[]): Promise<void> {
  await patiently(
    () => nodes.every(({ bus }) => bus.others.size === nodes.length - 1),
    () => `not all have met: ${nodes.map(({ bus }) => bus.others.size)}`,
  )
}
