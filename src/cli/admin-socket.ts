// The admin socket: beside the database, and open only to the account that runs the server. The server itself carries
// out each command, so that the database never has a second writer.

import { renameSync, rmSync } from 'node:fs'
import { createServer, connect as open, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Chat } from '../core/chat.ts'
import { Refusal } from '../core/model/refusals.ts'
import { type Identity, identityOf, isThere } from '../store/sqlite/open-files.ts'
import { isLanguage, type Language, languages } from '../wording/languages.ts'
import { refusedIn } from '../wording/refused.ts'
import { adminHelp, commandIn, usageOf } from './admin-commands.ts'

/** Sent as one line of JSON, as is the reply. */
export interface AdminRequest {
  readonly words: readonly string[]
  readonly secret: string
  /** The text of a file, for a command that reads one. */
  readonly input?: string
  readonly language: Language
}

export interface AdminReply {
  readonly ok: boolean
  /** Whether nothing was found wrong, by a command that looks for that. */
  readonly isWell: boolean
  readonly lines: readonly string[]
}

/** In UTF-16 units. A longer request is dropped. */
const LONGEST_REQUEST = 4 << 20
const PATIENCE_MS = 10_000
/** A command may take hours. Meanwhile spaces are sent, which JSON may begin with, so that both sides know of each other. */
const BEAT_MS = 2_000

function pathIn(folder: string): string {
  return join(folder, 'admin.sock')
}

export interface AdminSocketDeps {
  readonly chat: Chat
  readonly shortestPassword: number
  readonly onError: (error: unknown) => void
}

/**
 * @param folder of the database, which this process has locked: a socket found there belongs to a process that has
 * ended
 */
export function openAdminSocket(folder: string, deps: AdminSocketDeps): { close(): void } {
  const [path, made] = [pathIn(folder), join(folder, 'admin.made')]
  rmSync(made, { force: true })
  const server = createServer({ allowHalfOpen: true }, socket => void serve(socket, deps))
  server.on('error', deps.onError)
  const before = process.umask(0o177) // the socket never exists with other permissions
  server.listen(made)
  process.umask(before)
  const identity = takeName(made, path)
  return {
    close() {
      server.close() // which unlinks the path that it was made under
      if (identity && isThere(identity)) rmSync(path)
    },
  }
}

/**
 * Gives the socket its final name. @returns what identifies it, since another server's may lie there when this one
 * stops; undefined if it could not be made
 */
function takeName(made: string, path: string): Identity | undefined {
  try {
    renameSync(made, path)
    return identityOf(path)
  } catch {
    return undefined // the server's 'error' event says why
  }
}

async function serve(socket: Socket, deps: AdminSocketDeps): Promise<void> {
  socket.on('error', () => {})
  socket.setTimeout(PATIENCE_MS, () => socket.destroy())
  const tooSlow = setTimeout(() => socket.destroy(), PATIENCE_MS) // for a client that sends a byte now and then
  try {
    const request = asRequest(await lineFrom(socket).finally(() => clearTimeout(tooSlow)))
    if (request) socket.end(`${JSON.stringify(await replyTo(request, socket, deps))}\n`)
    else socket.destroy()
  } catch (error) {
    deps.onError(error)
    socket.destroy()
  }
}

/** Carries out the command, until the client hangs up. */
async function replyTo(request: AdminRequest, socket: Socket, deps: AdminSocketDeps): Promise<AdminReply> {
  const beat = setInterval(() => socket.write(' '), BEAT_MS)
  const gone = new AbortController()
  const hungUp = () => gone.abort(new Refusal('closing'))
  socket.once('close', hungUp)
  try {
    return await reply(request, gone.signal, deps)
  } finally {
    clearInterval(beat)
    socket.off('close', hungUp)
  }
}

/** The first line; undefined if the connection ends without one, or it is too long. */
async function lineFrom(socket: Socket): Promise<string | undefined> {
  let received = ''
  try {
    for await (const text of socket.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      received += text
      const end = received.indexOf('\n')
      if (end >= 0) return received.slice(0, end)
      if (received.length > LONGEST_REQUEST) return undefined
    }
  } catch {
    // It was broken off, by the client or for being too slow.
  }
  return undefined
}

function asRequest(line: string | undefined): AdminRequest | undefined {
  try {
    const { words, secret, input = '', language } = JSON.parse(line ?? '')
    const strings = Array.isArray(words) && words.every(word => typeof word === 'string')
    if (!strings || typeof secret !== 'string' || typeof input !== 'string' || !isLanguage(language))
      return undefined
    return { words, secret, input, language }
  } catch {
    return undefined
  }
}

async function reply(
  { words, secret, input = '', language }: AdminRequest,
  signal: AbortSignal,
  deps: AdminSocketDeps,
): Promise<AdminReply> {
  const { chat, shortestPassword } = deps
  const wording = languages[language]
  const refused = refusedIn(wording, shortestPassword)
  const refusal = (...lines: readonly string[]) => ({ ok: false, isWell: true, lines })
  const found = commandIn(words)
  if (!found) return refusal(...adminHelp())
  const { name, command, args } = found
  try {
    const context = { chat, wording, refused, secret, input, signal }
    const answer = args.length < command.least ? undefined : await command.run(context, args)
    if (!answer) return refusal(wording.usage(usageOf(name, command)))
    return 'isWell' in answer ? { ok: true, ...answer } : { ok: true, isWell: true, lines: answer }
  } catch (error) {
    if (error instanceof Refusal) return refusal(refused[error.code])
    deps.onError(error)
    return refusal(languages[language].startFailed.unexpected(String(error)))
  }
}

/** Bytes of a socket's path (sun_path in unix(7)). */
const LONGEST_PATH = 107

/** Asks the server that runs on the data in that folder. Throws AdminSocketError. */
export async function sendAdminRequest(folder: string, request: AdminRequest): Promise<AdminReply> {
  if (Buffer.byteLength(pathIn(folder)) > LONGEST_PATH) throw new AdminSocketError('unreachable')
  const socket = open(pathIn(folder))
  try {
    let received = ''
    socket.end(`${JSON.stringify(request)}\n`)
    for await (const text of socket.setEncoding('utf8')) received += text
    return JSON.parse(received)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new AdminSocketError(code === 'ENOENT' || code === 'ECONNREFUSED' ? 'none' : 'unreachable')
  }
}

/** none: no server runs there. unreachable: one does, but this account may not speak to it, or the path is too long. */
export class AdminSocketError extends Error {
  readonly why: 'none' | 'unreachable'

  constructor(why: 'none' | 'unreachable') {
    super(why)
    this.why = why
  }
}
