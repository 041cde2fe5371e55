// Request bodies that are files: read in chunks, no slower than a bound allows.

import type { IncomingMessage } from 'node:http'
import { Problem } from '../operations/problems.ts'

/** At least this much of a file must come in each span of time: whoever is slower goes on later, from where they are. */
const [LEAST_BYTES, SPAN_MS] = [16 << 10, 30_000]

/** The chunks of a body. Throws 'too-slow', and 'bad-request' when the client hangs up. */
export async function* chunksOf(body: IncomingMessage): AsyncGenerator<Uint8Array> {
  let received = 0
  let before = 0
  let isSlow = false
  const timer = setInterval(() => {
    // Bytes that have come and wait for the disk count as well.
    const now = received + body.readableLength
    isSlow = now - before < LEAST_BYTES && !body.readableEnded
    before = now
    if (isSlow) body.destroy(new Problem('too-slow'))
  }, SPAN_MS)
  try {
    for await (const chunk of body) {
      received += chunk.length
      yield chunk
    }
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('bad-request', { detail: 'the body ended early' })
  } finally {
    clearInterval(timer)
  }
}
