// The lab's deps: log in or register, until one of them works.

import type { Chat } from '../../core/chat.ts'
import type { SessionTransfer } from '../../core/cluster/messages.ts'
import type { Profile } from '../../core/model/model.ts'
import { Refusal, refuse } from '../../core/model/refusals.ts'
import { type Connection, type Line, secretOf } from './connection.ts'
import type { Locale, Locales } from './locale.ts'

/** The other side went away, said that it leaves, or turned out to be no line client. */
export class Gone extends Error {}

export interface LogInDeps {
  readonly chat: Chat
  readonly locales: Locales
  /** Before it is known who it is. */
  readonly locale: Locale
  readonly connection: Connection
  /** Looks at the first line; true when it has taken the connection over. */
  readonly takesOver: (line: string) => boolean
}

/** Who has logged in, and how they are to be welcomed. */
export interface LoggedIn {
  readonly person: Profile
  readonly welcome: string
  /** What their password was compared with, or the session that goes on here. */
  readonly by: string | SessionTransfer
}

/** abcd-efgh: of eight letters and digits, as `/mover` gives them. */
const TRANSFER_CODE = /^[a-z0-9]{4}[- ][a-z0-9]{4}$/i

/** Throws Gone. */
export async function logIn(deps: LogInDeps): Promise<LoggedIn> {
  const { connection, locale } = deps
  const { wording, refused } = locale
  for (let first = true; ; first = false) {
    const option = await ask(deps, wording.menu)
    if (first && deps.takesOver(option)) throw new Gone()
    try {
      if (option.trim() === '1') return await logInOnce(deps)
      if (option.trim() === '2') return await registerOnce(deps)
      if (TRANSFER_CODE.test(option.trim())) return await resumeHere(deps, option)
      connection.say(wording.badOption)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      connection.say(refused[error.code])
    }
  }
}

async function logInOnce(deps: LogInDeps): Promise<LoggedIn> {
  const { chat, connection, locale, locales } = deps
  const username = await ask(deps, locale.wording.askUsername)
  const password = await askHidden(deps, locale.wording.askPassword)
  const { address } = connection
  const { person, proof } = await chat.logIns.logIn(username, password, { address })
  return { person, by: proof, welcome: locales.in(person.language).wording.welcome(person.name) }
}

async function registerOnce(deps: LogInDeps): Promise<LoggedIn> {
  const { chat, connection, locale } = deps
  const { wording } = locale
  if ((await chat.registration.requirement()) === 'closed') refuse('registration-closed')
  const name = await ask(deps, wording.askName)
  const username = await ask(deps, wording.askUsername)
  const password = await askHidden(deps, wording.askPassword)
  const asked = await chat.registration.requirement()
  const code = asked === 'code' ? await ask(deps, wording.askCode) : ''
  const registration = { name, username, password, code }
  const { person, proof } = await chat.registration.register(registration, connection.address)
  return { person, by: proof, welcome: wording.registered(person.name) }
}

async function resumeHere({ chat, connection, locales }: LogInDeps, code: string): Promise<LoggedIn> {
  const transfer = await chat.connections.redeemTransfer(code, connection.address)
  const { person } = transfer
  return { person, welcome: locales.in(person.language).wording.welcome(person.name), by: transfer }
}

async function askHidden(deps: LogInDeps, question: string): Promise<string> {
  const answer = askLine(deps, question)
  deps.connection.hideInput()
  try {
    return secretOf(await answer)
  } finally {
    deps.connection.showInput()
  }
}

/** One line; one that is too long is said to be so, and asked for again. */
async function ask(deps: LogInDeps, question: string): Promise<string> {
  return (await askLine(deps, question)).line
}

/** The same, with how it came. */
async function askLine({ connection, locale }: LogInDeps, question: string): Promise<Line> {
  for (;;) {
    connection.prompt(question)
    const input = await connection.next()
    if (input === 'ended') throw new Gone()
    if (input === 'too-long') {
      connection.say(locale.wording.longLine)
      continue
    }
    if (locale.wording.leaveWords.includes(input.line.trim())) throw new Gone()
    return input
  }
}
