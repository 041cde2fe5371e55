// Choosing files: those that were picked, pasted or dropped become files of a draft, and begin to upload.

import { MOST_ATTACHMENTS } from '../../../wire/limits.ts'
import type { App } from '../app.tsx'
import type { Room } from '../model/room.ts'

/** The name that browsers give to a picture in the clipboard. */
const NAMELESS = /^image\.(png|jpe?g|webp|gif)$/

/** @param draft the key of a draft: the room's number, in a thread with the seq of its first message */
export function attachFiles({ chat, toasts, wording }: App, draft: string, files: readonly File[]): void {
  const { words } = wording
  const chosen = files.map(file => {
    const [, extension] = NAMELESS.exec(file.name) ?? []
    return {
      file,
      name: extension === undefined ? file.name : `${words.files.pasted(timeNow())}.${extension}`,
    }
  })
  if (chat.files.add(draft, chosen) > 0) toasts.add(words.files.tooMany(MOST_ATTACHMENTS), 'error')
}

/** For names of files, which some systems allow no colon in: 2026-11-28 22.51.07 */
export function timeNow(): string {
  const now = new Date()
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.')
}

export function roomOfDraft({ chat }: App, draft: string): Room | undefined {
  return chat.rooms.get(Number.parseInt(draft, 10))
}

/** The files of a paste or drop, without folders, which browsers also list. */
export function filesIn(transfer: DataTransfer): readonly File[] {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file')
  return items.flatMap(item => {
    if (item.webkitGetAsEntry?.()?.isDirectory) return []
    return item.getAsFile() ?? []
  })
}

/** Whether a pasted text is more than the names of the pasted files: a table is also pasted as a picture of it. */
export function isOwnText(text: string, files: readonly File[]): boolean {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '')
  const names = new Set(files.map(({ name }) => name))
  return lines.some(line => !line.startsWith('file://') && !names.has(line.split('/').at(-1) ?? ''))
}
