// Without a terminal: standard input goes to the server, and what the server sends to standard output.

import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { type Ending, leaves, ServerText } from './server-text.ts'

export interface PipeIo {
  readonly socket: Socket
  readonly input: Readable
  readonly output: Writable
}

/** Pipes both ways. Resolves when the server has closed the connection. */
export function pipe({ socket, input, output }: PipeIo): Promise<Ending> {
  const server = new ServerText()
  const sent = new LeaveDetector()
  input.on('data', chunk => sent.add(String(chunk))).on('end', () => sent.end())
  input.pipe(socket)
  socket.on('data', (chunk: Buffer) => {
    if (!output.write(server.decode(chunk))) socket.pause()
  })
  output.on('drain', () => socket.resume())
  output.on('error', () => socket.destroy()) // nobody reads the output any longer
  return new Promise(resolve => socket.on('close', failed => resolve(sent.left && !failed ? 'left' : 'gone')))
}

/** Notices that the input ends the conversation: by a leave command, or by its end. */
class LeaveDetector {
  #unfinished = ''
  left = false

  add(text: string): void {
    const lines = (this.#unfinished + text).split('\n')
    this.#unfinished = (lines.pop() ?? '').slice(0, 100)
    if (lines.some(leaves)) this.left = true
  }

  end(): void {
    this.left = true
  }
}
