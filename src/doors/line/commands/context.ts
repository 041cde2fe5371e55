// What a command gets: the person, the room, and the connection that it was typed on.

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
  /** Where others reach the web door (LinkContext). */
  readonly webUrl: () => string
  /** The person's time zone. */
  readonly zone: string
  /** The current room. */
  readonly room: Room
  /** The remote network: an IPv4 address or an IPv6 /64. */
  readonly address: string
  /** Says an answer; a long one stops after a page, and goes on with `more`. */
  say(lines: readonly string[]): void
  /** Goes on with the last answer. @returns false if nothing is left */
  more(): Promise<boolean>
  /** Begins a new answer: the last one is forgotten. */
  startAnswer(): void
  /** Sets what `more` does when nothing is left of the last answer. */
  setNext(next: () => Promise<void>): void
  /** Makes a room the current one. */
  switchTo(room: Room): Promise<void>
  /** Makes `general` the current room. */
  switchToGeneral(): Promise<void>
  /** The format of what is typed on this connection. */
  readonly format: Format
  post(room: RoomId, post: Post): void
  /** Gathers the lines that follow into one text, until a line with a single dot. */
  paste(): void
  /** Asks for a line that is not shown, if the client can hide it. @returns undefined if none comes any more */
  askHidden(question: string): Promise<string | undefined>
  /** Switches the connection to a language; empty for the server's. */
  changeLanguage(language: string): void
}

/** What was typed after a command. */
export type Args = readonly string[]

export interface Command {
  /** The number of words before the free text. */
  readonly words: number
  /** The least number of arguments, the free text counting as one; with fewer, the usage is said. */
  readonly minArgs: number
  /** The free text is posted verbatim: the first space belongs to the command, further ones to the text. */
  readonly verbatim?: true
  run(context: CommandContext, args: Args): void | Promise<void>
}

/** Thrown by a command that does not understand its arguments: its usage is said. */
export class Misused extends Error {}

/** Throws Misused. */
export function misused(): never {
  throw new Misused()
}

/** For commands whose effect everybody is shown: says that nothing has changed, if so. */
export function sayIfUnchanged(context: CommandContext, done: unknown): void {
  if (!done) context.say([context.wording.alreadySo])
}

/** The usage of a command: its word and its arguments. */
export function usage(name: CommandName, { commands }: Wording): string {
  return `/${commands[name].word} ${commands[name].args}`.trim()
}
