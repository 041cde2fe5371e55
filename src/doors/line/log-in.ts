// The lab's dialogue: log in or register, until one of them works.

import type { Chat } from '../../core/chat.ts'
import type { SessionTransfer } from '../../core/cluster/messages.ts'
import type { Profile } from '../../core/model/model.ts'
import { Refusal, refuse } from '../../core/model/refusals.ts'
import { type Connection, type Line, secretOf } from './connection.ts'
import type { Voice, Voices } from './locale.ts'

/** The other side went away, said that it leaves, or turned out to be no line client. */
export class Gone extends Error {}

export interface Dialogue {
  readonly chat: Chat
  readonly voices: Voices
  /** Before it is known who it is. */
  readonly voice: Voice
  readonly connection: Connection
  /** Looks at the first line; true when it has taken the connection over. */
  readonly notALineClient: (line: string) => boolean
}

/** Who has logged in, and how they are to be welcomed. */
export interface LoggedIn {
  readonly person: Profile
  readonly welcome: string
  /** What their password was compared with, or the session that goes on here. */
  readonly by: string | SessionTransfer
}

/** abcd-efgh: of eight letters and digits, as `/mover` gives them. */
const MOVE_CODE = /^[a-z0-9]{4}[- ][a-z0-9]{4}$/i

/** Throws Gone. */
export async function logIn(dialogue: Dialogue): Promise<LoggedIn> {
  const { connection, voice } = dialogue
  const { wording, refused } = voice
  for (let first = true; ; first = false) {
    const option = await ask(dialogue, wording.menu)
    if (first && dialogue.notALineClient(option)) throw new Gone()
    try {
      if (option.trim() === '1') return await logInOnce(dialogue)
      if (option.trim() === '2') return await registerOnce(dialogue)
      if (MOVE_CODE.test(option.trim())) return await moveHere(dialogue, option)
      connection.say(wording.badOption)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      connection.say(refused[error.code])
    }
  }
}

async function logInOnce(dialogue: Dialogue): Promise<LoggedIn> {
  const { chat, connection, voice, voices } = dialogue
  const username = await ask(dialogue, voice.wording.askUsername)
  const password = await askHidden(dialogue, voice.wording.askPassword)
  const { address } = connection
  const { person, proof } = await chat.logIns.logIn(username, password, { address })
  return { person, by: proof, welcome: voices.in(person.language).wording.welcome(person.name) }
}

async function registerOnce(dialogue: Dialogue): Promise<LoggedIn> {
  const { chat, connection, voice } = dialogue
  const { wording } = voice
  if ((await chat.registration.requirement()) === 'closed') refuse('registration-closed')
  const name = await ask(dialogue, wording.askName)
  const username = await ask(dialogue, wording.askUsername)
  const password = await askHidden(dialogue, wording.askPassword)
  const asked = await chat.registration.requirement()
  const code = asked === 'code' ? await ask(dialogue, wording.askCode) : ''
  const registration = { name, username, password, code }
  const { person, proof } = await chat.registration.register(registration, connection.address)
  return { person, by: proof, welcome: wording.registered(person.name) }
}

async function moveHere({ chat, connection, voices }: Dialogue, code: string): Promise<LoggedIn> {
  const moving = await chat.connections.redeemTransfer(code, connection.address)
  const { person } = moving
  return { person, welcome: voices.in(person.language).wording.welcome(person.name), by: moving }
}

async function askHidden(dialogue: Dialogue, question: string): Promise<string> {
  const answer = askLine(dialogue, question)
  dialogue.connection.hideInput()
  try {
    return secretOf(await answer)
  } finally {
    dialogue.connection.showInput()
  }
}

/** One line; one that is too long is said to be so, and asked for again. */
async function ask(dialogue: Dialogue, question: string): Promise<string> {
  return (await askLine(dialogue, question)).line
}

/** The same, with how it came. */
async function askLine({ connection, voice }: Dialogue, question: string): Promise<Line> {
  for (;;) {
    connection.prompt(question)
    const input = await connection.next()
    if (input === 'ended') throw new Gone()
    if (input === 'too-long') {
      connection.say(voice.wording.longLine)
      continue
    }
    if (voice.wording.leaveWords.includes(input.line.trim())) throw new Gone()
    return input
  }
}
