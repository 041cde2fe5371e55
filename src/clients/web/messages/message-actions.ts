// The actions on a message, shared by its buttons, its menu and the keyboard.

import type { Message } from '../../../wire/schemas.ts'
import { type App, attempt, copyText, focusComposer, showInRoom } from '../app.tsx'
import { ticked } from '../markup/tasks.ts'
import type { Room } from '../model/room.ts'
import { pathOf } from '../model/route.ts'

export interface MessageActions {
  react(message: Message, emoji: string): void
  reply(seq: number | undefined): void
  edit(seq: number | undefined): void
  /** Ticks one's own task that is written in that line, or takes the tick off: an edit. */
  tick(message: Message, line: number): void
  /** Whether one may delete the message, and what is shown of its links. */
  mayErase(message: Message): boolean
  erase(seq: number): void
  takePreviewOff(seq: number, url: string): void
  pin(seq: number, on: boolean): void
  /** Marks the message and what follows it as unread. */
  unread(seq: number): void
  /** Asks when one wants to be reminded of it. */
  remind(seq: number): void
  /** For oneself. */
  save(seq: number, on: boolean): void
  /** Shows who has reacted. */
  reactors(seq: number): void
  /** Opens its thread; missing in a thread. */
  thread?(seq: number): void
  doors(seq: number): void
  /** Opens the viewer. @param file the id of a picture of the message */
  view(seq: number, file: string): void
  person(username: string): void
  goTo(seq: number): void
  copy(text: string): void
  linkTo(seq: number): string
}

export function messageActions(
  app: App,
  room: Room,
  { reply, edit }: { reply: (seq: number | undefined) => void; edit: (seq: number | undefined) => void },
): MessageActions {
  const { chat, route, toasts, wording } = app
  const { api } = chat
  const mayEdit = (seq: number) => room.message(seq)?.author.id === chat.me
  return {
    reply(seq) {
      reply(seq)
      focusComposer()
    },
    edit(seq) {
      if (seq === undefined || mayEdit(seq)) edit(seq)
    },
    tick({ seq, text }, line) {
      const edited = ticked(text, line)
      if (edited !== undefined) void attempt(app, () => api.edit(room.id, seq, edited))
    },
    react({ seq, reactions }, emoji) {
      const mine = reactions?.some(each => each.emoji === emoji && each.mine) === true
      void attempt(app, () => api.react(room.id, seq, { emoji, on: !mine }))
    },
    erase(seq) {
      if (room.mayDiscipline || mayEdit(seq)) route.open(`erase/${seq}`)
    },
    mayErase: ({ author }) => room.mayDiscipline || author.id === chat.me,
    takePreviewOff: (seq, url) => void attempt(app, () => api.takePreviewOff(room.id, seq, url)),
    pin: (seq, on) => void attempt(app, () => api.pin(room.id, seq, on)),
    unread: seq => void attempt(app, () => chat.readMarks.unreadFrom(room, seq)),
    remind(seq) {
      const { putOff } = wording.words
      const choose = (at: number) =>
        void attempt(app, () => chat.putOff.remind(room.id, seq, at)).then(
          isDone => isDone && toasts.add(putOff.willRemind),
        )
      chat.putOff.asked = { title: putOff.remind, choose }
      route.open('when')
    },
    save(seq, on) {
      const done = on ? wording.words.savedMessages.done : wording.words.savedMessages.undone
      void attempt(app, () => api.save(room.id, seq, on)).then(isDone => isDone && toasts.add(done))
    },
    thread: seq => route.open(`thread/${seq}`),
    reactors: seq => route.open(`reactions/${seq}`),
    doors: seq => route.open(`doors/${seq}`),
    view: (seq, file) => route.open(`picture/${seq}/${file}`),
    person: username => route.open(`person/${username}`),
    goTo: seq => showInRoom(app, room, seq),
    copy(text) {
      const tell = (isCopied: boolean) =>
        isCopied ? toasts.add(wording.words.copied) : toasts.add(wording.words.notCopied, 'error')
      void copyText(text).then(tell)
    },
    linkTo: seq => `${location.origin}${pathOf(room.slug, seq)}`,
  }
}
