// How a client comes in: what it has to say before it is welcomed, and what it is shown then.

import { hash, timingSafeEqual } from 'node:crypto'
import { Refusal, refuse } from '../../core/model/refusals.ts'
import { isName } from '../../core/model/rules.ts'
import type { Admitted } from '../../core/people/log-in.ts'
import type { Client } from './client.ts'
import { findPerson } from './commands/find-room.ts'
import { applyPendingMetadata } from './commands/metadata.ts'
import { publishAway, publishBot } from './events/cluster-events.ts'
import { sourceOf } from './events/tags.ts'
import { viewOf } from './events/view.ts'
import { leaveGuest } from './quit.ts'
import { ignoreRefusal, sendJoin, sendJoinReplies, storedMarkers } from './replies/join-replies.ts'
import { ownMetadata, sendAllMetadata } from './replies/metadata.ts'
import { usesMetadata3 } from './replies/metadata-drafts.ts'
import { sendBurst } from './replies/registration-burst.ts'
import type { Reply } from './replies/reply.ts'
import { lineOf } from './wire/message.ts'

/** When it has said all that is asked of it, it is welcomed. */
export async function completeRegistration(client: Client, to: Reply): Promise<void> {
  const { nick, user, pass } = client.registration
  if (
    client.registration.isComplete ||
    client.registration.isNegotiating ||
    nick === undefined ||
    user === undefined
  )
    return
  if (client.registration.sasl !== undefined) {
    client.registration.sasl = undefined
    to.numeric('ERR_SASLABORTED')
  }
  if (!client.registration.admitted && !(await checkPass(client, pass, to))) return
  if (!client.registration.admitted && client.deps.settings.guests && !(await admitGuest(client, nick, to)))
    return
  client.registered()
  if (client.registration.admitted) await startFirstSession(client, client.registration.admitted, to)
  else sendBurst(client, to)
}

/** The password of the server, or that of an account. @returns whether they may go on */
async function checkPass(client: Client, pass: string | undefined, to: Reply): Promise<boolean> {
  const { password } = client.deps.settings
  if (pass !== undefined) return admitByPass(client, { pass, password }, to)
  if (password === undefined) return true
  to.numericWithText('ERR_PASSWDMISMATCH', [], client.wording.irc.passWanted)
  client.close(client.wording.irc.passWanted)
  return false
}

/** However much of it is right, it takes the same time. Refuses 'wrong-credentials'. */
function mustBeSame(given: string, wanted: string): void {
  const [a, b] = [given, wanted].map(each => hash('sha256', each, 'buffer'))
  if (!(a && b && timingSafeEqual(a, b))) refuse('wrong-credentials')
}

/** Whose name is somebody's says another one. @returns whether they may go on */
async function admitGuest(client: Client, nick: string, to: Reply): Promise<boolean> {
  const { deps, registration, socket } = client
  const name = isName(registration.realname) ? registration.realname : nick
  try {
    if ([...nick].length > deps.settings.longestNick) throw new Refusal('bad-username')
    client.registration.admitted = await deps.chat.guests.enter({ username: nick, name }, socket.address)
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    registration.nick = undefined
    if (error.code === 'too-many-attempts') client.close(client.refused(error))
    else to.refused(error, [nick], error.code === 'name-taken' ? 'ERR_NICKNAMEINUSE' : 'ERR_ERRONEUSNICKNAME')
    return false
  }
}

interface PassAttempt {
  readonly pass: string
  /** The server's, if it has one. */
  readonly password: string | undefined
}

/** PASS user:password, a password for the nick, or the server's. */
async function admitByPass(client: Client, { pass, password }: PassAttempt, to: Reply): Promise<boolean> {
  const { chat } = client.deps
  return orClose(client, to, async () => {
    const credentials = await parseCredentials(client, pass, /:/)
    const isSomebodys = password === undefined || (await findPerson(chat, credentials.username)) !== undefined
    const admitted = isSomebodys && (await logInOr(client, credentials, password === undefined))
    if (admitted) client.registration.admitted = admitted
    else await chat.guard.shared(client.socket.address, async () => mustBeSame(pass, password ?? ''))
  })
}

/** @param isAll whether nothing else is tried when the password is wrong; else it is undefined then */
async function logInOr(
  client: Client,
  credentials: Credentials,
  isAll: boolean,
): Promise<Admitted | undefined> {
  try {
    return await logIn(client, credentials)
  } catch (error) {
    const isWrong = error instanceof Refusal && error.code === 'wrong-credentials'
    if (isAll || !isWrong) throw error
    return undefined
  }
}

interface Credentials {
  readonly username: string
  readonly password: string
}

/**
 * An account and its password, or a password for the nick. One that has the separator in it is for the nick where nobody
 * is called as what stands before that: nothing is guessed at others' accounts.
 */
export async function parseCredentials(
  client: Client,
  said: string,
  separator: RegExp,
): Promise<Credentials> {
  const { chat } = client.deps
  const forNick = { username: client.name, password: said }
  const { index = 0, 0: between = '' } = separator.exec(said) ?? {}
  if (index === 0) return forNick
  const named = { username: said.slice(0, index), password: said.slice(index + between.length) }
  if (await findPerson(chat, named.username)) return named
  return (await findPerson(chat, client.name)) ? forNick : named
}

/** Refuses what logging in does. */
export function logIn(
  { deps: { chat }, socket }: Client,
  { username, password }: Credentials,
): Promise<Admitted> {
  return chat.logIns.logIn(username, password, { address: socket.address })
}

/** Who was disabled meanwhile, or has another password by now, does not stay. */
function startFirstSession(client: Client, admitted: Admitted, to: Reply): Promise<boolean> {
  return orClose(client, to, () => startSession(client, { admitted }, to))
}

/** @returns whether it was done */
async function orClose(client: Client, to: Reply, doing: () => Promise<void>): Promise<boolean> {
  try {
    await doing()
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) {
      client.deps.onError(error)
      client.close(client.wording.trouble)
      return false
    }
    if (error.code === 'wrong-credentials') to.refused(error, [], 'ERR_PASSWDMISMATCH') // of a full disk that would be untrue
    client.close(client.refused(error))
    return false
  }
}

/**
 * As whoever has been admitted; welcomed under their name. Refuses what beginning a session does.
 * @param begun told when the session has begun, or a guest goes for it, before anything is shown of it
 */
export async function startSession(
  client: Client,
  { admitted, begun }: { admitted: Admitted; begun?: () => void },
  to: Reply,
): Promise<void> {
  const before = client.name
  const { chat, channels } = client.deps
  const { isGuest } = client
  if (isGuest) {
    begun?.() // what is said of their rooms comes after it
    await leaveGuest(client)
  }
  await client.deps.recalled()
  await chat.waitForThrottle(admitted.person, () => client.socket.isClosed)
  if (client.socket.isClosed) return
  const { session, seats } = await chat.connections.connect(
    admitted.person,
    viewOf(client, admitted.person),
    {
      door: 'irc',
      address: client.socket.address,
      credential: admitted.proof,
      cursors: [],
    },
  )
  if (client.isClosing || client.socket.isClosed || session.endReason)
    return chat.connections.disconnect(session)
  if (!isGuest) begun?.()
  client.session = session
  client.isGuest = chat.guests.isGuest(admitted)
  client.isNew ||= client.isGuest
  client.registration.admitted = undefined
  channels.meet(session.person)
  await applyPendingMetadata(client, to)
  const own = await ownMetadata(client, session.person)
  if (!client.registration.isWelcomed) sendBurst(client, to, own)
  else if (before !== session.person.username)
    to.send(lineOf(sourceOf({ username: before }, client.host), 'NICK', [session.person.username]))
  if (client.preferences.isBot) publishBot(client.deps, session.person)
  if (client.preferences.awayText !== '') {
    // It was said before it came in (pre-away).
    publishAway(client.deps, session.person)
    chat.setAway(session, true)
  }
  if (client.caps.has('draft/read-marker')) client.rooms.markers = await storedMarkers(client, session)
  const atOnce = usesMetadata3(client.caps)
  for (const { room } of seats) {
    if (client.socket.isClosed) break // nobody is shown a thousand rooms who has hung up
    await (atOnce ? sendJoinReplies : sendJoin)(client, room, to).catch(ignoreRefusal)
  }
  if (atOnce) await sendAllMetadata(client, client.preferences.subscriptions, to).catch(ignoreRefusal)
  client.rooms.markers = undefined
  for (const { room, by } of await chat.rooms.invitations(session.person)) client.joins.invited(room, by)
  await client.unread.start(seats, to)
  if (!client.isClosing && !client.caps.has('draft/read-marker')) client.confirmed.start()
}
