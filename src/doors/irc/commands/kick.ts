// INVITE and KICK.

import { Refusal } from '../../../core/model/refusals.ts'
import type { Client } from '../client.ts'
import { publishInvitation } from '../events/cluster-events.ts'
import { act } from '../replies/answers.ts'
import { MOST_TARGETS } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import { foldName } from '../wire/names.ts'
import type { CommandContext } from './commands.ts'
import { findMember } from './find-room.ts'
import { attempt, ownChannel, splitList } from './own-channel.ts'

/**
 * KICK of several people from one channel, or of each from a channel of their own (RFC 2812, section 3.2.8). Those beyond
 * TARGMAX are refused.
 */
export async function kick({ client, params, reply }: CommandContext): Promise<void> {
  const [channels = '', people = '', reason = ''] = params
  const [names, nicks] = [splitList(channels), splitList(people)]
  if (nicks.length === 0 || (names.length !== 1 && names.length !== nicks.length))
    return reply.numeric('ERR_NEEDMOREPARAMS', 'KICK')
  const wanted = new Map(
    nicks.map((nick, i) => {
      const name = names[names.length === 1 ? 0 : i] ?? ''
      return [`${foldName(name)} ${foldName(nick)}`, { name, nick }]
    }),
  )
  if (wanted.size > 1) reply.stream()
  for (const [i, each] of [...wanted.values()].entries()) {
    if (i < MOST_TARGETS) await kickOne(client, { ...each, reason }, reply)
    else reply.numeric('ERR_TOOMANYTARGETS', each.nick)
  }
}

async function kickOne(
  client: Client,
  { name, nick, reason }: { name: string; nick: string; reason: string },
  reply: Reply,
): Promise<void> {
  const room = await ownChannel(client, name, reply)
  const { session, deps } = client
  if (!room || !session) return
  const member = await findMember(deps.chat, { person: session.person, room: room.id, nick })
  if (!member) return reply.numeric('ERR_USERNOTINCHANNEL', nick, name)
  const discipline = { person: member.person.username, reason }
  await attempt(reply, [name], () =>
    act({ client, session, reply }, actor => deps.chat.moderation.kick(actor, room.id, discipline)),
  )
}

/** INVITE: the invited person may JOIN or not; without parameters the reply lists one's own invitations. */
export async function invite({ client, params, reply }: CommandContext): Promise<void> {
  const [whom, name] = params
  if (whom === undefined) return listInvitations(client, reply)
  if (name === undefined) return reply.numeric('ERR_NEEDMOREPARAMS', 'INVITE')
  const room = await ownChannel(client, name, reply)
  const { session, deps } = client
  if (!room || !session) return
  try {
    const isNews = await deps.chat.rooms.invite(session.person, room.id, whom)
    reply.numeric('RPL_INVITING', whom, name)
    if (isNews) publishInvitation(client, { room, nick: whom })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'already-there') reply.refused(error, [whom, name])
    else reply.refused(error, [error.code === 'no-such-person' ? whom : name])
  }
}

async function listInvitations({ session, deps }: Client, reply: Reply): Promise<void> {
  const invitations = session ? await deps.chat.rooms.invitations(session.person) : []
  for (const { room } of invitations) reply.numeric('RPL_INVITELIST', deps.channels.nameOf(room))
  reply.numeric('RPL_ENDOFINVITELIST')
}
