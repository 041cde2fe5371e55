// The lab's dialogue: log in or register, until one of them works.

import type { Chat } from '../../core/chat.ts'
import type { Person } from '../../core/model.ts'
import { Refusal } from '../../core/refusals.ts'
import type { Wording } from '../../wording/es.ts'
import type { Connection } from './connection.ts'
import type { Refused } from './refused.ts'

/** The other side went away, said that it leaves, or turned out to be no line client. */
export class Gone extends Error {}

export interface Dialogue {
  readonly chat: Chat
  readonly wording: Wording
  readonly connection: Connection
  readonly refused: Refused
  /** Told of everything that is typed. */
  readonly heard: () => void
  /** Looks at the first line; true when it has taken the connection over. */
  readonly notALineClient: (line: string) => boolean
}

/** Who has logged in, and how they are to be welcomed. */
export interface LoggedIn {
  readonly person: Person
  readonly welcome: string
}

/** Throws Gone. */
export async function logIn(dialogue: Dialogue): Promise<LoggedIn> {
  const { connection, wording } = dialogue
  for (let first = true; ; first = false) {
    const option = await ask(dialogue, wording.menu)
    if (first && dialogue.notALineClient(option)) throw new Gone()
    try {
      if (option.trim() === '1') return await logInOnce(dialogue)
      if (option.trim() === '2') return await registerOnce(dialogue)
      connection.say(wording.badOption)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      connection.say(dialogue.refused[error.code])
    }
  }
}

async function logInOnce(dialogue: Dialogue): Promise<LoggedIn> {
  const { chat, connection, wording } = dialogue
  const username = await ask(dialogue, wording.askUsername)
  const password = await askHidden(dialogue, wording.askPassword)
  const person = await chat.logIn(username, password, connection.address)
  return { person, welcome: wording.welcome(person.name) }
}

async function registerOnce(dialogue: Dialogue): Promise<LoggedIn> {
  const { chat, connection, wording } = dialogue
  const name = await ask(dialogue, wording.askName)
  const username = await ask(dialogue, wording.askUsername)
  const password = await askHidden(dialogue, wording.askPassword)
  const code = chat.asksForCode ? await ask(dialogue, wording.askCode) : ''
  const person = await chat.register({ name, username, password, code }, connection.address)
  return { person, welcome: wording.registered(person.name) }
}

async function askHidden(dialogue: Dialogue, question: string): Promise<string> {
  const answer = ask(dialogue, question)
  dialogue.connection.hideInput()
  try {
    return await answer
  } finally {
    dialogue.connection.showInput()
  }
}

/** One line; one that is too long is said to be so, and asked for again. */
async function ask({ connection, wording, heard }: Dialogue, question: string): Promise<string> {
  for (;;) {
    connection.prompt(question)
    const input = await connection.next()
    heard()
    if (input === 'ended') throw new Gone()
    if (input === 'too-long') {
      connection.say(wording.longLine)
      continue
    }
    if (wording.leaveWords.includes(input.line.trim())) throw new Gone()
    return input.line
  }
}
