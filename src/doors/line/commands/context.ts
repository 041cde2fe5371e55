// What a command may use of the connection that it was typed on.

import type { Chat } from '../../../core/chat.ts'
import type { Post } from '../../../core/log/appender.ts'
import type { Format, Profile, Room, RoomId } from '../../../core/model/model.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import type { Wording } from '../../../wording/es.ts'

export type CommandName = keyof Wording['commands']

export interface CommandContext {
  readonly chat: Chat
  readonly session: Session
  readonly person: Profile
  readonly wording: Wording
  /** The person's time zone. */
  readonly zone: string
  /** The room that is written to. */
  readonly room: Room
  /** Where it comes from, as far as one subscriber has it. */
  readonly address: string
  /** A long answer stops after a page, and goes on with `more`. */
  say(lines: readonly string[]): void
  /** Goes on with an answer that stopped; @returns false when there is none. */
  more(): Promise<boolean>
  /** Another answer begins. */
  startAnswer(): void
  /** What `more` does when nothing is left of the last answer. */
  setNext(next: () => Promise<void>): void
  switchTo(room: Room): Promise<void>
  /** What is typed goes to `general` again. */
  switchToGeneral(): Promise<void>
  /** What is typed here is. */
  readonly format: Format
  post(room: RoomId, post: Post): void
  /** From now on lines are gathered until one of them is a dot. */
  paste(): void
  /** The next line, not shown where the client can be asked for that; undefined when none comes any more. */
  askHidden(question: string): Promise<string | undefined>
  /** This connection is spoken to in that language; empty for the server's. */
  changeLanguage(language: string): void
}

/** What was typed behind a command. */
export type Args = readonly string[]

export interface Command {
  /** Words before the free text. */
  readonly words: number
  /** Words, the free text counting as one, without which it does nothing but say how it is used. */
  readonly minArgs: number
  /** The free text is said as it was typed: one space belongs to the command, the others to the text. */
  readonly verbatim?: true
  run(context: CommandContext, args: Args): void | Promise<void>
}

/** What is said where a command was typed in a way that it does not understand. */
export class Misused extends Error {}

/** Says how the command is used. */
export function misused(): never {
  throw new Misused()
}

/** For a command that changes something that everybody is shown: the answer, where nothing changed, is that. */
export function sayIfUnchanged(context: CommandContext, done: unknown): void {
  if (!done) context.say([context.wording.alreadySo])
}

/** How a command is used. */
export function usage(name: CommandName, { commands }: Wording): string {
  return `/${commands[name].word} ${commands[name].args}`.trim()
}
