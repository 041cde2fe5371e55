// Expect: 100-continue (RFC 9110, section 10.1.1): whoever is refused without their body need not send it.

import type { IncomingMessage, ServerResponse } from 'node:http'

const READING: ReadonlySet<string | symbol> = new Set(['data', 'readable'])

/** Tells the client to go on when somebody begins to read the body, unless the request is answered by then. */
export function continueOnceRead(request: IncomingMessage, response: ServerResponse): void {
  const look = (event: string | symbol) => {
    if (!READING.has(event)) return
    request.off('newListener', look)
    if (!response.headersSent) response.writeContinue()
  }
  request.on('newListener', look)
}
