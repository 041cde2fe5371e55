// The IRC door: a crowd of guests that connects at once, and CHATHISTORY among five million messages.

import { connect, type Socket } from 'node:net'
import type { RoomId } from '../src/core/model/model.ts'
import type { Bench, Finding } from './finding.ts'
import { EACH, fill, ROOMS, random } from './millions.ts'
import { median } from './report.ts'
import { cheapPassword } from './seed.ts'
import { ours, type Running } from './servers.ts'
import { quantile } from './timed.ts'

const GUESTS = 1_000
const ROUNDS = 5
/** The first ones are not counted: V8 has not compiled the server's code yet. */
const [WARM_UP, TRIES] = [200, 1000]
const PAGE = 100

/** From the first connection until the last guest has the list of names of #general. */
export async function ircGuests(_: Bench): Promise<Finding[]> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await using server = await ours('Tertulia', { args: ['--irc-guests'] }).start()
    const start = performance.now()
    const guests = await Promise.all(Array.from({ length: GUESTS }, (_, i) => connectGuest(server, i)))
    times.push((performance.now() - start) / 1000)
    for (const guest of guests) guest.destroy()
  }
  const all = times.map(each => each.toFixed(2)).join(', ')
  return [
    [`${GUESTS} guests come at once by IRC: all in #general, s`, `${median(times)?.toFixed(2)} (${all})`],
  ]
}

async function connectGuest(server: Running, i: number): Promise<Socket> {
  const line = await Line.to(server)
  line.say(`NICK g${i}`, `USER g${i} 0 * :G`)
  await line.heard(' 366 ')
  return line.socket
}

/** CHATHISTORY of a hundred messages, anywhere in 200 rooms, by a member of all of them. */
export async function ircHistory(_: Bench): Promise<Finding[]> {
  const seedFile = async (path: string) => fill(path, cheapPassword())
  await using server = await ours('Tertulia', { seedFile }).start()
  const line = await Line.to(server)
  line.say(
    'CAP REQ :batch draft/chathistory no-implicit-names',
    'PASS p1:x',
    'NICK p1',
    'USER p1 0 * :P',
    'CAP END',
  )
  await line.heard(' 376 ')
  await line.settled()
  const took: number[] = []
  for (let i = -WARM_UP; i < TRIES; i++) {
    const room = 2 + random(ROOMS - 2)
    const seq = PAGE + 1 + random(EACH - PAGE - 1)
    const start = performance.now()
    line.say(`CHATHISTORY BEFORE #sala${room} msgid=${room as RoomId}-${seq} ${PAGE}`)
    const answer = await line.heard(/ BATCH -\S+\r\n/)
    if (i >= 0) took.push(performance.now() - start)
    const count = answer.split(' PRIVMSG ').length - 1
    if (count !== PAGE) throw new Error(`${count} messages instead of ${PAGE}`)
  }
  line.socket.destroy()
  const [half, most] = [quantile(took, 0.5), quantile(took, 0.99)]
  return [[`5 million messages: CHATHISTORY of ${PAGE}, ms`, `${half.toFixed(2)}, p99 ${most.toFixed(2)}`]]
}

/** A minimal client. */
class Line {
  readonly socket: Socket
  #text = ''
  #waiting:
    | { wanted: string | RegExp; found: (text: string) => void; failed: (error: Error) => void }
    | undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('utf8').on('data', text => {
      this.#text += text
      this.#look()
    })
    socket.on('error', () => {})
    socket.on('close', () => this.#waiting?.failed(new Error(`closed after ${this.#text}`)))
  }

  static async to({ port }: Running): Promise<Line> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return new Line(socket)
  }

  say(...lines: string[]): void {
    this.socket.write(lines.map(line => `${line}\r\n`).join(''))
  }

  /** Resolves with everything that came, once this has come. */
  heard(wanted: string | RegExp): Promise<string> {
    return new Promise((found, failed) => {
      this.#waiting = { wanted, found, failed }
      this.#look()
    })
  }

  async settled(): Promise<void> {
    this.say('PING settled')
    await this.heard(/ PONG \S+ settled\r\n/)
  }

  #look(): void {
    const waiting = this.#waiting
    if (!waiting) return
    const { wanted, found } = waiting
    const matches = typeof wanted === 'string' ? this.#text.includes(wanted) : wanted.test(this.#text)
    if (!matches) return
    const text = this.#text
    this.#text = ''
    this.#waiting = undefined
    found(text)
  }
}
