// Decodes a message's attachments.

import type { Attachment, FileId } from '../../core/model/model.ts'
import { type Row, text } from './sql.ts'

/** Decodes the column `attachments` of the view `said`: JSON, [[id, name, type, …], …]; NULL for none, as in most rows. */
export function attachmentsOf(found: Row): { readonly attachments?: readonly Attachment[] } {
  const stored: unknown = found.attachments === null ? [] : JSON.parse(text(found, 'attachments'))
  const attachments = Array.isArray(stored) ? stored.map(attachmentFrom) : []
  return attachments.length === 0 ? {} : { attachments }
}

function attachmentFrom(stored: readonly unknown[]): Attachment {
  const [id, name, type, size, sha256, alt, width, height, placeholder, animated, duration, waveform] = stored
  return {
    id: String(id) as FileId,
    name: String(name),
    type: String(type),
    size: Number(size),
    sha256: String(sha256),
    ...(alt !== '' && { alt: String(alt) }),
    ...(width !== null && height !== null && { width: Number(width), height: Number(height) }),
    ...(placeholder !== null && { placeholder: String(placeholder) }),
    ...(animated === 1 && { animated: true as const }),
    ...(duration !== null && { duration: Number(duration) }),
    ...(waveform !== null && { waveform: String(waveform) }),
  }
}
