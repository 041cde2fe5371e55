// Attaching uploads to a message, which has them from then on.

import type { AttachedUpload, Attachment, FileId, RoomId, UserId } from '../../core/model/model.ts'
import { refuse } from '../../core/model/refusals.ts'
import { LARGEST_FILE } from '../../core/model/rules.ts'
import type { FileKey } from '../../core/ports/file-storage.ts'
import type { Draft } from '../../core/ports/log.ts'
import { attachmentsOf } from './attachments.ts'
import { upload } from './files.ts'
import { END, idOf, lockUploads } from './open-room.ts'
import { number, row, rows, run, type Script, sql, text } from './sql.ts'

/** What a draft attaches. */
export type Attachable = readonly AttachedFile[]

interface AttachedFile extends AttachedUpload {
  readonly key: FileKey
  readonly posterKey: FileKey | null
  /** In bytes, with its poster. */
  readonly size: number
}

/** The uploads that are used up when these are attached: posters, too. */
export function uploadsOf(attached: readonly AttachedUpload[]): readonly FileId[] {
  return attached.flatMap(({ upload, poster }) => (poster === undefined ? [upload] : [upload, poster]))
}

/** The author's uploads that a draft attaches. Refuses as the port says. */
export function* attachable(
  { room, author }: Draft,
  { uploads, space }: NonNullable<Draft['attach']>,
): Script<Attachable> {
  const ids = uploadsOf(uploads)
  yield* lockUploads(ids)
  const found: AttachedFile[] = []
  for (const each of uploads) {
    const { key, size } = yield* finished(author, each.upload)
    const poster = each.poster === undefined ? undefined : yield* finished(author, each.poster)
    if (poster && !poster.isPicture) refuse('bad-picture')
    found.push({ ...each, key, size: size + (poster?.size ?? 0), posterKey: poster?.key ?? null })
  }
  if (new Set(ids).size < ids.length) refuse('no-such-upload')
  const size = found.reduce((sum, each) => sum + each.size, 0)
  if ((yield* bytesIn(room)) + size > space) refuse('room-files-full')
  return found
}

function* finished(author: UserId, id: FileId): Script<{ key: FileKey; size: number; isPicture: boolean }> {
  const { file } = yield* upload(author, id)
  if (!file) refuse('unfinished-upload')
  return { key: file.key, size: file.size, isPicture: file.placeholder !== undefined }
}

/** Of the attachments of its messages, with their posters. */
function* bytesIn(room: RoomId): Script<number> {
  const [first, last] = [idOf(room, 0), idOf(room, END)]
  const found = yield* row(
    found => number(found, 'bytes'),
    sql`SELECT CAST((SELECT COALESCE(sum(size), 0) FROM attachments
                     WHERE message_id > ${first} AND message_id <= ${last} AND size BETWEEN 0 AND ${LARGEST_FILE})
                    + (SELECT COALESCE(sum(files.size), 0) FROM attachments JOIN files ON files.key = poster_key
                       WHERE message_id > ${first} AND message_id <= ${last}
                         AND files.size BETWEEN 0 AND ${LARGEST_FILE}) AS BIGINT) AS bytes`,
  )
  return found ?? 0
}

/** Attaches the uploads to a message that was inserted just now. */
export function* attach(message: number, attached: Attachable): Script<readonly Attachment[]> {
  for (const [position, each] of attached.entries()) {
    const { upload, name = null, alt = '', duration = null, waveform = null, posterKey } = each
    yield* run(
      sql`UPDATE attachments
          SET message_id = ${message}, position = ${position}, name = COALESCE(${name}, name), alt = ${alt},
              duration = ${duration}, waveform = ${waveform}, poster_key = ${posterKey}
          WHERE id = ${upload}`,
    )
    if (each.poster !== undefined) yield* run(sql`DELETE FROM attachments WHERE id = ${each.poster}`)
  }
  yield* run(sql`UPDATE messages SET attached = ${attached.length} WHERE id = ${message}`)
  const stored = yield* row(
    found => attachmentsOf(found).attachments,
    sql`SELECT attachments FROM said WHERE id = ${message}`,
  )
  return stored ?? []
}

/** The ids of a message's attachments, in order. */
export function* attachedTo(message: number): Script<string[]> {
  return yield* rows(
    found => text(found, 'id'),
    sql`SELECT id FROM attachments WHERE message_id = ${message} ORDER BY position`,
  )
}
