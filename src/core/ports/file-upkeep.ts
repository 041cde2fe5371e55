// What is asked of the store to find files whose bytes are missing, attachments whose message is gone, and bytes that
// nothing refers to.

import type { FileId, RoomId, Seq } from '../model/model.ts'
import type { FileKey } from './file-storage.ts'
import type { StoredFile } from './files.ts'

/** A message, by the number under which it is stored: pages go on after it. */
export type MessageNumber = number

/** A message that says it has files, with the files that the store knows, posters of videos among them. */
export interface FiledMessage {
  readonly number: MessageNumber
  readonly room: RoomId
  readonly seq: Seq
  readonly files: readonly (StoredFile & { readonly name: string })[]
  /** Another program has deleted rows of its attachments. */
  readonly lacksRows: boolean
}

/** An attachment whose message another program has deleted. */
export interface LostAttachment {
  readonly id: FileId
  readonly name: string
  readonly message: MessageNumber
}

export interface FileUpkeep {
  /** The next messages with files after that one; deleted ones have none. */
  filed(after: MessageNumber, limit: number): Promise<readonly FiledMessage[]>
  /**
   * Attachments whose message is gone, among those of the next messages.
   * @returns also after which one to go on; undefined at the end
   */
  lost(
    after: MessageNumber,
    limit: number,
  ): Promise<{ readonly lost: readonly LostAttachment[]; readonly next: MessageNumber | undefined }>
  /** Deletes the attachments of those of the messages that are gone. */
  detachLost(messages: readonly MessageNumber[]): Promise<void>
  /** Files that neither an attachment, a preview nor a picture of somebody refers to: another program has deleted its row. */
  unreferenced(after: FileKey, limit: number): Promise<readonly FileKey[]>
  /** Those of the keys that belong to no file and no upload, and are not to be deleted anyway. */
  orphans(keys: readonly FileKey[]): Promise<readonly FileKey[]>
  /** Notes those of the keys that are orphans, and those of files that nothing refers to, to be deleted. */
  discard(keys: readonly FileKey[]): Promise<void>
}
