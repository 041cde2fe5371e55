// What clients tell other clients (IRCv3 message-tags, client-only tags): passed on as it is, but for what has a meaning
// here. The line that they come in bounds them.

import type { Tag } from '../../../core/model/model.ts'
import { withoutControls } from '../../../wire/printable.ts'
import type { Tags } from './message.ts'

/** Letters, digits and hyphens, maybe behind the name of a host; some clients have underscores. */
const NAME = /^\+[A-Za-z0-9_./-]+$/

/** Those that name the message that is answered. */
export const REPLY_TAGS: readonly string[] = ['+reply', '+draft/reply']
/** Those by which a reaction is put on it or taken off. */
export const REACTION_TAGS: readonly string[] = ['+draft/react', '+draft/unreact']

/** @param understood those that have been told otherwise. @returns undefined where none are left */
export function relayedTags(tags: Tags, understood: readonly string[] = []): readonly Tag[] | undefined {
  if (tags.size === 0) return undefined // as in most lines
  const left = [...tags].filter(([name]) => name.startsWith('+') && !understood.includes(name))
  return left.length === 0 ? undefined : sanitized(left)
}

/** Nothing in them moves a cursor, or turns the direction of what stands behind them; what is no tag is left out. */
export function sanitized(tags: readonly Tag[]): readonly Tag[] {
  return tags.filter(([name]) => NAME.test(name)).map(([name, value]): Tag => [name, withoutControls(value)])
}
