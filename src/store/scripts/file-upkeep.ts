// Finds files whose bytes are missing, attachments whose message is gone, and bytes that nothing refers to.

import type { FileId } from '../../core/model/model.ts'
import type { FileKey } from '../../core/ports/file-storage.ts'
import type { FiledMessage, LostAttachment, MessageNumber } from '../../core/ports/file-upkeep.ts'
import { detach, fileFrom, release, scheduleDeletion } from './files.ts'
import { roomOf, seqOf } from './open-room.ts'
import { number, type Row, rows, type Script, sql, text } from './sql.ts'

export function* filed(after: MessageNumber, limit: number): Script<FiledMessage[]> {
  const found = yield* rows(
    found => found,
    sql`SELECT page.id AS message, attached, attachments.id AS attachment, attachments.name, files.*,
               CASE WHEN files.key = file_key THEN 1 ELSE 0 END AS is_content
        FROM (SELECT id, attached FROM messages
              WHERE id > ${after} AND attached > 0 AND deleted_at IS NULL ORDER BY id LIMIT ${limit}) AS page
             LEFT JOIN attachments ON attachments.message_id = page.id
             LEFT JOIN files ON files.key = file_key OR files.key = poster_key
        ORDER BY page.id, position`,
  )
  return Array.from(
    Map.groupBy(found, each => number(each, 'message')),
    ([id, of]) => messageFrom(id, of),
  )
}

function messageFrom(id: MessageNumber, found: readonly Row[]): FiledMessage {
  const attached = found[0] ? number(found[0], 'attached') : 0
  const contents = found.filter(each => each.key !== null && number(each, 'is_content') === 1)
  return {
    number: id,
    room: roomOf(id),
    seq: seqOf(id),
    files: found
      .filter(each => each.key !== null)
      .map(each => ({ ...fileFrom(each), name: text(each, 'name') })),
    lacksRows: contents.length < attached,
  }
}

export function* lost(
  after: MessageNumber,
  limit: number,
): Script<{ lost: LostAttachment[]; next: MessageNumber | undefined }> {
  const found = yield* rows(
    found => found,
    sql`SELECT page.message_id, attachments.id, name,
               CASE WHEN messages.id IS NULL OR deleted_at IS NOT NULL THEN 1 ELSE 0 END AS is_lost
        FROM (SELECT DISTINCT message_id FROM attachments
              WHERE message_id > ${after} ORDER BY message_id LIMIT ${limit}) AS page
             JOIN attachments ON attachments.message_id = page.message_id
             LEFT JOIN messages ON messages.id = page.message_id
        ORDER BY page.message_id, position`,
  )
  const messages = new Set(found.map(each => number(each, 'message_id')))
  return {
    lost: found.filter(each => number(each, 'is_lost') === 1).map(lostFrom),
    next: messages.size < limit ? undefined : Math.max(...messages),
  }
}

function lostFrom(found: Row): LostAttachment {
  return {
    id: text(found, 'id') as FileId,
    name: text(found, 'name'),
    message: number(found, 'message_id'),
  }
}

export function* detachLost(messages: readonly MessageNumber[]): Script<void> {
  const gone = yield* rows(
    found => number(found, 'id'),
    sql`SELECT CAST(value AS BIGINT) AS id FROM json_each(${JSON.stringify(messages)}) AS asked
        WHERE NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = CAST(value AS BIGINT) AND deleted_at IS NULL)`,
  )
  for (const message of gone) yield* detach(message)
}

export function* unreferenced(after: FileKey, limit: number): Script<FileKey[]> {
  return yield* rows(
    found => text(found, 'key'),
    sql`SELECT key FROM files
        WHERE key > ${after} AND NOT EXISTS (SELECT 1 FROM file_references WHERE file_key = files.key)
        ORDER BY key LIMIT ${limit}`,
  )
}

/** Uploads are looked for before files: on PostgreSQL one may become the other meanwhile. */
export function* orphans(keys: readonly FileKey[]): Script<FileKey[]> {
  const [asked, bases] = [JSON.stringify(keys), JSON.stringify([...new Set(keys.map(baseOf))])]
  const uploads = yield* rows(
    found => text(found, 'id'),
    sql`SELECT id FROM attachments
        WHERE file_key IS NULL AND id IN (SELECT CAST(value AS TEXT) FROM json_each(${bases}) AS asked)`,
  )
  const files = yield* rows(
    found => [text(found, 'key'), text(found, 'variants').split(' ')] as const,
    sql`SELECT key, variants FROM files WHERE key IN (SELECT CAST(value AS TEXT) FROM json_each(${bases}) AS asked)`,
  )
  const doomed = yield* rows(
    found => text(found, 'key'),
    sql`SELECT key FROM pending_deletions WHERE key IN (SELECT CAST(value AS TEXT) FROM json_each(${asked}) AS asked)`,
  )
  const variants = new Map(files)
  return keys.filter(key => {
    if (uploads.includes(baseOf(key)) || doomed.includes(key)) return false
    const [kept, variant] = [variants.get(baseOf(key)), key.slice(baseOf(key).length + 1)]
    return !kept || (variant === '' ? kept.includes('clean') : !kept.includes(variant))
  })
}

/** The upload that bytes belong to. */
function baseOf(key: FileKey): string {
  return key.split('.', 1)[0] ?? ''
}

export function* discard(keys: readonly FileKey[]): Script<void> {
  for (const key of new Set(keys.map(baseOf))) yield* release(key)
  yield* scheduleDeletion(yield* orphans(keys))
}
