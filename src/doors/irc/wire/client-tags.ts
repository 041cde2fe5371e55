// Client-only tags (IRCv3 message-tags): relayed as they are, except those that the chat understands. The line that
// they come in bounds them.

import type { Tag } from '../../../core/model/model.ts'
import { withoutControls } from '../../../wire/printable.ts'
import type { Tags } from './message.ts'

/** Letters, digits and hyphens, possibly after a host name; some clients use underscores. */
const NAME = /^\+[A-Za-z0-9_./-]+$/

/** Tags that name the message that is answered. */
export const REPLY_TAGS: readonly string[] = ['+reply', '+draft/reply']
/** Tags that add a reaction to it or remove one. */
export const REACTION_TAGS: readonly string[] = ['+draft/react', '+draft/unreact']

/**
 * The client-only tags to relay; undefined if there are none. @param understood tags that the chat has handled itself
 */
export function relayedTags(tags: Tags, understood: readonly string[] = []): readonly Tag[] | undefined {
  if (tags.size === 0) return undefined // as most lines have none
  const left = [...tags].filter(([name]) => name.startsWith('+') && !understood.includes(name))
  return left.length === 0 ? undefined : sanitized(left)
}

/** Removes control and direction characters from values, and tags with names that are not valid. */
export function sanitized(tags: readonly Tag[]): readonly Tag[] {
  return tags.filter(([name]) => NAME.test(name)).map(([name, value]): Tag => [name, withoutControls(value)])
}
