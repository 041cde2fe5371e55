// Commands by which something is said: PRIVMSG, NOTICE, TAGMSG, REDACT, and texts of many lines.

import { Buffer } from 'node:buffer'
import type { Lobby } from '../../core/lobby.ts'
import type { Person, Room, RoomRole, Seq } from '../../core/model.ts'
import { Refusal } from '../../core/refusals.ts'
import type { Seat } from '../../core/seat.ts'
import { cut } from './about-channels.ts'
import { act } from './answering.ts'
import type { Client } from './client.ts'
import type { Asked, Command } from './commands.ts'
import { readCodes, type Spoken as Uttered } from './formatting.ts'
import { statusTarget } from './letters.ts'
import { LONGEST_LINE, lineOf, type Message, pieces } from './message.ts'
import { begin } from './multiline.ts'
import { isChannel } from './names.ts'
import { Parts, type Reply } from './reply.ts'
import { isService, serve } from './services.ts'
import { seqOf } from './signed.ts'
import { refuseStranger } from './strangers.ts'
import { MOST_TARGETS } from './welcome.ts'

type Done = ReturnType<Command['run']>

export const aboutMessages: Readonly<Record<string, Command>> = {
  PRIVMSG: { min: 0, when: 'after', run: asked => speak(asked, false) },
  NOTICE: { min: 0, when: 'after', run: asked => speak(asked, true) },
  TAGMSG: { min: 1, when: 'within', run: tagmsg },
  REDACT: { min: 2, when: 'within', run: redact },
  BATCH: { min: 1, when: 'after', run: batch },
  NICKSERV: { min: 0, when: 'after', run: asked => serve(asked, 'NickServ', asked.params.join(' ')) },
  NS: { min: 0, when: 'after', run: asked => serve(asked, 'NickServ', asked.params.join(' ')) },
  CHANSERV: { min: 0, when: 'after', run: asked => serve(asked, 'ChanServ', asked.params.join(' ')) },
  CS: { min: 0, when: 'after', run: asked => serve(asked, 'ChanServ', asked.params.join(' ')) },
}

function speak(asked: Asked, quiet: boolean): Done {
  const { params, to } = asked
  const [targets, text] = params
  if (targets === undefined || targets === '') {
    if (!quiet) to.numeric('ERR_NORECIPIENT')
    return undefined
  }
  if (text === undefined || text === '') {
    if (!quiet) to.numeric('ERR_NOTEXTTOSEND')
    return undefined
  }
  if (!targets.includes(',')) return say(asked, { target: targets, text, quiet })
  return sayToMany(asked, { targets: targets.split(','), text, quiet })
}

/** Each is answered as if it were alone, and all of it is one answer. */
async function sayToMany(
  asked: Asked,
  { targets, text, quiet }: { targets: readonly string[]; text: string; quiet: boolean },
): Promise<'later' | undefined> {
  const { to } = asked
  if (targets.length > MOST_TARGETS) {
    if (!quiet) to.numeric('ERR_TOOMANYTARGETS', targets.join(','))
    return undefined
  }
  const wanted = [...new Set(targets)]
  const parts = new Parts(asked.client, to, wanted.length)
  for (const target of wanted) {
    const part = parts.next()
    const done = await say({ ...asked, to: part }, { target, text, quiet })
    if (done !== 'later') part.end()
  }
  return 'later'
}

interface Spoken extends Uttered {
  readonly target: string
  readonly quiet: boolean
}

/** The way of almost all that is said: nothing is waited for. */
export function say(asked: Asked, spoken: Spoken): Done {
  const { client, to } = asked
  const { target, text, quiet } = spoken
  const { session } = client
  if (isService(target)) return sayToService(asked, spoken)
  if (!session) {
    if (!quiet) refuseStranger(asked, target)
    return undefined
  }
  const said = readCodes(text)
  if (said === undefined) return quiet ? undefined : refuseCtcp(asked, target)
  const seat = seatFor(client, target)
  if (seat) return post(asked, seat, { ...spoken, ...said })
  const status = statusTarget(target)
  if (status) return writeToCouncil(asked, status, { ...spoken, ...behind(`${target} `, said) })
  if (isChannel(target)) {
    if (!quiet) to.numeric(target.startsWith('#') ? 'ERR_CANNOTSENDTOCHAN' : 'ERR_NOSUCHCHANNEL', target)
    return undefined
  }
  return writeTo(asked, { ...spoken, ...said })
}

function behind(words: string, { text, styles, ...said }: Uttered): Uttered {
  const move = (at: number) => at + words.length
  const moved = styles?.map(({ from, to, style }) => ({ from: move(from), to: move(to), style }))
  return { ...said, text: words + text, ...(moved && { styles: moved }) }
}

/** It is in no log: its echo is all that is left of it. */
function sayToService(asked: Asked, { target, text, quiet }: Spoken): Done {
  const { client, message, to } = asked
  if (client.caps.has('echo-message')) {
    const head = lineOf(client.source, message.command, [target, ''])
    const most = LONGEST_LINE - 2 - Buffer.byteLength(head)
    const lines = text.split('\n').flatMap(line => pieces(line, most))
    for (const line of lines) to.say(client.signed() + head + line)
  }
  return quiet ? undefined : serve(asked, target, text)
}

/** Nowhere; where a room has said so itself, as clients know it. */
async function refuseCtcp({ client, message, to }: Asked, target: string): Promise<void> {
  const { session, parts } = client
  const room = client.channelCalled(target)
  const rules = session && room && (await parts.chat.lobby.rules(session.person, room.id))
  const isForbidden = rules?.flags.includes('no-ctcp') === true
  if (isForbidden || !client.knowsFail(message.command))
    to.because('ERR_CANNOTSENDTOCHAN', [target], client.wording.irc.noCtcp)
  else to.fail(message.command, 'INVALID_MESSAGE', target, client.wording.irc.noCtcp)
}

function post({ client, message, to }: Asked, seat: Seat, spoken: Spoken): 'later' {
  const { target, quiet } = spoken
  if (!quiet && !isChannel(target)) sayAway(client, target, to)
  const reply = answered(message, seat)
  client.posts.post(seat, reply === undefined ? spoken : { ...spoken, reply }, to)
  return 'later'
}

function sayAway(client: Client, nick: string, to: Reply): void {
  const text = client.parts.presences().awayText(nick)
  if (text !== undefined) to.numeric('RPL_AWAY', nick, text)
}

/** What it answers, of the same room. */
function answered({ tags }: Message, seat: Seat): Seq | undefined {
  const id = tags.get('+reply') ?? tags.get('+draft/reply')
  const found = id === undefined ? undefined : seqOf(id)
  return found?.room === seat.room ? found.seq : undefined
}

/** Of a channel, or of a conversation that there is already. */
function seatCalled(client: Client, target: string): Seat | undefined {
  const room = client.roomCalled(target)
  return room && client.session?.seat(room.id)
}

/** Where this has been said before, or a channel. Whose a nick is now is asked of the core: guests' go from one to another. */
function seatFor(client: Client, target: string): Seat | undefined {
  const known = client.targets.get(target)
  const seat = known && client.session?.seat(known)
  if (seat) return seat
  const room = client.channelCalled(target)
  if (!room) return undefined
  client.targets.set(target, room.id)
  return client.session?.seat(room.id)
}

/** The first words to somebody. */
function writeTo(asked: Asked, spoken: Spoken): Promise<'later' | undefined> {
  return writeIn(asked, spoken, async (lobby, person) => {
    const room = await lobby.direct(person, [spoken.target])
    asked.client.targets.set(spoken.target, room.id)
    return room
  })
}

/**
 * To those of a rank in a channel, in the conversation that they have: a room's log is the same for all who are in it,
 * so what is not for all of them is said in another.
 */
async function writeToCouncil(
  asked: Asked,
  { least, channel }: { least: RoomRole; channel: string },
  spoken: Spoken,
): Promise<'later' | undefined> {
  const room = asked.client.channelCalled(channel)
  if (room) return writeIn(asked, spoken, (lobby, person) => lobby.councilOf(person, room.id, least))
  if (!spoken.quiet) asked.to.numeric('ERR_CANNOTSENDTOCHAN', spoken.target)
  return undefined
}

async function writeIn(
  { client, to }: Asked,
  spoken: Spoken,
  open: (lobby: Lobby, person: Person) => Promise<Room>,
): Promise<'later' | undefined> {
  const { session } = client
  if (!session) return undefined
  try {
    const room = await open(client.parts.chat.lobby, session.person)
    const seat = session.seat(room.id)
    if (seat) {
      if (!spoken.quiet) sayAway(client, spoken.target, to)
      client.posts.post(seat, spoken, to)
      return 'later'
    }
    to.numeric('ERR_NOSUCHNICK', spoken.target)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (!spoken.quiet) to.refused(error, [spoken.target])
  }
  return undefined
}

// --- what is said about messages -------------------------------------------------------------------------

function tagmsg({ client, params, message, to }: Asked): Promise<void> | undefined {
  const [target = ''] = params
  const seat = seatCalled(client, target)
  if (!seat || !client.session) {
    if (!client.caps.has('message-tags') || isService(target)) return undefined
    to.numeric(isChannel(target) ? 'ERR_CANNOTSENDTOCHAN' : 'ERR_NOSUCHNICK', target)
    return undefined
  }
  const { tags } = message
  if (tags.get('+typing') === 'active') client.parts.chat.typing(seat)
  const about = answered(message, seat)
  const [on, emoji] = tags.has('+draft/react')
    ? [true, tags.get('+draft/react')]
    : [false, tags.get('+draft/unreact')]
  if (emoji === undefined) return undefined
  if (about === undefined) {
    to.fail('TAGMSG', 'INVALID_REACTION', client.refused({ code: 'no-such-message' }))
    return undefined
  }
  return react({ client, params, message, to }, { seat, about, emoji, on })
}

async function react(
  { client, to }: Asked,
  { seat, about, emoji, on }: { seat: Seat; about: Seq; emoji: string; on: boolean },
): Promise<void> {
  const { session } = client
  if (!session) return
  try {
    const { messages } = client.parts.chat
    await act({ client, session, to }, actor => messages.react(actor, seat.room, about, { emoji, on }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    to.fail('TAGMSG', 'INVALID_REACTION', client.refused(error))
  }
}

async function redact({ client, params, to }: Asked): Promise<void> {
  const [target = '', id = '', reason = ''] = params
  const seat = seatCalled(client, target)
  const { session } = client
  if (!seat || !session) return to.fail('REDACT', 'INVALID_TARGET', target, client.wording.irc.noTarget)
  const found = seqOf(id)
  if (found?.room !== seat.room)
    return to.fail('REDACT', 'UNKNOWN_MSGID', target, id, client.refused({ code: 'no-such-message' }))
  try {
    const { messages } = client.parts.chat
    await act({ client, session, to }, actor => messages.erase(actor, seat.room, found.seq, cut(reason)))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const code = error.code === 'no-such-message' ? 'UNKNOWN_MSGID' : 'REDACT_FORBIDDEN'
    to.fail('REDACT', code, target, id, client.refused(error))
  }
}

// --- texts of many lines (draft/multiline) ---------------------------------------------------------------

function batch(asked: Asked): Done {
  const { client, params } = asked
  const open = client.gathering
  return open && params[0] === `-${open.reference}` ? open.end(say) : begin(asked)
}
