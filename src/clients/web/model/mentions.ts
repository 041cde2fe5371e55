import type { LogEvent } from '../../../wire/schemas.ts'
import { foldUsername, mentionsIn } from '../markup/names.ts'
import type { Room } from './room.ts'

/** Whether a message calls the person; in a conversation each does. */
export function callsPerson(
  room: Room,
  { text, format, everyone }: Extract<LogEvent, { kind: 'message' }>,
  username = '',
): boolean {
  return room.isDirect || everyone === true || mentionsIn(text, format).has(foldUsername(username))
}
