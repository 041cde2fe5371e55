// What the server sends, as a terminal may be shown it, whoever the server is.

import { StringDecoder } from 'node:string_decoder'
import { printable } from '../../wire/printable.ts'
import { languages } from '../../wording/languages.ts'

const wordings = Object.values(languages)
const HIDDEN = new Set(
  wordings.flatMap(({ askPassword, askPasswordNow, askNewPassword }) => [
    askPassword,
    askPasswordNow,
    askNewPassword,
  ]),
)
const QUESTIONS = new Set([
  ...HIDDEN,
  ...wordings.flatMap(({ menu, askName, askUsername, askCode }) => [menu, askName, askUsername, askCode]),
])
const LEAVE_WORDS = new Set(wordings.flatMap(({ leaveWords }) => leaveWords))

export interface Question {
  readonly text: string
  /** Its answer is not to be shown. */
  readonly hidden: boolean
}

export class ServerText {
  readonly #decoder = new StringDecoder('utf8')
  #unfinished = ''

  /** All of it, for a pipe. UTF-8 may be cut anywhere. */
  decode(chunk: Buffer): string {
    return printable(this.#decoder.write(chunk))
  }

  /** For a terminal: the lines that are complete, and the question now asked, which has no end of line. */
  read(chunk: Buffer): { lines: string[]; question: Question | undefined } {
    const lines = (this.#unfinished + this.decode(chunk)).split('\n')
    const rest = lines.pop() ?? ''
    const asked = QUESTIONS.has(rest)
    this.#unfinished = asked ? '' : rest
    return { lines, question: asked ? { text: rest, hidden: HIDDEN.has(rest) } : undefined }
  }
}

/** Whether a line typed at the server makes it end the connection. */
export function leaves(line: string): boolean {
  return LEAVE_WORDS.has(line.trim())
}

/** How a conversation ended: because we left, or because the server went away. */
export type Ending = 'left' | 'gone'
