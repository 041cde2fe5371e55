// Pictures of people and rooms: which file each has, under an id that changes with the picture.

import type { AvatarId, RoomId, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import { AVATAR_KEY, MOST_AVATAR_BYTES } from '../../core/model/rules.ts'
import type { Avatars, NewAvatar, StoredFile } from '../../core/ports/files.ts'
import type { Bearer } from '../../core/ports/metadata.ts'
import { fileFrom, release, upload } from './files.ts'
import { columnsOf, mustOwn } from './metadata.ts'
import { LAST_ROOM, lockUploads } from './open-room.ts'
import { authority } from './person.ts'
import { number, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

export function* setAvatar(by: UserId, bearer: Bearer, wanted: NewAvatar | undefined): Script<boolean> {
  yield* mustOwn(by, bearer)
  if (!wanted) return yield* removeAvatar(bearer)
  yield* authority(by) // disabling an account has removed its picture
  yield* lockUploads([wanted.upload])
  const { file } = yield* upload(by, wanted.upload)
  if (!file) refuse('unfinished-upload')
  if (file.placeholder === undefined) refuse('bad-picture')
  if (file.size > MOST_AVATAR_BYTES) refuse('large-file')
  const { room, user } = columnsOf(bearer)
  const before = yield* row(
    keyIn,
    sql`SELECT file_key FROM avatars WHERE of_room = ${room} AND of_user = ${user}`,
  )
  yield* run(
    sql`INSERT INTO avatars (of_room, of_user, id, file_key, set_by)
        VALUES (${room}, ${user}, ${wanted.id}, ${file.key}, ${by})
        ON CONFLICT (of_room, of_user)
          DO UPDATE SET id = excluded.id, file_key = excluded.file_key, set_by = excluded.set_by`,
  )
  yield* run(sql`DELETE FROM attachments WHERE id = ${wanted.upload}`)
  // An address that was set by hand in IRC would contradict the picture.
  yield* run(sql`DELETE FROM metadata WHERE of_room = ${room} AND of_user = ${user} AND key = ${AVATAR_KEY}`)
  if (before !== undefined) yield* release(before)
  return true
}

/** @returns false if there was none */
export function* removeAvatar(bearer: Bearer): Script<boolean> {
  const { room, user } = columnsOf(bearer)
  const gone = yield* row(
    keyIn,
    sql`DELETE FROM avatars WHERE of_room = ${room} AND of_user = ${user} RETURNING file_key`,
  )
  if (gone === undefined) return false
  yield* release(gone)
  return true
}

function keyIn(found: Row): string {
  return text(found, 'file_key')
}

export function* avatars(
  reader: UserId,
  { people, rooms: wanted }: { readonly people: readonly UserId[]; readonly rooms: readonly RoomId[] },
): Script<Avatars> {
  const ofPeople = yield* rows(
    found => ({ person: number(found, 'of_user') as UserId, id: text(found, 'id') as AvatarId }),
    sql`SELECT of_user, avatars.id FROM json_each(${JSON.stringify(people)}) AS wanted
        JOIN avatars ON of_room = 0 AND of_user = CAST(wanted.value AS BIGINT)`,
  )
  const ofRooms = yield* rows(
    found => ({ room: number(found, 'of_room') as RoomId, id: text(found, 'id') as AvatarId }),
    sql`SELECT of_room, avatars.id FROM json_each(${JSON.stringify(wanted)}) AS wanted
        JOIN avatars ON of_room = CAST(wanted.value AS BIGINT) AND of_user = 0
        JOIN rooms ON rooms.id = of_room
        WHERE rooms.id <= ${LAST_ROOM} AND (kind IN ('open', 'announcement') OR EXISTS (
          SELECT 1 FROM memberships WHERE room_id = rooms.id AND memberships.user_id = ${reader}))`,
  )
  return { people: ofPeople, rooms: ofRooms }
}

export function* openAvatar(id: AvatarId): Script<StoredFile> {
  const found = yield* row(
    fileFrom,
    sql`SELECT files.* FROM avatars JOIN files ON files.key = file_key WHERE avatars.id = ${id}`,
  )
  return found ?? refuse('no-such-file')
}
