// Request bodies that are files: read in chunks, no slower than a bound allows.

import type { IncomingMessage } from 'node:http'
import { Problem } from '../operations/problems.ts'

/** At least this much of a file must come in each span of time: whoever is slower goes on later, from where they are. */
const LEAST_BYTES = 16 << 10
const SPAN_MS = 30_000
/** How long the rest of a refused body is read and dropped: a client that is still sending can read the answer first. */
const LINGER_MS = 5_000

/**
 * The chunks of a body. Throws 'too-slow', and 'bad-request' when the client hangs up. What is left of a body when nobody
 * reads on stays there, so that the request can be answered: see `dropRest`.
 */
export async function* chunksOf(body: IncomingMessage): AsyncGenerator<Uint8Array> {
  let [received, before] = [0, 0]
  let isSlow = false
  let wake = () => {}
  const woken = () => wake()
  for (const event of EVENTS) body.on(event, woken)
  const timer = setInterval(() => {
    // While bytes wait here, it is the disk that is slow.
    isSlow = received - before < LEAST_BYTES && body.readableLength === 0
    before = received
    if (isSlow) wake()
  }, SPAN_MS)
  try {
    for (;;) {
      const chunk: Buffer | null = body.read()
      if (chunk !== null) {
        received += chunk.length
        yield chunk
        continue
      }
      if (body.readableEnded) return
      if (body.destroyed) throw new Problem('bad-request', { detail: 'the body ended early' })
      if (isSlow) throw new Problem('too-slow')
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  } finally {
    clearInterval(timer)
    for (const event of EVENTS) body.off(event, woken)
  }
}

const EVENTS = ['readable', 'end', 'error', 'close'] as const

/** Once the request is answered: closes the connection unless the rest of its body comes within a moment. */
export function dropRest(body: IncomingMessage): void {
  if (body.complete || body.destroyed) return
  const timer = setTimeout(() => body.socket.destroy(), LINGER_MS)
  body.once('close', () => clearTimeout(timer))
  body.once('end', () => clearTimeout(timer))
  body.resume()
}
