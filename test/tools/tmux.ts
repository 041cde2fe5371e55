// A person at a pseudo-terminal, in tmux.

import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { patiently } from './patiently.ts'
import { ROOT } from './root.ts'
import { cleanEnvironment } from './server.ts'

const run = promisify(execFile)

/** Between two readings of the screen, each of which starts a process. */
const BETWEEN_LOOKS_MS = 30

export interface Size {
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
}

export class Terminal implements AsyncDisposable {
  readonly #socket = `tertulia-${randomUUID()}`

  private constructor() {}

  /** Runs the shell command in the project's folder; the screen stays when it ends, with its exit code. */
  static async run(command: string, { columns = 80, rows = 24, env = {} }: Size = {}): Promise<Terminal> {
    const terminal = new Terminal()
    const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    const size = ['-x', `${columns}`, '-y', `${rows}`]
    await terminal.#tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      ...size,
      ...variables,
      '-c',
      ROOT,
      `${command}; echo "exit $?"; cat`,
    )
    return terminal
  }

  /** Types the text literally. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text)
  }

  /** Presses keys by tmux's names: Enter, Up, C-c. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys)
  }

  async line(text: string): Promise<void> {
    await this.type(text)
    await this.press('Enter')
  }

  /** The screen and its scrollback, with wrapped lines joined and trailing blanks removed. */
  async screen(): Promise<string> {
    const screen = await this.#tmux('capture-pane', '-p', '-J', '-S', '-')
    return screen.replace(/ +$/gm, '')
  }

  /** Waits for the screen to hold this. */
  async expect(wanted: string | RegExp): Promise<void> {
    let screen = ''
    const found = async () => {
      screen = await this.screen()
      if (typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)) return true
      await sleep(BETWEEN_LOOKS_MS)
      return false
    }
    await patiently(found, () => `the screen never showed ${wanted}:\n${screen}`)
  }

  async #tmux(...args: string[]): Promise<string> {
    const { LC_ALL: _, ...inherited } = cleanEnvironment()
    const env = { ...inherited, LANG: 'C.UTF-8', TERM: 'xterm-256color' }
    const { stdout } = await run('tmux', ['-u', '-L', this.#socket, ...args], { env })
    return stdout
  }

  async [Symbol.asyncDispose](): Promise<void> {
    execFileSync('tmux', ['-L', this.#socket, 'kill-server'])
  }
}
