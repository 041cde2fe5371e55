// What commands about channels share: the client's own channel by name, refusals, lists and reasons.

import type { Room } from '../../../core/model/model.ts'
import { Refusal, type RefusalCode } from '../../../core/model/refusals.ts'
import { shortened } from '../../../wire/graphemes.ts'
import type { Client } from '../client.ts'
import { LONGEST_REASON } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import { findRoom } from './find-room.ts'

/** The client's own channel of that name. @returns undefined if it is not in one, which it has been told */
export async function ownChannel(client: Client, name: string, reply: Reply): Promise<Room | undefined> {
  const room = client.rooms.channelNamed(name)
  if (room) return room
  reply.numeric((await isOpen(client, name)) ? 'ERR_NOTONCHANNEL' : 'ERR_NOSUCHCHANNEL', name)
  return undefined
}

/** Whether the channel is one that outsiders may know of. */
async function isOpen({ session, deps }: Client, name: string): Promise<boolean> {
  if (!session || !name.startsWith('#')) return false
  return (await findRoom(deps.chat, session.person, name)) !== undefined
}

/**
 * Runs a step and sends a refusal of it as a numeric; other errors are thrown.
 * @param about the parameters of most refusals
 * @param others those of refusals with different ones
 * @returns whether it was done
 */
export async function attempt(
  reply: Reply,
  about: readonly string[],
  step: () => Promise<unknown>,
  others: Partial<Record<RefusalCode, readonly string[]>> = {},
): Promise<boolean> {
  try {
    await step()
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    reply.refused(error, others[error.code] ?? about)
    return false
  }
}

/** Refuses names beyond the limit of one line, naming the first of them. */
export function sendTooMany(
  { wording }: Client,
  { names, most }: { names: readonly string[]; most: number },
  reply: Reply,
): void {
  const first = names[most]
  if (first !== undefined)
    reply.numericWithText('ERR_TOOMANYTARGETS', [first], wording.irc.tooManyNames(most))
}

/** Shortens a reason: a command is not refused because its reason is too long. */
export function shortReason(reason: string): string {
  return shortened(reason, LONGEST_REASON)
}

export function splitList(param: string): readonly string[] {
  return param.split(',').filter(each => each !== '')
}
