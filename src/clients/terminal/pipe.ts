// Standard input is no terminal: what it holds goes to the server, what the server says to standard output.

import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { type Ending, leaves, ServerText } from './server-text.ts'

export interface PipeIo {
  readonly socket: Socket
  readonly input: Readable
  readonly output: Writable
}

/** Resolves when the server has closed the connection. */
export function pipe({ socket, input, output }: PipeIo): Promise<Ending> {
  const server = new ServerText()
  const said = new LastWords()
  input.on('data', chunk => said.add(String(chunk))).on('end', () => said.end())
  input.pipe(socket)
  socket.on('data', (chunk: Buffer) => {
    if (!output.write(server.decode(chunk))) socket.pause()
  })
  output.on('drain', () => socket.resume())
  output.on('error', () => socket.destroy()) // nobody reads any more
  return new Promise(resolve => socket.on('close', failed => resolve(said.left && !failed ? 'left' : 'gone')))
}

/** Knows whether what was said takes leave: by a word, or because there is no more. */
class LastWords {
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
