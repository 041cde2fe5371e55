// A minimal client of the IRC door.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PASSWORD } from './line-client.ts'
import { patiently } from './patiently.ts'

/** The capabilities that a modern client requests. */
export const MODERN = [
  'account-notify account-tag away-notify batch cap-notify draft/channel-rename draft/chathistory',
  'draft/message-redaction draft/multiline draft/read-marker echo-message extended-join extended-monitor',
  'invite-notify labeled-response message-tags multi-prefix server-time setname standard-replies userhost-in-names',
].join(' ')

export interface IrcOptions {
  /** Capabilities, separated by spaces; empty: none. */
  readonly caps?: string
}

export class Irc implements Disposable {
  readonly socket: Socket
  readonly lines: string[] = []
  #rest = ''
  /** How far `expect` has come. */
  #read = 0
  #pings = 0
  readonly closed: Promise<unknown>
  /** false: plays a client that is half dead. */
  answersPings = true

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('utf8')
    socket.on('data', text => this.#hear(String(text)))
    socket.on('error', () => {})
    this.closed = new Promise(resolve => socket.on('close', resolve))
  }

  static async connect(port: number): Promise<Irc> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new Irc(socket)
  }

  /** Logs in with SASL, and waits until the burst is over. */
  static async logIn(port: number, username: string, { caps = MODERN }: IrcOptions = {}): Promise<Irc> {
    const irc = await Irc.connect(port)
    irc.send('CAP LS 302', `NICK ${username}`, `USER ${username} 0 * :${username}`)
    for (const some of caps.match(/\S.{0,300}(?=\s|$)/g) ?? []) irc.send(`CAP REQ :${some}`)
    irc.send('CAP REQ sasl', 'AUTHENTICATE PLAIN', `AUTHENTICATE ${plain(username, PASSWORD)}`)
    await irc.expect(/ 903 /)
    irc.send('CAP END')
    await irc.expect(/ 376 /)
    await irc.settled()
    return irc
  }

  /** Registers a new account, and waits until the burst is over. */
  static async register(port: number, username: string, wish: IrcOptions = {}): Promise<Irc> {
    const irc = await Irc.connect(port)
    irc.send('CAP LS 302', `NICK ${username}`, `USER ${username} 0 * :${capital(username)}`)
    irc.send(`REGISTER * * ${PASSWORD}`)
    await irc.expect(/^:\S+ REGISTER SUCCESS /)
    for (const some of (wish.caps ?? MODERN).match(/\S.{0,300}(?=\s|$)/g) ?? []) irc.send(`CAP REQ :${some}`)
    irc.send('CAP END')
    await irc.expect(/ 376 /)
    await irc.settled()
    return irc
  }

  #hear(text: string): void {
    const parts = (this.#rest + text).split('\r\n')
    this.#rest = parts.pop() ?? ''
    for (const line of parts) {
      if (this.answersPings && line.startsWith('PING ')) this.send(line.replace('PING', 'PONG'))
      this.lines.push(line)
    }
  }

  send(...lines: string[]): void {
    for (const line of lines) this.socket.write(`${line}\r\n`)
  }

  /** Lines after the last one that was expected. */
  get unread(): readonly string[] {
    return this.lines.slice(this.#read)
  }

  /** Waits for a matching line after the last one that was expected. @returns it */
  async expect(wanted: string | RegExp): Promise<string> {
    const place = () => this.lines.findIndex((line, i) => i >= this.#read && fits(line, wanted))
    await patiently(
      () => place() >= 0,
      () => `never heard ${wanted}, but\n${this.unread.slice(-30).join('\n')}`,
      this.closed,
    )
    const at = place()
    this.#read = at + 1
    return this.lines[at] ?? ''
  }

  /** Waits until the server has answered everything that was sent. @returns all lines until then */
  async settled(): Promise<readonly string[]> {
    const token = `settled-${++this.#pings}`
    this.send(`PING ${token}`)
    const from = this.#read
    await this.expect(new RegExp(`^(@\\S+ )?:\\S+ PONG \\S+ ${token}$`))
    return this.lines.slice(from, this.#read - 1)
  }

  /** Sends the lines. @returns the answers, without the JOINs of people who connect meanwhile */
  async ask(...lines: string[]): Promise<readonly string[]> {
    this.skip()
    this.send(...lines)
    const answers = await this.settled()
    const isJoining = lines.some(line => line.includes('JOIN'))
    return isJoining ? answers : answers.filter(line => !/^:\S+ JOIN #general\b/.test(bare(line)))
  }

  /** Skips all lines that have come so far. */
  skip(): void {
    this.#read = this.lines.length
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

function fits(line: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? bare(line) === wanted : wanted.test(line)
}

/** The lines inside the first batch. */
export function inBatch(lines: readonly string[]): readonly string[] {
  const begin = lines.findIndex(line => / BATCH \+/.test(line))
  const [, reference] =
    / BATCH \+(\S+) /.exec(lines[begin] ?? '') ?? assert.fail(`no batch in ${lines.join('\n')}`)
  const end = lines.findIndex(line => line.endsWith(` BATCH -${reference}`))
  assert.ok(end > begin, `the batch has no end in ${lines.join('\n')}`)
  return lines.slice(begin + 1, end)
}

/** A line without its tags. */
export function bare(line: string): string {
  return line.startsWith('@') ? line.slice(line.indexOf(' ') + 1) : line
}

export function tagsOf(line: string): ReadonlyMap<string, string> {
  if (!line.startsWith('@')) return new Map()
  const tags = line.slice(1, line.indexOf(' ')).split(';')
  return new Map(tags.map(tag => [tag.split('=', 1)[0] ?? '', tag.split('=').slice(1).join('=')]))
}

export function tagOf(line: string, tag: string): string {
  return tagsOf(line).get(tag) ?? assert.fail(`no tag ${tag} in ${line}`)
}

export function plain(username: string, password: string): string {
  return Buffer.from(`\0${username}\0${password}`).toString('base64')
}

function capital(username: string): string {
  return username.slice(0, 1).toUpperCase() + username.slice(1)
}
