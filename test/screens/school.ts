// A server on which the class of conversation.ts has talked: filled once through the web door, then copied for each
// screen. Only the times are written into the file, while the server rests: it can't be told what time it is.

import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { RoomId } from '../../src/core/model/model.ts'
import { GENERAL } from '../../src/core/model/model.ts'
import { idOf } from '../../src/store/scripts/open-room.ts'
import type { AttachedUpload } from '../../src/wire/attachment-schemas.ts'
import { quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { type Server, temporaryFolder } from '../tools/server.ts'
import type { Web } from '../tools/web-client.ts'
import { ME, NOW, PEOPLE, PLACES, type Place, type Saying, type SentFile } from './conversation.ts'
import { contentOf, heardIn } from './files.ts'

type Clients = ReadonlyMap<string, Web>

/** What rooms and sayings are called → their numbers. */
interface Told {
  readonly rooms: Map<string, number>
  readonly named: Map<string, number>
}

/** Where something was said, and when. */
interface Said {
  readonly room: number
  readonly seq: number
  readonly at: number
}

export class School implements AsyncDisposable {
  readonly #folder: string
  /** Username → token, for who looks and who is there. */
  readonly tokens: ReadonlyMap<string, string>
  /** Name → number. */
  readonly rooms: ReadonlyMap<string, number>
  readonly #named: ReadonlyMap<string, number>

  private constructor(folder: string, clients: Clients, told: Told) {
    this.#folder = folder
    this.tokens = new Map([...clients].map(([name, { token = '' }]) => [name, token]))
    this.rooms = told.rooms
    this.#named = told.named
  }

  /** Of a saying that others call by this name. */
  seqOf(name: string): number {
    const seq = this.#named.get(name)
    if (seq === undefined) throw new Error(`nothing is called ${name}`)
    return seq
  }

  static async found(): Promise<School> {
    const folder = await temporaryFolder()
    await using server = await schoolServer(folder)
    const clients = new Map<string, Web>()
    for (const [username, name] of Object.entries(PEOPLE))
      clients.set(username, await enrol(server.web, username, name))
    const told = { rooms: new Map<string, number>(), named: new Map<string, number>() }
    const said: Said[] = []
    for (const place of PLACES) said.push(...(await talk(place, clients, told)))
    await one(clients, ME).do('PATCH', '/me', {
      status: 'Taller 4 🧵',
      zone: 'America/Bogota',
      language: 'es',
    })
    await server[Symbol.asyncDispose]()
    setTimes(join(folder, 'chat.db'), said)
    return new School(folder, clients, told)
  }

  /** A server of its own, as the class left it. */
  async open(): Promise<Server> {
    const data = await temporaryFolder()
    await cp(this.#folder, data, { recursive: true })
    const server = await schoolServer(data)
    const end = server[Symbol.asyncDispose].bind(server)
    server[Symbol.asyncDispose] = async () => {
      await end()
      await rm(data, { recursive: true, force: true })
    }
    return server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}

export function schoolServer(data?: string): Promise<Server> {
  return openServer({ ...(data !== undefined && { data }), args: ['--no-limits'], edits: quickHashes })
}

async function enrol(web: Web, username: string, name: string): Promise<Web> {
  const { token } = await web.do('POST', '/people', { name, username, password: PASSWORD })
  return web.with(token)
}

async function talk(place: Place, clients: Clients, { rooms, named }: Told): Promise<Said[]> {
  const room = await make(place, clients)
  if (typeof place.name === 'string') rooms.set(place.name, room)
  const all: Said[] = []
  for (const saying of place.said) {
    const seq = await say(room, saying, { named, clients })
    all.push({ room, seq, at: Date.parse(`2026-11-${saying.at.replace(' ', 'T')}:00-05:00`) })
  }
  const lastRead = all.at(-1 - place.unread)
  if (lastRead) await one(clients, ME).do('PUT', `/rooms/${room}/read`, { seq: lastRead.seq })
  return all
}

async function make({ name, kind, topic, by }: Place, clients: Clients): Promise<number> {
  const maker = one(clients, by)
  if (typeof name !== 'string') {
    const people = [...name, ME].filter(each => each !== by)
    return (await maker.do('POST', '/direct', { people })).id
  }
  const room: number = name === 'general' ? GENERAL : (await maker.do('POST', '/rooms', { name, kind })).id
  for (const each of clients.keys()) {
    const isIn = kind !== 'closed' || ['caro', 'joaquín'].includes(each)
    if (room !== GENERAL && isIn && each !== by)
      await maker.do('PUT', `/rooms/${room}/members/${encodeURIComponent(each)}`)
  }
  if (topic !== undefined) await maker.do('PATCH', `/rooms/${room}`, { topic })
  return room
}

interface Around {
  readonly named: Map<string, number>
  readonly clients: Clients
}

async function say(room: number, saying: Saying, { named, clients }: Around): Promise<number> {
  const who = one(clients, saying.who)
  const reply = saying.answers === undefined ? {} : { reply: named.get(saying.answers) }
  const text = saying.before ?? saying.text
  const { seq } = saying.files
    ? await send(who, room, { text, files: saying.files })
    : await who.do('POST', `/rooms/${room}/messages`, { text, ...reply })
  const path = `/rooms/${room}/messages/${seq}`
  if (saying.as !== undefined) named.set(saying.as, seq)
  if (saying.before !== undefined) await who.do('PATCH', path, { text: saying.text })
  for (const [emoji, people] of Object.entries(saying.reactions ?? {}))
    for (const each of people)
      await one(clients, each).do('PUT', `${path}/reactions/${encodeURIComponent(emoji)}`)
  if (saying.pinned) await who.do('PUT', `/rooms/${room}/pins/${seq}`)
  if (saying.deleted) await who.do('DELETE', path)
  return seq
}

async function send(
  who: Web,
  room: number,
  { text, files }: { text: string; files: readonly SentFile[] },
): Promise<{ seq: number }> {
  using live = await who.connect()
  const attachments: AttachedUpload[] = []
  for (const { name, alt } of files) {
    const content = new Blob([new Uint8Array(await contentOf(name))])
    const { id: upload } = await live.client.upload(content, { name })
    attachments.push({ upload, ...(alt !== undefined && { alt }), ...heardIn(name) })
  }
  return await live.client.post(room, text, { attachments })
}

function one(clients: Clients, username: string): Web {
  const client = clients.get(username)
  if (!client) throw new Error(`${username} is not in the class`)
  return client
}

/** What happened besides happened at the time of the message before it, or a week before all. */
function setTimes(path: string, said: readonly Said[]): void {
  const database = new DatabaseSync(path)
  const longAgo = NOW - 7 * 86_400_000
  database.exec(`UPDATE messages SET created_at = ${longAgo}; UPDATE changes SET created_at = ${longAgo}`)
  const message = database.prepare('UPDATE messages SET created_at = ? WHERE id = ?')
  const changes = database.prepare('UPDATE changes SET created_at = ? WHERE id >= ? AND id < ?')
  const room = database.prepare('UPDATE rooms SET last_at = ? WHERE id = ?')
  for (const { room: id, seq, at } of said) {
    message.run(at, idOf(id as RoomId, seq))
    changes.run(at, idOf(id as RoomId, seq), idOf((id + 1) as RoomId, 0))
    room.run(at, id)
  }
  database.close()
}
