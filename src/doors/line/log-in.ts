// The dialogue of the lab: log in or register, until one of them works.

import type { Chat } from '../../core/chat.ts'
import type { SessionTransfer } from '../../core/cluster/cluster-messages.ts'
import type { Profile } from '../../core/model/model.ts'
import { Refusal, refuse } from '../../core/model/refusals.ts'
import type { Admitted } from '../../core/people/log-in.ts'
import { type Connection, type Line, secretOf } from './connection.ts'
import type { Locale, Locales } from './locale.ts'

/** The client closed the connection, asked to leave, or turned out to speak another protocol. */
export class Gone extends Error {}

export interface LogInDeps {
  readonly chat: Chat
  readonly locales: Locales
  /** The locale until the person is known. */
  readonly locale: Locale
  readonly connection: Connection
  /** Looks at the first line. @returns true if another door has taken over the connection */
  readonly takesOver: (line: string) => boolean
}

/** A person who has logged in, and the sentence that welcomes them. */
export interface LoggedIn {
  readonly person: Profile
  readonly welcome: string
  /** The credential: the stored hash that the password matched, or the session that continues here. */
  readonly by: string | SessionTransfer
}

/** A transfer code as `/mover` gives it: abcd-efgh, eight letters and digits. */
const TRANSFER_CODE = /^[a-z0-9]{4}[- ][a-z0-9]{4}$/i

/** Asks until somebody has logged in. Throws Gone. */
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
      if (!(error instanceof Refusal) || error.code === 'closing') throw error
      connection.say(refused[error.code])
    }
  }
}

async function logInOnce(deps: LogInDeps): Promise<LoggedIn> {
  const { chat, connection, locale, locales } = deps
  const username = await ask(deps, locale.wording.askUsername)
  const password = await askHidden(deps, locale.wording.askPassword)
  const { address } = connection
  const { person, proof } = await chat.logIns.logIn(username, password, { address }).catch(error => {
    if (!(error instanceof Refusal) || error.code !== 'new-password-needed') throw error
    return choosePassword(deps, { username, code: password })
  })
  return { person, by: proof, welcome: locales.in(person.language).wording.welcome(person.name) }
}

/** Somebody who has typed a one-time code chooses a password; the code is used up with it. */
async function choosePassword(
  deps: LogInDeps,
  shown: { readonly username: string; readonly code: string },
): Promise<Admitted> {
  const { chat, connection, locale } = deps
  connection.say(locale.wording.codeIsRight)
  for (;;) {
    const password = await askHidden(deps, locale.wording.askNewPassword)
    try {
      return await chat.loginCodes.logIn({ ...shown, password }, { address: connection.address })
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'bad-password') throw error
      connection.say(locale.refused[error.code])
    }
  }
}

async function registerOnce(deps: LogInDeps): Promise<LoggedIn> {
  const { chat, connection, locale } = deps
  const { wording } = locale
  if ((await chat.registration.requirement()) === 'closed') refuse('registration-closed')
  const name = await ask(deps, wording.askName)
  const username = await ask(deps, wording.askUsername)
  const password = await askHidden(deps, wording.askPassword)
  const requirement = await chat.registration.requirement()
  const code = requirement === 'code' ? await ask(deps, wording.askCode) : ''
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

/** Asks for one line. If it is too long, says so and asks again. */
async function ask(deps: LogInDeps, question: string): Promise<string> {
  return (await askLine(deps, question)).line
}

/** Like `ask`, with the encoding of the line. */
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
