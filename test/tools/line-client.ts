// A minimal client of the line door.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectSecurely } from 'node:tls'
import { patiently } from './patiently.ts'

export const MENU = '¿Deseas (1) Iniciar sesión o (2) Registrarte?: '
export const PASSWORD = 'secreto123'

export class LineClient {
  readonly socket: Socket
  #heard = ''
  /** How far `expect` has come. */
  #read = 0
  #hear = (text: string): void => {
    this.#heard += text
  }
  readonly closed: Promise<unknown>

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('utf8')
    socket.on('data', text => this.#hear(String(text)))
    socket.on('error', () => {})
    this.closed = new Promise(resolve => socket.on('close', resolve)) // `once` would reject on 'error'
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<LineClient> {
    const socket = connect({ port, host, noDelay: true })
    await once(socket, 'connect')
    return new LineClient(socket)
  }

  /** Connects with TLS. */
  static async connectSecurely(port: number, options: ConnectionOptions): Promise<LineClient> {
    const socket = connectSecurely({ port, host: '127.0.0.1', ...options })
    await once(socket, 'secureConnect')
    return new LineClient(socket)
  }

  /** Everything heard so far. */
  get heard(): string {
    return this.#heard
  }

  /** Everything heard after the last text that was expected. */
  get unread(): string {
    return this.#heard.slice(this.#read)
  }

  /** Waits for this text after the last one that was expected. @returns what came before it */
  async expect(wanted: string): Promise<string> {
    const position = () => this.#heard.indexOf(wanted, this.#read)
    await patiently(
      () => position() >= 0,
      () => `never heard ${JSON.stringify(wanted)}, but ${JSON.stringify(this.unread.slice(-2000))}`,
      this.closed,
    )
    const before = this.#heard.slice(this.#read, position())
    this.#read = position() + wanted.length
    return before
  }

  /** Waits for this text, which must come next. */
  async expectExactly(wanted: string): Promise<void> {
    const before = await this.expect(wanted)
    if (before !== '') throw new Error(`heard ${JSON.stringify(before)} before ${JSON.stringify(wanted)}`)
  }

  /** From now on hands what is heard to `instead`, and keeps only its end. */
  forget(instead: (text: string) => void): void {
    this.#hear = text => {
      instead(text)
      this.#heard = (this.#heard + text).slice(-1000)
      this.#read = 0
    }
  }

  say(line: string): void {
    this.socket.write(`${line}\n`)
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes)
  }

  end(): void {
    this.socket.end()
  }

  reset(): void {
    this.socket.resetAndDestroy()
  }

  destroy(): void {
    this.socket.destroy()
  }

  async register(username: string): Promise<void> {
    await this.choose('2')
    await this.answer('Ingrese su nombre completo: ', capital(username))
    await this.answer('Ingrese su nombre de usuario: ', username)
    await this.answer('Ingrese su contraseña: ', PASSWORD)
    await this.expect(`Registro exitoso. Bienvenido ${capital(username)}!\n`)
  }

  async logIn(username: string): Promise<void> {
    await this.choose('1')
    await this.answer('Ingrese su nombre de usuario: ', username)
    await this.answer('Ingrese su contraseña: ', PASSWORD)
    await this.expect(`Bienvenido ${capital(username)}!\n`)
  }

  /** Answers the menu before it comes, as scripts do: a silent client gets it only after a wait. */
  async choose(choice: '1' | '2'): Promise<void> {
    this.say(choice)
    await this.expect(MENU)
  }

  async answer(question: string, line: string): Promise<void> {
    await this.expect(question)
    this.say(line)
  }
}

export function capital(username: string): string {
  return username.slice(0, 1).toUpperCase() + username.slice(1)
}
