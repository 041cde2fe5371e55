// How a client comes in: what it has to say before it is welcomed, and what it is shown then.

import type { Admitted } from '../../core/accounts.ts'
import type { Seated } from '../../core/attendance.ts'
import { Refusal } from '../../core/refusals.ts'
import { replay, showJoined } from './arriving.ts'
import type { Client } from './client.ts'
import { lineOf } from './message.ts'
import type { Reply } from './reply.ts'
import { sourceOf } from './show.ts'
import { welcome } from './welcome.ts'

/** When it has said all that is asked of it, it is welcomed. */
export async function register(client: Client, to: Reply): Promise<void> {
  const { nick, user, pass } = client.asked
  if (client.isRegistered || client.isNegotiating || nick === undefined || user === undefined) return
  if (client.sasl !== undefined) {
    client.sasl = undefined
    to.numeric('ERR_SASLABORTED')
  }
  if (!client.admitted && pass !== undefined && !(await admitBy(client, pass, to))) return
  client.registered()
  if (client.admitted) await enterFirst(client, client.admitted, to)
  else welcome(client, to)
}

/** PASS user:password, or a password for the nick. */
async function admitBy(client: Client, pass: string, to: Reply): Promise<boolean> {
  const colon = pass.indexOf(':')
  const [user, password] =
    colon > 0 ? [pass.slice(0, colon), pass.slice(colon + 1)] : [client.asked.nick ?? '', pass]
  return orSendAway(client, to, async () => {
    client.admitted = await client.parts.chat.accounts.logIn(user, password, client.link.address)
  })
}

/** Who was disabled meanwhile, or has another password by now, does not stay. */
function enterFirst(client: Client, admitted: Admitted, to: Reply): Promise<boolean> {
  return orSendAway(client, to, () => enter(client, admitted, to))
}

/** @returns whether it was done */
async function orSendAway(client: Client, to: Reply, doing: () => Promise<void>): Promise<boolean> {
  try {
    await doing()
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    to.numeric('ERR_PASSWDMISMATCH')
    client.close(client.refused(error))
    return false
  }
}

/** As whoever has been admitted; welcomed under their name. */
export async function enter(client: Client, admitted: Admitted, to: Reply): Promise<void> {
  const before = client.name
  const { chat, channels } = client.parts
  const { session, seated } = await chat.attendance.enter(admitted.person, client.view(admitted.person), {
    door: 'irc',
    address: client.link.address,
    by: admitted.proof,
    cursors: [],
  })
  if (client.isLeaving || client.link.isClosed || session.ending) return chat.attendance.depart(session)
  client.session = session
  channels.meet(session.person)
  if (!client.isWelcomed) welcome(client, to)
  else if (before !== session.person.username)
    to.say(lineOf(sourceOf({ username: before }, client.host), 'NICK', [session.person.username]))
  if (client.awayText !== '') chat.setAway(session, true) // said before it came in (pre-away)
  await showRooms(client, seated, to)
  for (const { seat } of seated) seat.begin()
}

async function showRooms(client: Client, seated: readonly Seated[], to: Reply): Promise<void> {
  const { session } = client
  if (!session) return
  const mine = await client.parts.chat.lobby.mine(session.person)
  for (const { room } of seated) await showJoined(client, room, to)
  if (client.caps.has('draft/chathistory')) return
  for (const listing of mine) {
    const head = seated.find(({ room }) => room.id === listing.id)?.head
    if (head !== undefined) await replay(client, { ...listing, head }, to)
  }
}
