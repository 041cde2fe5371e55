// What a service says to a client.

import type { Client } from '../client.ts'
import { lineOf } from '../wire/message.ts'

/** One line, without its end; the text has to fit. */
export function serviceNotice(client: Client, service: string, text: string): string {
  return lineOf(`${service}!${service}@${client.host}`, 'NOTICE', [client.name, text])
}
