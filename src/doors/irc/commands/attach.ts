// Links to the sender's own uploads, which IRC clients send in a text (005, FILEHOST): they become its attachments.

import type { AttachedUpload, FileId } from '../../../core/model/model.ts'
import { Refusal } from '../../../core/model/refusals.ts'
import { MOST_ATTACHMENTS } from '../../../core/model/rules.ts'
import { fileLink, filePrefix } from '../../shared/attachments.ts'
import type { Client } from '../client.ts'
import { withoutCodes } from '../wire/formatting.ts'

/** A FileId, which nothing follows that could belong to it. */
const ID = /^[\w-]{22}(?![\w-])/

export interface Attaching {
  /** Without the links, each of which is shown with its file. */
  readonly text: string
  readonly attachments?: readonly AttachedUpload[]
}

/** Whether a text may have a link to an upload. */
export function mayAttach({ deps }: Client, text: string): boolean {
  return text.includes('/f/') && text.includes(filePrefix(deps))
}

/** Takes the links to finished uploads of the sender's own that were not sent yet out of a text, formatted or not. */
export async function attachIn(client: Client, text: string): Promise<Attaching> {
  const ids: FileId[] = []
  for (const id of linkedIn(client, text)) {
    if (ids.length < MOST_ATTACHMENTS && (await isUnsent(client, id))) ids.push(id)
  }
  if (ids.length === 0) return { text }
  const left = ids.reduce((rest, id) => without(rest, fileLink(id, client.deps)), text)
  return { text: left, attachments: ids.map(upload => ({ upload })) }
}

function linkedIn({ deps }: Client, text: string): ReadonlySet<FileId> {
  const [, ...after] = text.split(filePrefix(deps))
  return new Set(after.flatMap(each => ID.exec(each)?.[0] ?? []) as FileId[])
}

async function isUnsent({ deps, person, posts }: Client, id: FileId): Promise<boolean> {
  if (!person || posts.isAttaching(id)) return false
  try {
    return (await deps.chat.files.state(person, id)).file !== undefined
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** Removes a link with the spaces before it, or those after it at a line's beginning; its line, where nothing else shows. */
function without(text: string, link: string): string {
  const lines = text.split('\n').flatMap(line => {
    const parts = line.split(link)
    if (parts.length === 1) return line
    const left = parts.reduce((before, after) =>
      isBlank(before) ? before + after.trimStart() : before.trimEnd() + after,
    )
    return isBlank(left) ? [] : left
  })
  return lines.join('\n')
}

function isBlank(typed: string): boolean {
  return withoutCodes(typed).text.trim() === ''
}
