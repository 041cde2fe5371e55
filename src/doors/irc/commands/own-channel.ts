// What commands about a channel have in common: the client's own channel of that name, refusals, lists, reasons.

import type { Room } from '../../../core/model/model.ts'
import { Refusal, type RefusalCode } from '../../../core/model/refusals.ts'
import { shortened } from '../../../wire/graphemes.ts'
import type { Client } from '../client.ts'
import { LONGEST_REASON } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import { findRoom } from './find-room.ts'

/** @returns undefined, and has said so, where it is none of theirs */
export async function ownChannel(client: Client, name: string, to: Reply): Promise<Room | undefined> {
  const room = client.rooms.channelNamed(name)
  if (room) return room
  to.numeric((await isOpen(client, name)) ? 'ERR_NOTONCHANNEL' : 'ERR_NOSUCHCHANNEL', name)
  return undefined
}

/** Of others nobody outside learns that they exist. */
async function isOpen({ session, deps }: Client, name: string): Promise<boolean> {
  if (!session || !name.startsWith('#')) return false
  return (await findRoom(deps.chat, session.person, name)) !== undefined
}

/**
 * Says a refusal as IRC does; other errors go on.
 * @param about what most refusals are about; @param others of those that say more
 */
export async function attempt(
  to: Reply,
  about: readonly string[],
  doing: () => Promise<unknown>,
  others: Partial<Record<RefusalCode, readonly string[]>> = {},
): Promise<boolean> {
  try {
    await doing()
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    to.refused(error, others[error.code] ?? about)
    return false
  }
}

/** Of names beyond what one line may have the first stands for all. */
export function sayTooMany(
  { wording }: Client,
  { names, most }: { names: readonly string[]; most: number },
  to: Reply,
): void {
  const first = names[most]
  if (first !== undefined) to.numericWithText('ERR_TOOMANYTARGETS', [first], wording.irc.tooManyNames(most))
}

/** Nobody is kept from doing something by saying too much about it. */
export function shortReason(reason: string): string {
  return shortened(reason, LONGEST_REASON)
}

export function splitList(param: string): readonly string[] {
  return param.split(',').filter(each => each !== '')
}
