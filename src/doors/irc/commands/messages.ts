// Commands by which something is said: PRIVMSG, NOTICE, TAGMSG, REDACT, and texts of many lines.

import { Buffer } from 'node:buffer'
import type { Seat } from '../../../core/log/seat.ts'
import type { Person, Room, RoomRole, Seq, Tag } from '../../../core/model/model.ts'
import { Refusal, refuse } from '../../../core/model/refusals.ts'
import type { Rooms } from '../../../core/rooms/rooms.ts'
import type { Client } from '../client.ts'
import { render } from '../events/lines.ts'
import { linesOf, seqOf } from '../events/tags.ts'
import { act } from '../replies/answers.ts'
import { MOST_TARGETS } from '../replies/registration-burst.ts'
import { Parts, type Reply } from '../replies/reply.ts'
import { ANSWERING, passedOn, REACTING } from '../wire/client-tags.ts'
import { readCodes, type Spoken as Uttered } from '../wire/formatting.ts'
import { LONGEST_LINE, lineOf, type Message, pieces } from '../wire/message.ts'
import { statusTarget } from '../wire/mode-letters.ts'
import { begin } from '../wire/multiline.ts'
import { foldName, isChannel } from '../wire/names.ts'
import { cut } from './channels.ts'
import type { Asked, Command } from './commands.ts'
import { personCalled } from './find-room.ts'
import { isService, serve } from './services.ts'
import { refuseStranger } from './strangers.ts'

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
  const { client, to } = asked
  if (client.caps.has('echo-message')) {
    const head = lineOf(client.source, quiet ? 'NOTICE' : 'PRIVMSG', [target, ''])
    const most = LONGEST_LINE - 2 - Buffer.byteLength(head)
    const lines = text.split('\n').flatMap(line => pieces(line, most))
    for (const line of lines) to.say(client.ownTags() + head + line)
  }
  return quiet ? undefined : serve(asked, target, text)
}

/** Nowhere; where a room has said so itself, as clients know it. */
async function refuseCtcp({ client, message, to }: Asked, target: string): Promise<void> {
  const { session, parts } = client
  const room = client.channelCalled(target)
  const rules = session && room && (await parts.chat.rooms.settings(session.person, room.id))
  const isForbidden = rules?.flags.includes('no-ctcp') === true
  if (isForbidden || !client.knowsFail(message.command))
    to.because('ERR_CANNOTSENDTOCHAN', [target], client.wording.irc.noCtcp)
  else to.fail(message.command, 'INVALID_MESSAGE', target, client.wording.irc.noCtcp)
}

function post({ client, message, to }: Asked, seat: Seat, spoken: Spoken): 'later' {
  const { target, quiet } = spoken
  if (!quiet && !isChannel(target)) sayAway(client, target, to)
  const reply = answered(message, seat)
  const tags = passedOn(message.tags, reply === undefined ? [] : ANSWERING)
  const said = reply === undefined ? spoken : { ...spoken, reply }
  client.posts.post(seat, tags ? { ...said, tags } : said, to)
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
  const known = client.targets.get(foldName(target))
  const seat = known && client.session?.seat(known)
  if (seat) return seat
  const room = client.channelCalled(target)
  if (!room) return undefined
  client.targets.set(foldName(target), room.id)
  return client.session?.seat(room.id)
}

/** The first words to somebody. */
async function writeTo(asked: Asked, spoken: Spoken): Promise<'later' | undefined> {
  const seat = await conversationWith(asked, spoken)
  return seat && post(asked, seat, spoken)
}

function conversationWith(asked: Asked, to: Addressed): Promise<Seat | undefined> {
  return opened(asked, to, async (lobby, person) => {
    const room = await lobby.direct(person, [to.target])
    asked.client.targets.set(foldName(to.target), room.id)
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
  if (!room) {
    if (!spoken.quiet) asked.to.numeric('ERR_CANNOTSENDTOCHAN', spoken.target)
    return undefined
  }
  const seat = await opened(asked, spoken, (lobby, person) => lobby.councilOf(person, room.id, least))
  return seat && post(asked, seat, spoken)
}

type Addressed = Pick<Spoken, 'target' | 'quiet'>

/** @returns undefined where there is none, which has been said */
async function opened(
  { client, to }: Asked,
  { target, quiet }: Addressed,
  open: (lobby: Rooms, person: Person) => Promise<Room>,
): Promise<Seat | undefined> {
  const { session } = client
  if (!session) return undefined
  try {
    const room = await open(client.parts.chat.rooms, session.person)
    const seat = session.seat(room.id)
    if (!seat) to.numeric('ERR_NOSUCHNICK', target)
    return seat
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (!quiet) to.refused(error, [target])
    return undefined
  }
}

// --- what is said about messages -------------------------------------------------------------------------

function tagmsg(asked: Asked): Promise<void> | undefined {
  const { client, params, to } = asked
  const [target = ''] = params
  const seat = seatCalled(client, target)
  if (seat) return tell(asked, seat)
  if (!client.caps.has('message-tags') || isService(target)) return undefined
  if (client.session && !isChannel(target)) return tellFirst(asked, target)
  to.numeric(isChannel(target) ? 'ERR_CANNOTSENDTOCHAN' : 'ERR_NOSUCHNICK', target)
  return undefined
}

/** Typing and reactions are the chat's own; what else there is goes to the others as it is. */
function tell(asked: Asked, seat: Seat): Promise<void> | undefined {
  const { client, message } = asked
  const { tags } = message
  const isTyping = tags.get('+typing') === 'active'
  if (isTyping) client.parts.chat.typing(seat)
  const isReaction = REACTING.some(name => tags.has(name))
  const understood = [...(isTyping ? ['+typing'] : []), ...(isReaction ? [...REACTING, ...ANSWERING] : [])]
  const left = passedOn(tags, understood)
  if (isReaction) return react(asked, seat, left)
  return left && signal(asked, seat, left)
}

/** As words would, it begins a conversation; that somebody types does not. */
async function tellFirst(asked: Asked, target: string): Promise<void> {
  const { client, message, to } = asked
  const tags = passedOn(message.tags, ['+typing'])
  if (tags) {
    const seat = await conversationWith(asked, { target, quiet: false })
    if (seat) await signal(asked, seat, tags)
  } else if (!(await personCalled(client.parts.chat, target))) to.numeric('ERR_NOSUCHNICK', target)
}

async function signal({ client, params, to }: Asked, seat: Seat, tags: readonly Tag[]): Promise<void> {
  const [target = ''] = params
  try {
    const told = await client.parts.chat.signal(seat, tags)
    const room = client.rooms.get(seat.room)
    if (!client.caps.has('echo-message') || !room || !client.person) return
    const context = client.parts.channels.renderContext(room, client.viewerFor(client.person))
    for (const line of linesOf(render(told, context))) to.say(line)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    to.refused(error, [target])
  }
}

/** @param left what is told besides */
async function react(asked: Asked, seat: Seat, left: readonly Tag[] | undefined): Promise<void> {
  const { client, message, to } = asked
  const { session } = client
  const { tags } = message
  const about = answered(message, seat)
  const [on, emoji = ''] = tags.has('+draft/react')
    ? [true, tags.get('+draft/react')]
    : [false, tags.get('+draft/unreact')]
  try {
    if (!session || about === undefined) refuse('no-such-message')
    const { messages } = client.parts.chat
    await act({ client, session, to }, actor => messages.react(actor, seat.room, about, { emoji, on }))
    if (left) await signal(asked, seat, left)
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
