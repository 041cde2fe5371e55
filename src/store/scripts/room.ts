// Decodes the columns of a room.

import type { Room, RoomId } from '../../core/model/model.ts'
import { kindOf } from './open-room.ts'
import { line, number, type Row, roomName, text } from './sql.ts'

/** Decodes a room from its columns and `title`, its name as the viewer knows it. */
export function room(found: Row): Room {
  const kind = kindOf(found)
  return {
    id: number(found, 'id') as RoomId,
    kind,
    name: kind === 'direct' ? line(found, 'title') : roomName(found, 'title'),
    topic: text(found, 'topic'),
    archived: number(found, 'archived') === 1,
    ...(found.grouped === 1 && { group: true }),
  }
}
