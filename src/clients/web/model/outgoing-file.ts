// A file on its way: chosen, uploaded while one still writes, then attached to a post.

import type { AttachedUpload } from '../../../wire/attachment-schemas.ts'

export interface OutgoingFile {
  readonly id: string
  /** The draft that it belongs to; undefined once it belongs to a post. */
  readonly draft?: string
  readonly name: string
  /** The browser's guess of its media type; it may be empty. */
  readonly type: string
  /** In bytes. */
  readonly size: number
  /** Files of a draft stand in the order of their positions. */
  readonly position: number
  readonly alt?: string
  /** Of a recording, as in Attachment. */
  readonly duration?: number
  readonly waveform?: string
  /** The id of its upload, once that has begun. */
  readonly upload?: string
  /** The id of the upload of a video's poster. */
  readonly poster?: string
  /** Bytes that the server has. */
  readonly sent: number
  /** It can be attached. */
  readonly isReady?: true
  /** Why it was not uploaded: the code of a refusal, or `gone`, it cannot be read any more. */
  readonly failed?: string
}

/** @param value what this or another version has kept in the browser */
export function isOutgoingFile(value: unknown): value is OutgoingFile {
  if (typeof value !== 'object' || value === null) return false
  const { id, name, type, size, position, sent } = value as Partial<OutgoingFile>
  const isNamed = typeof id === 'string' && typeof name === 'string' && typeof type === 'string'
  return isNamed && typeof size === 'number' && typeof position === 'number' && typeof sent === 'number'
}

/** What a post says of the file; undefined while it is not uploaded. */
export function attachedUpload(file: OutgoingFile): AttachedUpload | undefined {
  const { upload, isReady, alt, poster, duration, waveform } = file
  if (upload === undefined || !isReady) return undefined
  return {
    upload,
    ...(alt !== undefined && alt !== '' && { alt }),
    ...(poster !== undefined && { poster }),
    ...(duration !== undefined && { duration }),
    ...(waveform !== undefined && { waveform }),
  }
}
