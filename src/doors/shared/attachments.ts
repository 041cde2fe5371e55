// How doors that show text show files: one line each, with a link to the web door.

import type { Attachment, FileId } from '../../core/model/model.ts'
import { shortened } from '../../wire/graphemes.ts'
import { printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'

/** The most code points of an alternative text that stand in a line. */
const LONGEST_ALT = 120

/** What links need: others' words for a size, and the web door's address. */
export interface LinkContext {
  readonly wording: Pick<Wording, 'attached'>
  /** The address by which others reach the web door: https://chat.example.org. A function: it is known once it listens. */
  readonly webUrl: () => string
}

/** The same for everybody: whoever opens it must be logged in and may read the room at that moment. */
export function fileLink(id: FileId, { webUrl }: Pick<LinkContext, 'webUrl'>): string {
  return `${webUrl()}/f/${id}`
}

/** `foto.jpg (1,2 MB) https://chat.example.org/f/…`, then what its sender says that it shows; safe for terminals. */
export function attachmentLine({ id, name, size, alt = '' }: Attachment, context: LinkContext): string {
  const line = printableLine(alt).trim()
  const short = shortened(line, LONGEST_ALT)
  const words = short.length < line.length ? `${short.trimEnd()}…` : short
  return context.wording.attached(printableLine(name), size, fileLink(id, context), words)
}

export function attachmentLines(
  attachments: readonly Attachment[] | undefined,
  context: LinkContext,
): readonly string[] {
  return attachments?.map(each => attachmentLine(each, context)) ?? []
}
