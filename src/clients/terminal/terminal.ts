// The dialogue in a terminal: the line being typed stays at the bottom, everything else appears above it.

import type { Socket } from 'node:net'
import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline'
import { Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import { decode, undecoded } from '../../wire/code-page.ts'
import { TERMINAL_CLIENT } from '../../wire/terminal-client.ts'
import type { Wording } from '../../wording/es.ts'
import type { Language } from '../../wording/languages.ts'
import { Keys } from './keys.ts'
import { type Ending, leaves, type Question, ServerText } from './server-text.ts'
import { Transfers } from './transfers.ts'

/** How long the server has to say goodbye when we leave. */
const GOODBYE_MS = 2_000

export interface TerminalIo {
  readonly socket: Socket
  readonly input: ReadStream
  readonly output: WriteStream
  readonly wording: Wording
  readonly language: Language
  /** The address that the socket is connected to. */
  readonly host: string
  readonly port: number
}

/** Runs the dialogue. Resolves when it is over and the terminal is restored. */
export function talk(io: TerminalIo): Promise<Ending> {
  return new Talk(io).ended
}

class Talk {
  readonly #socket: Socket
  readonly #output: WriteStream
  readonly #screen: Screen
  readonly #terminal: Interface & { prevRows?: number }
  readonly #transfers: Transfers
  readonly #ended = Promise.withResolvers<Ending>()
  #question: Question | undefined
  /** Called once, when the terminal turns out not to use UTF-8. */
  #tellForeign: ((name: string) => void) | undefined
  #left = false
  #closed = false

  constructor({ socket, input, output, ...rest }: TerminalIo) {
    const { wording } = rest
    this.#socket = socket
    this.#output = output
    this.#screen = new Screen(output)
    this.#tellForeign = name => this.#show({ lines: [wording.codePage(name)], question: undefined })
    this.#terminal = createInterface({
      input: new Keys(input, bytes => this.#read(bytes)),
      output: this.#screen,
      terminal: true,
      prompt: '',
      historySize: 200,
    })
    socket.write(TERMINAL_CLIENT)
    const server = new ServerText()
    socket.on('data', (chunk: Buffer) => {
      const { lines, question } = server.read(chunk)
      this.#show({ lines: lines.filter(line => !this.#transfers.hears(line)), question })
    })
    socket.on('close', () => this.#end())
    this.#transfers = new Transfers({
      ...rest,
      show: line => this.#show({ lines: [line], question: undefined }),
      ask: line => void socket.write(`${line}\n`),
    })
    this.#terminal.on('line', line => this.#say(line))
    this.#terminal.on('history', history => {
      if (this.#question) history.shift() // names and passwords are not offered again
    })
    this.#terminal.on('SIGINT', () => this.#leave())
    this.#terminal.on('close', () => {
      this.#closed = true
      this.#leave()
    })
  }

  get ended(): Promise<Ending> {
    return this.#ended.promise
  }

  #say(line: string): void {
    if (this.#screen.muted) this.#output.write('\n') // the Enter that was not echoed
    this.#screen.muted = false
    const isAnswer = this.#question !== undefined
    this.#question = undefined
    this.#terminal.setPrompt('')
    if (!isAnswer && this.#transfers.takes(line)) return
    if (leaves(line)) this.#left = true
    this.#socket.write(`${line}\n`)
  }

  /** Decodes bytes that are not UTF-8 as the line door does. A password is left undecoded, and the server refuses it. */
  #read(bytes: Buffer): string {
    const { text, codePage } = decode(bytes)
    if (this.#screen.muted) return undecoded(text)
    this.#tellForeign?.(codePage)
    this.#tellForeign = undefined
    return text
  }

  #leave(): void {
    if (this.#left) return
    this.#left = true
    this.#output.write('\n')
    this.#socket.write('salir\n')
    setTimeout(() => this.#socket.destroy(), GOODBYE_MS).unref()
  }

  /** Prints lines above the one being typed, which is drawn again below them. */
  #show({ lines, question }: { lines: string[]; question: Question | undefined }): void {
    if (this.#closed) {
      for (const line of lines) this.#output.write(`${line}\n`)
      return
    }
    if (lines.length > 0) {
      const { rows } = this.#terminal.getCursorPos()
      moveCursor(this.#output, 0, -rows)
      cursorTo(this.#output, 0)
      clearScreenDown(this.#output)
      // readline goes up by as many rows as it believes the cursor is down, and pasted text may have changed that.
      this.#terminal.prevRows = rows
      this.#output.write(`${lines.join('\n')}\n${'\n'.repeat(rows)}`)
    }
    if (question) {
      this.#question = question
      this.#terminal.setPrompt(question.text)
    }
    if (lines.length > 0 || question) this.#terminal.prompt(true)
    if (question?.hidden) this.#screen.muted = true
  }

  #end(): void {
    const how: Ending = this.#left ? 'left' : 'gone'
    this.#left = true
    this.#screen.muted = false
    if (this.#terminal.line !== '' || this.#question) this.#output.write('\n')
    this.#terminal.close()
    this.#ended.resolve(how)
  }
}

/** The terminal's output as readline sees it; while `muted`, nothing that is typed is echoed. */
class Screen extends Writable {
  readonly #output: WriteStream
  muted = false

  constructor(output: WriteStream) {
    super()
    this.#output = output
    output.on('resize', () => this.emit('resize'))
  }

  get columns(): number {
    return this.#output.columns
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (!this.muted) this.#output.write(chunk)
    done()
  }
}
