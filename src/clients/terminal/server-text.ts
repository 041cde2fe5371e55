// Text from the server, made safe for a terminal, since the server may be anybody's.

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
  /** The answer is not echoed. */
  readonly hidden: boolean
}

export class ServerText {
  readonly #decoder = new StringDecoder('utf8')
  #unfinished = ''

  /** Decodes everything, for a pipe. Chunks may end within a character. */
  decode(chunk: Buffer): string {
    return printable(this.#decoder.write(chunk))
  }

  /** For a terminal: the complete lines, and the question that the text ends with, which has no end of line. */
  read(chunk: Buffer): { lines: string[]; question: Question | undefined } {
    const lines = (this.#unfinished + this.decode(chunk)).split('\n')
    const rest = lines.pop() ?? ''
    const isQuestion = QUESTIONS.has(rest)
    this.#unfinished = isQuestion ? '' : rest
    return { lines, question: isQuestion ? { text: rest, hidden: HIDDEN.has(rest) } : undefined }
  }
}

/** Whether the server ends the connection on this line. */
export function leaves(line: string): boolean {
  return LEAVE_WORDS.has(line.trim())
}

/** left: we ended the conversation. gone: the server did. */
export type Ending = 'left' | 'gone'
