// Files of this machine: `/enviar PATH` sends one, `/bajar 41` saves those of a message. The line door gives a link for each,
// in an answer that a mark of ours tells from all other lines; the bytes go over HTTP to the address that we are connected to,
// whatever address the link has.

import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { homedir } from 'node:os'
import { basename, extname, join, resolve } from 'node:path'
import { Transform } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'
import { type Language, languages } from '../../wording/languages.ts'

/** Between two lines about how far a transfer is. */
const PROGRESS_MS = 2_000
/** A transfer in which nothing moves for this long is given up. */
const STALLED_MS = 120_000
/** Answers that may still come: the oldest is given up. */
const MOST_AWAITED = 32
/** Copies of one name in a folder: foto (1).jpg and so on. */
const MOST_COPIES = 1000

const wordings = Object.values(languages)
const SEND = new Set(wordings.map(({ commands }) => commands.send.word))
const SAVE = new Set(wordings.map(({ client }) => client.save.word))
const PASTE = new Set(wordings.map(({ commands }) => commands.paste.word))
const NUMBER = /^#?\d+$|^\S+\/\d+$/

interface TransfersDeps {
  readonly host: string
  readonly port: number
  readonly language: Language
  readonly wording: Pick<Wording, 'client' | 'commands' | 'usage'>
  /** Shows a line. */
  readonly show: (line: string) => void
  /** Sends a line to the server. */
  readonly ask: (line: string) => void
}

interface Awaited {
  readonly answer: RegExp
  answered(groups: Readonly<Record<string, string>>): Promise<void>
}

export class Transfers {
  readonly #deps: TransfersDeps
  readonly #awaited = new Map<string, Awaited>()
  #isPasting = false

  constructor(deps: TransfersDeps) {
    this.#deps = deps
  }

  /** Takes a line that was typed. @returns false if it is for the server */
  takes(line: string): boolean {
    const [, word = '', rest = ''] = /^\/(\w+)(?:\s+(.*?))?\s*$/.exec(line) ?? []
    if (this.#isPasting) {
      if (line.trim() === '.') this.#isPasting = false
      return false
    }
    if (PASTE.has(word)) this.#isPasting = true
    if (SEND.has(word) && rest !== '') return this.#begin(() => this.#askToSend(rest))
    if (SAVE.has(word)) return this.#begin(() => this.#askToSave(rest))
    return false
  }

  /** Takes a line of the server's. @returns false if it is no answer to a transfer */
  hears(line: string): boolean {
    for (const { answer, answered } of this.#awaited.values()) {
      const { groups } = answer.exec(line) ?? {}
      if (groups) return this.#begin(() => answered(groups as Record<string, string>))
    }
    return false
  }

  #begin(work: () => Promise<void>): true {
    work().catch((error: NodeJS.ErrnoException) =>
      this.#deps.show(this.#deps.wording.client.notTransferred(error.code ?? error.message)),
    )
    return true
  }

  /** @param mark tells the answer from whatever others say: nobody else knows it */
  #await(mark: string, awaited: Awaited): void {
    this.#awaited.set(mark, awaited)
    const [oldest = mark] = this.#awaited.keys()
    if (this.#awaited.size > MOST_AWAITED) this.#awaited.delete(oldest)
  }

  // --- sending ---------------------------------------------------------------------------------------------

  async #askToSend(typed: string): Promise<void> {
    const { ask, show, wording } = this.#deps
    const path = await pathOf(typed)
    if (path === undefined) return show(wording.client.noSuchFile(printableLine(typed)))
    const mark = newMark()
    this.#await(mark, {
      answer: new RegExp(`^\\* ${mark} .*/u/(?<key>[\\w.-]+)/ `),
      answered: async ({ key = '' }) => {
        this.#awaited.delete(mark)
        await this.#send(path, key)
      },
    })
    ask(`/${wording.commands.send.word} =${mark}`)
  }

  async #send(path: string, key: string): Promise<void> {
    const { show } = this.#deps
    const name = basename(path)
    const { size } = await stat(path)
    const put = this.#request('PUT', `/u/${key}/${encodeURIComponent(name)}`, { 'Content-Length': size })
    const answer = answerTo(put)
    const sent = pipeline(createReadStream(path), this.#progress(name, size), put)
    sent.catch(() => {}) // a server that refuses answers before it has taken everything
    const { statusCode, body } = await answer
    if (statusCode !== 201) show(`* ${printableLine(body.trim())}`)
  }

  // --- saving ----------------------------------------------------------------------------------------------

  async #askToSave(typed: string): Promise<void> {
    const { ask, show, wording } = this.#deps
    const [number = '', ...words] = typed.split(/\s+/)
    const { word, args } = wording.client.save
    if (!NUMBER.test(number)) return show(wording.usage(`/${word} ${args}`))
    const target = words.length === 0 ? '.' : home(unquoted(words.join(' ')))
    const mark = newMark()
    this.#await(mark, {
      answer: new RegExp(
        `^\\* ${mark} (?<name>.+) \\([^()]+\\) \\S+/f/(?<id>[\\w-]{22})\\?key=(?<key>[\\w.-]+) `,
      ),
      answered: ({ name = '', id, key }) => this.#save(`/f/${id}?key=${key}&download`, name, target),
    })
    ask(`/${wording.commands.file.word} ${number} ${mark}`)
  }

  async #save(path: string, name: string, target: string): Promise<void> {
    const { show, wording } = this.#deps
    const got = this.#request('GET', path, {})
    got.end()
    const response = await responseTo(got)
    if (response.statusCode !== 200) {
      response.destroy() // whatever it says is as long as the server likes
      return show(wording.client.notTransferred(`HTTP ${response.statusCode}`))
    }
    const file = await createdAt(target, name)
    try {
      const size = Number(response.headers['content-length'])
      await pipeline(response, this.#progress(name, size), createWriteStream(file.path, { fd: file.handle }))
    } catch (error) {
      await rm(file.path, { force: true }) // half a file under its name would pass for the whole
      throw error
    }
    show(wording.client.saved(printableLine(file.path)))
  }

  // --- both ------------------------------------------------------------------------------------------------

  #request(method: string, path: string, headers: Readonly<Record<string, number>>): ClientRequest {
    const { host, port, language } = this.#deps
    const all = { ...headers, 'Accept-Language': language }
    const sent = request({ host, port, method, path, headers: all, timeout: STALLED_MS })
    return sent.on('timeout', () => sent.destroy(Object.assign(new Error('stalled'), { code: 'ETIMEDOUT' })))
  }

  /** Passes bytes on, and says from time to time how many of them there were. */
  #progress(name: string, size: number): Transform {
    const { show, wording } = this.#deps
    let done = 0
    let said = Date.now()
    return new Transform({
      transform(chunk: Buffer, _, next) {
        done += chunk.length
        if (Date.now() - said >= PROGRESS_MS) {
          said = Date.now()
          show(wording.client.progress(printableLine(name), Math.floor((100 * done) / size)))
        }
        next(null, chunk)
      },
    })
  }
}

function newMark(): string {
  return randomBytes(6).toString('hex')
}

async function answerTo(sent: ClientRequest): Promise<{ statusCode: number | undefined; body: string }> {
  const response = await responseTo(sent)
  return { statusCode: response.statusCode, body: await text(response) }
}

function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => sent.once('response', resolve).on('error', reject))
}

// --- paths -------------------------------------------------------------------------------------------------

/** A file by what was typed, which a terminal may have quoted when it was dropped there; undefined if there is none. */
async function pathOf(typed: string): Promise<string | undefined> {
  for (const each of [typed, unquoted(typed)].map(home)) {
    const found = await stat(each).catch(() => undefined)
    if (found?.isFile()) return resolve(each)
  }
  return undefined
}

function unquoted(typed: string): string {
  const [, , inside] = /^(['"])(.*)\1$/.exec(typed) ?? []
  return inside ?? typed.replace(/\\([^\w])/g, '$1')
}

function home(path: string): string {
  return path.replace(/^~(?=$|[/\\])/, homedir())
}

interface NewFile {
  readonly path: string
  readonly handle: FileHandle
}

/** Makes a new file: in a folder under the file's name, or under the name that was given; never over another. */
async function createdAt(target: string, name: string): Promise<NewFile> {
  const isFolder = (await stat(target).catch(() => undefined))?.isDirectory() === true
  // The server may be anybody's: no name of its leads elsewhere, or hides.
  const safe = basename(name.replaceAll('\\', '/')).replace(/^\.+/, '') || 'file'
  const wanted = isFolder ? join(target, safe) : target
  for (let copy = 0; copy < MOST_COPIES; copy++) {
    const path = copy === 0 ? wanted : copyOf(wanted, copy)
    const handle = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined
      throw error
    })
    if (handle) return { path, handle }
  }
  throw Object.assign(new Error(wanted), { code: 'EEXIST' })
}

function copyOf(path: string, copy: number): string {
  const extension = extname(path)
  return `${path.slice(0, path.length - extension.length)} (${copy})${extension}`
}
