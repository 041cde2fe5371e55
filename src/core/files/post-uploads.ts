// Posting uploads that were made for one message.

import type { Post } from '../log/appender.ts'
import type { Person } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import type { Posted, Receipt } from '../ports/log.ts'
import type { Files } from './files.ts'

export type UploadsPost = Post & Required<Pick<Post, 'attachments'>>

interface PostUploadsDeps {
  readonly files: Pick<Files, 'cancel'>
  readonly post: () => Promise<Receipt>
}

/** Posts them; deletes them unless a message has them then. Refuses as a post does. */
export async function postUploads(
  { files, post }: PostUploadsDeps,
  person: Person,
  { attachments }: UploadsPost,
): Promise<Posted> {
  let isPosted = false
  try {
    const receipt = await post()
    if ('refused' in receipt) refuse(receipt.refused, receipt.opens)
    isPosted = !receipt.repeated
    return receipt
  } finally {
    // One that stays nevertheless expires.
    if (!isPosted) for (const { upload } of attachments) await files.cancel(person, upload).catch(() => {})
  }
}
