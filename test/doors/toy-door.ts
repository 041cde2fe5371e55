// A fourth door, in thirty lines: a name and a password in the first line, then a text in each. It says nothing about
// what an input costs.

import type { Socket } from 'node:net'
import type { Chat } from '../../src/core/chat.ts'
import { Subscriber } from '../../src/core/log/subscriber.ts'
import { GENERAL, type RoomEvent } from '../../src/core/model/model.ts'
import type { Session, View } from '../../src/core/sessions/sessions.ts'
import { Cohort } from '../../src/doors/shared/cohort.ts'
import { Flow } from '../../src/doors/shared/flow.ts'
import { Inbox } from '../../src/doors/shared/inbox.ts'
import { LineSplitter } from '../../src/net/line-splitter.ts'
import { Outbox } from '../../src/net/outbox.ts'

const address = 'here'
const cohort = new Cohort<RoomEvent>(event => (event.kind === 'message' ? `${event.text}\n` : ''))
const quiet = {
  progressed() {},
  failed() {},
  joined() {},
  invited() {},
  left() {},
  readMarkMoved() {},
  changed() {},
}

export function answer(socket: Socket, chat: Chat): void {
  let session: Session | undefined
  const flow = new Flow(chat, { person: () => session?.person, goOn: () => inbox.pump() })
  const inbox = new Inbox<string>(socket, flow)
  const splitter = new LineSplitter(1000, line => inbox.push(line), socket.destroy)
  const outbox = new Outbox(socket, () => subscriber.drained())
  const subscriber = new Subscriber({ write: bytes => outbox.write(bytes) })
  const displayOf = () => ({ cohort, isCurrent: true })
  const view: View = {
    ...quiet,
    subscriber,
    displayOf,
    echoes: true,
    lasts: false,
    ended: () => outbox.end(),
  }

  const enter = async (name = '', password = '') => {
    inbox.handler = undefined
    const { person, proof: credential } = await chat.logIns.logIn(name, password, { address })
    const connected = await chat.connections.connect(person, view, { door: 'line', address, credential })
    session = connected.session
    for (const { seat } of connected.seats) seat.begin()
    inbox.handler = { take: text => say(text, connected.session) }
    inbox.pump()
  }
  const say = (text: string, { person }: Session) => {
    flow.posted(text.length)
    void chat.postAs(person, GENERAL, { text }).finally(() => flow.answered(1))
  }
  inbox.handler = { take: line => void enter(...line.split(' ')).catch(() => outbox.end()) }
  socket.on('data', (chunk: Buffer) => {
    splitter.push(chunk)
    inbox.pump()
  })
  socket.on('close', () => session && chat.connections.disconnect(session))
}
