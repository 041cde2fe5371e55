import type { LogEvent } from '../../../wire/schemas.ts'
import { foldUsername, mentionsIn } from '../markup/names.ts'
import type { Chat } from './chat.ts'
import type { Room } from './room.ts'

/** Whether a message calls the person who is logged in, or a team of theirs; in a conversation each does. */
export function callsPerson(
  room: Room,
  message: Extract<LogEvent, { kind: 'message' }>,
  { person, teams }: Pick<Chat, 'person' | 'teams'>,
): boolean {
  const { text, format, everyone } = message
  if (room.isDirect || everyone === true || teams.callsIn(message).length > 0) return true
  return mentionsIn(text, format).has(foldUsername(person?.username ?? ''))
}
