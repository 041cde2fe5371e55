// The attachments of a post, as clients send them.

import type { AttachedUpload, FileId } from '../../../core/model/model.ts'
import type { AttachedUpload as Sent } from '../../../wire/attachment-schemas.ts'

export function attachedIn(sent: readonly Sent[]): readonly AttachedUpload[] {
  return sent.map(({ upload, poster, ...rest }) => ({
    ...rest,
    upload: upload as FileId,
    ...(poster !== undefined && { poster: poster as FileId }),
  }))
}
