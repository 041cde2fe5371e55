// Files: uploads, reading what became of them, and which bytes are to be deleted.

import type { FileId, Instant, RoomId, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import { LARGEST_FILE, MOST_UPLOADS } from '../../core/model/rules.ts'
import type { FileKey } from '../../core/ports/file-storage.ts'
import type { OpenFile, Space, StoredFile, Upload, Variant } from '../../core/ports/files.ts'
import { firstRead } from './conversations.ts'
import { kindOf, lockPerson, lockSpace, lockUploads, participantIn, roomOf, seqOf } from './open-room.ts'
import {
  instant,
  lock,
  number,
  type Row,
  row,
  rows,
  run,
  type Script,
  type Statement,
  sql,
  text,
} from './sql.ts'

const VARIANTS: readonly Variant[] = ['clean', 'screen', 'thumb']

// --- uploads -------------------------------------------------------------------------------------------------

export function* begin(upload: Upload, space: Space): Script<void> {
  const { id, person, name, size, digest = null, at } = upload
  yield* lockPerson(person)
  yield* lockSpace()
  const used = yield* usageOf(person)
  if (used.unsent >= MOST_UPLOADS) refuse('too-many-uploads')
  if (used.bytes + size > space.person) refuse('own-files-full')
  if ((yield* bytesOfAll()) + size > space.server) refuse('files-full')
  yield* run(
    sql`INSERT INTO attachments (id, user_id, name, size, digest, created_at)
        VALUES (${id}, ${person}, ${name}, ${size}, ${digest}, ${at})`,
  )
}

/** What another program has written over a size counts as nothing: a sum must not lock everybody out. */
function* usageOf(person: UserId): Script<{ bytes: number; unsent: number }> {
  const found = yield* row(
    found => ({ bytes: number(found, 'bytes'), unsent: number(found, 'unsent') }),
    sql`SELECT CAST((SELECT COALESCE(sum(size), 0) FROM attachments
                     WHERE user_id = ${person} AND size BETWEEN 0 AND ${LARGEST_FILE})
                    + (SELECT COALESCE(sum(files.size), 0) FROM attachments JOIN files ON files.key = poster_key
                       WHERE user_id = ${person} AND files.size BETWEEN 0 AND ${LARGEST_FILE})
                    + (SELECT COALESCE(sum(size), 0) FROM avatars JOIN files ON files.key = file_key
                       WHERE set_by = ${person} AND size BETWEEN 0 AND ${LARGEST_FILE}) AS BIGINT) AS bytes,
               (SELECT count(*) FROM attachments WHERE user_id = ${person} AND message_id IS NULL
                  AND id NOT IN (SELECT upload_id FROM scheduled_uploads)) AS unsent`,
  )
  return found ?? { bytes: 0, unsent: 0 }
}

/** Bytes of all files, and of the uploads that are to become files. */
function* bytesOfAll(): Script<number> {
  const found = yield* row(
    found => number(found, 'bytes'),
    sql`SELECT CAST((SELECT COALESCE(sum(size), 0) FROM files WHERE size BETWEEN 0 AND ${LARGEST_FILE})
                    + (SELECT COALESCE(sum(size), 0) FROM attachments
                       WHERE message_id IS NULL AND file_key IS NULL AND size BETWEEN 0 AND ${LARGEST_FILE})
               AS BIGINT) AS bytes`,
  )
  return found ?? 0
}

export function* usage(person: UserId): Script<number> {
  return (yield* usageOf(person)).bytes
}

export function* upload(person: UserId, id: FileId): Script<Upload> {
  const found = yield* row(
    uploadFrom,
    sql`SELECT attachments.id, user_id, name, attachments.size AS announced, digest, created_at, key, files.size, sha256, type,
               width, height, placeholder, animated, variants
        FROM attachments LEFT JOIN files ON files.key = file_key
        WHERE attachments.id = ${id} AND user_id = ${person} AND message_id IS NULL`,
  )
  return found ?? refuse('no-such-upload')
}

function uploadFrom(found: Row): Upload {
  return {
    id: text(found, 'id') as FileId,
    person: number(found, 'user_id') as UserId,
    name: text(found, 'name'),
    size: number(found, 'announced'),
    ...(found.digest !== null && { digest: text(found, 'digest') }),
    at: instant(found, 'created_at'),
    ...(found.key !== null && { file: fileFrom(found) }),
  }
}

export function fileFrom(found: Row): StoredFile {
  return {
    key: text(found, 'key'),
    size: number(found, 'size'),
    sha256: text(found, 'sha256'),
    type: text(found, 'type'),
    ...(found.width !== null && { width: number(found, 'width') }),
    ...(found.height !== null && { height: number(found, 'height') }),
    ...(found.placeholder !== null && { placeholder: text(found, 'placeholder') }),
    ...(number(found, 'animated') === 1 && { animated: true }),
    variants: VARIANTS.filter(each => text(found, 'variants').split(' ').includes(each)),
  }
}

export function* finish(id: FileId, file: StoredFile): Script<StoredFile> {
  yield* lockUploads([id])
  return yield* finishLocked(id, file)
}

export function* withContent(sha256: string): Script<StoredFile | undefined> {
  return yield* row(fileFrom, sql`SELECT * FROM files WHERE sha256 = ${sha256}`)
}

export function* replace(lost: FileKey, id: FileId, file: StoredFile): Script<StoredFile> {
  // All that refers to the file, before the file itself: in the order of those who delete (deleteRows).
  yield* lock(
    sql`SELECT id FROM attachments WHERE id = ${id} OR file_key = ${lost} OR poster_key = ${lost}
        ORDER BY id FOR UPDATE`,
  )
  return yield* finishLocked(id, file, lost)
}

/** @param lost the file that has lost its bytes, if it has the same content */
function* finishLocked(id: FileId, file: StoredFile, lost?: FileKey): Script<StoredFile> {
  const upload = yield* row(
    found => ({ file: found.key === null ? undefined : fileFrom(found) }),
    sql`SELECT files.* FROM attachments LEFT JOIN files ON files.key = file_key
        WHERE attachments.id = ${id} AND message_id IS NULL`,
  )
  if (!upload) refuse('no-such-upload') // it was cancelled meanwhile
  const stored = upload.file ?? (yield* become(id, file, lost))
  // Also where it was finished before: what was stored since then under its key is no part of the file.
  if (stored.key !== file.key) yield* scheduleDeletion(allOf(file.key))
  else if (stored.variants.includes('clean')) yield* scheduleDeletion([file.key])
  return stored
}

/** Makes the file of an upload, or finds the one with the same content. */
function* become(id: FileId, file: StoredFile, lost: FileKey | undefined): Script<StoredFile> {
  const found = yield* insertFile(file)
  const stored = found.key === lost && lost !== file.key ? yield* takePlaceOf(lost, file) : found
  yield* run(sql`UPDATE attachments SET file_key = ${stored.key}, size = ${file.size} WHERE id = ${id}`)
  return stored
}

/** @returns the file with that content */
function* insertFile(file: StoredFile): Script<StoredFile> {
  const { key, sha256, size, type, width = null, height = null, placeholder = null, variants } = file
  const animated = file.animated ? 1 : 0
  // An update, if of nothing, locks the row: whoever deletes the last attachment of that file meanwhile sees this one.
  const stored = yield* row(
    fileFrom,
    sql`INSERT INTO files (key, sha256, size, type, width, height, placeholder, animated, variants)
        VALUES (${key}, ${sha256}, ${size}, ${type}, ${width}, ${height}, ${placeholder}, ${animated}, ${variants.join(' ')})
        ON CONFLICT (sha256) DO UPDATE SET sha256 = excluded.sha256 RETURNING *`,
  )
  if (!stored) throw new Error('the file was deleted in the middle of its transaction')
  return stored
}

function* takePlaceOf(lost: FileKey, file: StoredFile): Script<StoredFile> {
  const { key } = file
  yield* run(sql`UPDATE files SET sha256 = ${`lost ${lost}`} WHERE key = ${lost}`) // two can't have one
  const stored = yield* insertFile(file)
  yield* run(sql`UPDATE attachments SET file_key = ${key} WHERE file_key = ${lost}`)
  yield* run(sql`UPDATE attachments SET poster_key = ${key} WHERE poster_key = ${lost}`)
  yield* run(sql`UPDATE avatars SET file_key = ${key} WHERE file_key = ${lost}`)
  yield* run(sql`UPDATE previews SET file_key = ${key} WHERE file_key = ${lost}`)
  yield* release(lost)
  return stored
}

export function* cancel(person: UserId, id: FileId): Script<void> {
  const count = yield* deleteRows(
    sql`DELETE FROM attachments WHERE id = ${id} AND user_id = ${person} AND message_id IS NULL
        RETURNING id, file_key, poster_key`,
  )
  if (count === 0) refuse('no-such-upload')
}

export function* expire(before: Instant, limit: number): Script<number> {
  yield* lock(
    sql`SELECT id FROM attachments
        WHERE id IN (SELECT id FROM attachments WHERE message_id IS NULL AND created_at < ${before}
                       AND id NOT IN (SELECT upload_id FROM scheduled_uploads)
                     ORDER BY created_at LIMIT ${limit})
        ORDER BY id FOR UPDATE`,
  )
  return yield* deleteRows(
    sql`DELETE FROM attachments
        WHERE id IN (SELECT id FROM attachments WHERE message_id IS NULL AND created_at < ${before}
                       AND id NOT IN (SELECT upload_id FROM scheduled_uploads)
                     ORDER BY created_at LIMIT ${limit})
          AND message_id IS NULL
        RETURNING id, file_key, poster_key`,
  )
}

/** Deletes what was to be sent later and is not to be any more. */
export function* cancelUploads(person: UserId, ids: readonly FileId[]): Script<void> {
  yield* lockUploads(ids)
  yield* deleteRows(
    sql`DELETE FROM attachments
        WHERE id IN (SELECT CAST(value AS TEXT) FROM json_each(${JSON.stringify(ids)}) AS asked)
          AND user_id = ${person} AND message_id IS NULL
        RETURNING id, file_key, poster_key`,
  )
}

/** Deletes what a deleted message had attached. */
export function* detach(message: number): Script<void> {
  yield* deleteRows(
    sql`DELETE FROM attachments WHERE message_id = ${message} RETURNING id, file_key, poster_key`,
  )
}

/**
 * Deletes attachments, and schedules their bytes for deletion where nothing else refers to them.
 * @param statement gives `id`, `file_key` and `poster_key` of those that it has deleted
 * @returns how many
 */
function* deleteRows(statement: Statement): Script<number> {
  const deleted = yield* rows(found => found, statement)
  for (const found of deleted) if (found.file_key === null) yield* scheduleDeletion(allOf(text(found, 'id')))
  const files = deleted.flatMap(found =>
    (['file_key', 'poster_key'] as const).flatMap(column =>
      found[column] === null ? [] : [text(found, column)],
    ),
  )
  // In order, so that nodes do not deadlock.
  for (const key of [...new Set(files)].sort()) yield* release(key)
  return deleted.length
}

/** Deletes a file that nothing refers to any more. */
export function* release(key: FileKey): Script<void> {
  yield* lock(sql`SELECT key FROM files WHERE key = ${key} FOR UPDATE`)
  const gone = yield* row(
    found => text(found, 'key'),
    sql`DELETE FROM files
        WHERE key = ${key} AND NOT EXISTS (SELECT 1 FROM file_references WHERE file_key = ${key})
        RETURNING key`,
  )
  if (gone !== undefined) yield* scheduleDeletion(allOf(gone))
}

// --- bytes -----------------------------------------------------------------------------------------------------

/** The keys of a file and of all that may have been made of it. */
function allOf(key: FileKey): FileKey[] {
  return [key, ...VARIANTS.map(variant => `${key}.${variant}`)]
}

/** Notes keys whose bytes are to be deleted. */
export function* scheduleDeletion(keys: readonly FileKey[]): Script<void> {
  yield* run(
    sql`INSERT INTO pending_deletions (key) SELECT CAST(value AS TEXT) FROM json_each(${JSON.stringify(keys)}) AS gone
        WHERE true ON CONFLICT DO NOTHING`,
  )
}

export function* pendingDeletions(limit: number, after: FileKey = ''): Script<FileKey[]> {
  return yield* rows(
    found => text(found, 'key'),
    sql`SELECT key FROM pending_deletions WHERE key > ${after} ORDER BY key LIMIT ${limit}`,
  )
}

export function* confirmDeleted(keys: readonly FileKey[]): Script<void> {
  yield* run(
    sql`DELETE FROM pending_deletions
        WHERE key IN (SELECT CAST(value AS TEXT) FROM json_each(${JSON.stringify(keys)}) AS gone)`,
  )
}

// --- reading ---------------------------------------------------------------------------------------------------

/** The same content may be an attachment that is read here and a picture that is read there, under one id. */
export function* open(reader: UserId, id: FileId, within?: RoomId): Script<OpenFile> {
  const attachment = yield* openAttachment(reader, id)
  if (attachment && isWithin(attachment, within)) return attachment
  const picture = yield* openPicture(reader, id, within)
  return picture ?? attachment ?? refuse('no-such-file')
}

function isWithin({ room }: OpenFile, within: RoomId | undefined): boolean {
  return within === undefined || room === undefined || room === within
}

/** One that the reader may read. */
function* openAttachment(reader: UserId, id: FileId): Script<OpenFile | undefined> {
  const found = yield* row(
    found => ({
      ...openFrom(found),
      owner: number(found, 'user_id'),
      message: found.message_id === null ? 0 : number(found, 'message_id'),
      posterKey: found.poster_key === null ? undefined : text(found, 'poster_key'),
    }),
    sql`SELECT attachments.user_id, name, message_id, poster_key, files.*, deleted_at
        FROM attachments JOIN files ON files.key = file_key LEFT JOIN messages ON messages.id = message_id
        WHERE attachments.id = ${id} AND deleted_at IS NULL`,
  )
  if (!found) return undefined
  const { owner, posterKey, message: _, ...file } = found
  const mayRead =
    file.room === undefined ? owner === reader : yield* mayReadAt(reader, file.room, found.message)
  if (!mayRead) return undefined
  const poster =
    posterKey === undefined
      ? undefined
      : yield* row(fileFrom, sql`SELECT * FROM files WHERE key = ${posterKey}`)
  return { ...file, ...(poster && { poster }) }
}

/** Whether somebody is in the room, and may read that message. */
function* mayReadAt(reader: UserId, room: RoomId, message: number): Script<boolean> {
  const found = yield* row(found => ({ kind: kindOf(found) }), sql`SELECT kind FROM rooms WHERE id = ${room}`)
  const member = yield* participantIn(room, reader)
  return !!found && member?.roomRole !== undefined && seqOf(message) > firstRead(found, member)
}

/** The picture of a link in a message that the reader may read, best one of that room. */
function* openPicture(reader: UserId, id: FileId, within: RoomId | undefined): Script<OpenFile | undefined> {
  return yield* row(
    openFrom,
    sql`SELECT 'preview' AS name, message_id, files.* FROM previews JOIN files ON files.key = file_key
        WHERE file_key = ${id}
          AND EXISTS (SELECT 1 FROM memberships JOIN users ON users.id = memberships.user_id
                      JOIN rooms ON rooms.id = memberships.room_id
                      WHERE memberships.user_id = ${reader} AND disabled = 0 AND rooms.id = message_id >> 32
                        AND (kind <> 'direct' OR message_id & 4294967295 > joined_seq))
        ORDER BY CASE WHEN message_id >> 32 = ${within ?? 0} THEN 0 ELSE 1 END, message_id LIMIT 1`,
  )
}

function openFrom(found: Row): OpenFile {
  const room = found.message_id === null ? undefined : roomOf(number(found, 'message_id'))
  return { name: text(found, 'name'), file: fileFrom(found), room }
}
