// The lab's dialogue: log in or register, until one of them works.

import type { Chat } from '../../core/chat.ts'
import type { Person } from '../../core/model.ts'
import { Refusal, type RefusalCode } from '../../core/refusals.ts'
import type { Wording } from '../../wording/es.ts'
import type { Connection } from './connection.ts'

/** The other side went away, said that it leaves, or turned out to be no line client. */
export class Gone extends Error {}

export interface Dialogue {
  readonly chat: Chat
  readonly wording: Wording
  readonly connection: Connection
  /** The shortest password, in code points, for the sentence that says so. */
  readonly shortestPassword: number
  /** Told of everything that is typed. */
  readonly heard: () => void
  /** Looks at the first line; true when it has taken the connection over. */
  readonly notALineClient: (line: string) => boolean
}

/** @returns who has logged in, having been welcomed. Throws Gone. */
export async function logIn(dialogue: Dialogue): Promise<Person> {
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
      connection.say(sentence(error.code, dialogue))
    }
  }
}

async function logInOnce(dialogue: Dialogue): Promise<Person> {
  const { chat, connection, wording } = dialogue
  const username = await ask(dialogue, wording.askUsername)
  const password = await askHidden(dialogue, wording.askPassword)
  const person = await chat.logIn(username, password, connection.address)
  connection.say(wording.welcome(person.name))
  return person
}

async function registerOnce(dialogue: Dialogue): Promise<Person> {
  const { chat, connection, wording } = dialogue
  const name = await ask(dialogue, wording.askName)
  const username = await ask(dialogue, wording.askUsername)
  const password = await askHidden(dialogue, wording.askPassword)
  const code = chat.asksForCode ? await ask(dialogue, wording.askCode) : ''
  const person = await chat.register({ name, username, password, code }, connection.address)
  connection.say(wording.registered(person.name))
  return person
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

function sentence(code: RefusalCode, { wording, shortestPassword }: Dialogue): string {
  if (code === 'bad-password') return wording.shortPassword(shortestPassword)
  return refused(code, wording)
}

/** Every refusal in words; one without words does not compile. */
export function refused(code: RefusalCode, wording: Wording): string {
  const sentences: Record<RefusalCode, string> = {
    ...wording.refusals,
    'name-taken': wording.nameTaken,
    'wrong-credentials': wording.wrongCredentials,
  }
  return sentences[code]
}
