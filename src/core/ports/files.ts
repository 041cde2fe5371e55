// The store's files: uploads, which become attachments of messages, and what their bytes are.

import type { Attachment, AvatarId, FileId, Instant, RoomId, UserId } from '../model/model.ts'
import type { FileKey } from './file-storage.ts'
import type { Bearer } from './metadata.ts'

/** An upload, from its beginning until a message has it. */
export interface Upload {
  readonly id: FileId
  readonly person: UserId
  readonly name: string
  /** In bytes, as announced. */
  readonly size: number
  /** The announced SHA-256, in hexadecimal digits. */
  readonly digest?: string
  readonly at: Instant
  /** Once all bytes are there and the file is prepared. */
  readonly file?: StoredFile
}

/** What may be made of a file: see FileKey. */
export type Variant = 'clean' | 'screen' | 'thumb'

/** A file whose bytes are in the storage. */
export interface StoredFile
  extends Pick<Attachment, 'type' | 'size' | 'sha256' | 'width' | 'height' | 'placeholder' | 'animated'> {
  readonly key: FileKey
  readonly variants: readonly Variant[]
}

/** An attachment that may be read, with where its bytes are. */
export interface OpenFile {
  readonly name: string
  readonly file: StoredFile
  /** The picture that stands for a video. */
  readonly poster?: StoredFile
  /** undefined for an upload of the reader's own that no message has yet. */
  readonly room: RoomId | undefined
}

/** Space for files, in bytes. */
export interface Space {
  /** For all files of one person. */
  readonly person: number
  /** For all files on the server; each content counts once. */
  readonly server: number
}

/** A finished upload that becomes somebody's picture, under a new id. */
export interface NewAvatar {
  readonly upload: FileId
  readonly id: AvatarId
}

/** The pictures that there are. */
export interface Avatars {
  readonly people: readonly { readonly person: UserId; readonly id: AvatarId }[]
  readonly rooms: readonly { readonly room: RoomId; readonly id: AvatarId }[]
}

export interface Files {
  /** Begins an upload. Refuses 'too-many-uploads', 'own-files-full', 'files-full', 'account-needed' (guests). */
  begin(upload: Upload, space: Space): Promise<void>
  /** Refuses 'no-such-upload', also for another person's. */
  upload(person: UserId, id: FileId): Promise<Upload>
  /**
   * Notes that the file is in the storage. If there is one with the same content, the upload gets that one, and the bytes of
   * the new one are to be deleted. An upload that is finished already stays as it is. Refuses 'no-such-upload'.
   * @returns the upload's file
   */
  finish(id: FileId, file: StoredFile): Promise<StoredFile>
  /** The file with that SHA-256. */
  withContent(sha256: string): Promise<StoredFile | undefined>
  /**
   * Like `finish`, where the bytes of the file with the same content are lost: whatever refers to that one gets the new one,
   * and what is left of its bytes is to be deleted.
   */
  replace(lost: FileKey, id: FileId, file: StoredFile): Promise<StoredFile>
  /** Deletes an upload that no message has. Refuses 'no-such-upload'. */
  cancel(person: UserId, id: FileId): Promise<void>
  /** Deletes uploads that were begun before and that no message has, at most `limit`. @returns how many */
  expire(before: Instant, limit: number): Promise<number>
  /** The bytes of the person’s files and uploads, with the posters of their messages and the pictures that they have set. */
  usage(person: UserId): Promise<number>
  /**
   * An attachment, an upload of one's own, or a picture of a link (model.ts, LinkPicture). Refuses 'no-such-file' for what
   * the person may not read now.
   * @param within of what may be read in several rooms under that id, it is that of this one
   */
  open(reader: UserId, id: FileId, within?: RoomId): Promise<OpenFile>
  /** The next keys after that one whose bytes are to be deleted, and may still be in the storage. */
  pendingDeletions(limit: number, after?: FileKey): Promise<readonly FileKey[]>
  /** Notes that the bytes of these keys are gone. */
  confirmDeleted(keys: readonly FileKey[]): Promise<void>
  /**
   * Sets the picture of a person, their own, or that of a room that they moderate; undefined removes it. The upload is over;
   * an avatar in the metadata goes.
   * @returns false if there was nothing to remove. Refuses 'not-a-member', 'forbidden', 'no-such-upload',
   * 'unfinished-upload', 'bad-picture' for what is none, 'large-file'.
   */
  setAvatar(by: UserId, bearer: Bearer, wanted: NewAvatar | undefined): Promise<boolean>
  /** Pictures of people, and of those of the rooms that the reader is in or could find. */
  avatars(
    reader: UserId,
    of: { readonly people: readonly UserId[]; readonly rooms: readonly RoomId[] },
  ): Promise<Avatars>
  /** For anybody who knows the id. Refuses 'no-such-file'. */
  openAvatar(id: AvatarId): Promise<StoredFile>
}
