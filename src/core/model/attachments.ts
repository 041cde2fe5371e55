// What belongs to a message besides its text: files, and what its links lead to.

import type { FileId } from './model.ts'

/** A file that belongs to a message. */
export interface Attachment {
  /** Not a secret: only people who may read the room can open it. */
  readonly id: FileId
  /** As its sender called it, without folders: 1–255 printable characters (file-names.ts). */
  readonly name: string
  /** The media type by its content, such as image/jpeg; application/octet-stream where that is unknown. */
  readonly type: string
  /** In bytes. */
  readonly size: number
  /** Of its bytes, in hexadecimal digits. */
  readonly sha256: string
  /** The sender's words for people who do not see a picture or hear a recording. */
  readonly alt?: string
  /** The size of a picture, upright, or of a video's poster, in pixels. */
  readonly width?: number
  readonly height?: number
  /** What a picture looks like from afar: a ThumbHash (evanw.github.io/thumbhash) in base64. */
  readonly placeholder?: string
  /** A picture that moves; its smaller sizes stand still. */
  readonly animated?: true
  /** The length of a recording, in milliseconds, as its sender measured it. */
  readonly duration?: number
  /** The loudness of a recording from its beginning to its end: up to 128 bytes in base64. */
  readonly waveform?: string
}

/** A finished upload that becomes an attachment, with what its sender says of it. */
export interface AttachedUpload {
  readonly upload: FileId
  /** Instead of the name that it was uploaded under. */
  readonly name?: string
  readonly alt?: string
  /** A finished upload of a picture that stands for a video. */
  readonly poster?: FileId
  /** As in Attachment. */
  readonly duration?: number
  readonly waveform?: string
}

/** What a page says of itself, each text on one printable line; it has at least a title or a picture. */
export interface LinkPreview {
  /** The link, as core/text/links.ts reads it from the message. */
  readonly url: string
  readonly title?: string
  readonly description?: string
  /** What the site calls itself. */
  readonly site?: string
  readonly picture?: LinkPicture
}

/** A picture of a page that this server has kept, small, for people who may read a message that has the link. */
export interface LinkPicture extends Required<Pick<Attachment, 'id' | 'width' | 'height' | 'placeholder'>> {}
