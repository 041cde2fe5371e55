// How doors that show text show files: one line each, with a link to the web door.

import type { Chat } from '../../core/chat.ts'
import type { Attachment, AvatarId, FileId, Message, Person, Room } from '../../core/model/model.ts'
import { shortened } from '../../wire/graphemes.ts'
import { printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'

/** The most code points of an alternative text that stand in a line. */
const LONGEST_ALT = 120
/** Files that are listed by default, and at most. */
const [LISTED, MOST_LISTED] = [10, 50]

/** What links need: others' words for a size, and the web door's address. */
export interface LinkContext {
  readonly wording: Pick<Wording, 'attached'>
  /** The address by which others reach the web door: https://chat.example.org. A function: it is known once it listens. */
  readonly webUrl: () => string
}

/** What links to files begin with, up to the file's id. */
export function filePrefix({ webUrl }: Pick<LinkContext, 'webUrl'>): string {
  return `${webUrl()}/f/`
}

/** The same for everybody: whoever opens it must be logged in and may read the room at that moment. */
export function fileLink(id: FileId, context: Pick<LinkContext, 'webUrl'>): string {
  return `${filePrefix(context)}${id}`
}

/** The picture of a person or a room, for anybody. */
export function avatarLink(id: AvatarId, { webUrl }: Pick<LinkContext, 'webUrl'>): string {
  return `${webUrl()}/a/${id}`
}

/** `foto.jpg (1,2 MB) https://chat.example.org/f/…`, then what its sender says that it shows; safe for terminals. */
function attachmentLine({ id, name, size, alt = '' }: Attachment, context: LinkContext): string {
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

/**
 * The room's last files, the latest at the end, a line each.
 * @param count as it was typed: ten by default, fifty at most
 * @param head what stands before each file of that message
 */
export async function latestFileLines(
  count: string | undefined,
  { chat, person, room, ...context }: LinkContext & PersonContext & { readonly room: Pick<Room, 'id'> },
  head: (message: Message) => string,
): Promise<readonly string[]> {
  const wanted = count !== undefined && /^\d+$/.test(count) ? Number(count) : LISTED
  const limit = Math.min(Math.max(1, wanted), MOST_LISTED)
  const messages = await chat.messages.withFiles(person, room.id, { kind: 'any', limit })
  const lines = messages
    .toReversed()
    .flatMap(message => attachmentLines(message.attachments, context).map(line => `${head(message)} ${line}`))
  return lines.slice(-limit)
}

interface PersonContext {
  readonly chat: Chat
  readonly person: Person
  readonly webUrl: () => string
}

/**
 * The line for a file, with a link that opens it in that person’s name, without a log-in, for ten minutes.
 * @param mark put before it, for a program that asked
 */
export async function personalLink(
  file: Pick<Attachment, 'id' | 'name' | 'size'>,
  { chat, person, webUrl, wording, mark }: PersonContext & { wording: Wording; mark?: string },
): Promise<string> {
  const link = `${fileLink(file.id, { webUrl })}?key=${await chat.files.links.readingKey(person, file.id)}`
  const line = wording.attached(printableLine(file.name), file.size, link, '')
  return wording.personalLink(mark === undefined ? line : `${mark} ${line}`)
}

/** The command for a shell that sends a file to the room, once. @param path of the file; undefined to name it later */
export async function uploadCommand(
  { chat, person, webUrl, wording, room }: PersonContext & { wording: Wording; room: Pick<Room, 'id'> },
  path: string | undefined,
): Promise<string> {
  const key = await chat.files.links.uploadKey(person, room.id)
  return `curl -T ${path === undefined ? wording.someFile : quoted(printableLine(path))} ${webUrl()}/u/${key}/`
}

/** As one word of a shell (POSIX.1-2024, shell command language, section 2.2.2). */
function quoted(word: string): string {
  return /^[\w./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
