// Runs the commands of one conversation, one after the other.

import type { Post } from '../../../core/log/appender.ts'
import type { RoomId } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import type { Session } from '../../../core/sessions/sessions.ts'
import { withOpening } from '../../../wording/refused.ts'
import type { ConversationDeps } from '../conversation.ts'
import { costOf } from '../cost.ts'
import type { CurrentRoom } from '../current-room.ts'
import { Pager } from '../pager.ts'
import type { Questions } from '../questions.ts'
import { runCommand } from './commands.ts'
import type { CommandContext } from './context.ts'

interface RunnerDeps {
  readonly session: Session
  readonly currentRoom: CurrentRoom
  readonly questions: Questions
  post(room: RoomId, post: Post): void
  startPaste(room: RoomId): void
  /** Called when a command is done. */
  goOn(): void
}

export class CommandRunner {
  readonly #conversation: ConversationDeps
  readonly #deps: RunnerDeps
  readonly #pager: Pager
  #isRunning = false

  constructor(conversation: ConversationDeps, deps: RunnerDeps) {
    this.#conversation = conversation
    this.#deps = deps
    this.#pager = new Pager(conversation)
  }

  /** Whether a command is running: input after it waits. */
  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Runs a command; refusals and errors are said to the person. @param line without its slash */
  run(line: string): void {
    const { chat, connection, onError } = this.#conversation
    this.#isRunning = true
    runCommand(line, this.#context())
      .catch(error => {
        if (!(error instanceof Refusal)) throw error
        const { locale, zone } = this.#conversation
        const { person } = this.#deps.session
        const sentence = locale.refused[error.code]
        connection.say(withOpening(sentence, error.opens, locale.wording, person.zone || zone))
      })
      .then(() => chat.readMarks.moveToShown(this.#deps.session)) // anyone who types has read what is on the screen
      .catch(error => {
        if (error instanceof Refusal) return // the command itself has succeeded
        onError(error)
        connection.say(this.#conversation.locale.wording.internalError)
      })
      .finally(() => {
        this.#isRunning = false
        this.#deps.goOn()
      })
  }

  #context(): CommandContext {
    const { chat, locale, zone, webUrl, connection } = this.#conversation
    const { session, currentRoom, questions } = this.#deps
    return {
      chat,
      session,
      person: session.person,
      wording: locale.wording,
      webUrl,
      zone: session.person.zone || zone,
      room: currentRoom.room,
      address: connection.address,
      say: lines => {
        chat.charge(session.person, costOf(lines))
        this.#pager.say(lines)
      },
      more: () => this.#pager.more(),
      startAnswer: () => this.#pager.clear(),
      setNext: next => this.#pager.setNext(next),
      switchTo: room => currentRoom.switchTo(session, room),
      switchToGeneral: () => currentRoom.switchToGeneral(session),
      format: connection.format,
      post: (room, post) => this.#deps.post(room, post),
      paste: () => this.#deps.startPaste(currentRoom.room.id),
      askHidden: question => questions.askHidden(question),
      changeLanguage: language => this.#changeLanguage(language),
    }
  }

  #changeLanguage(language: string): void {
    const { locales, connection } = this.#conversation
    this.#conversation.locale = locales.in(language)
    this.#deps.currentRoom.changeLocale(this.#deps.session)
    connection.say(this.#conversation.locale.wording.spoken)
  }
}
