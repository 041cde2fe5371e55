// What one has begun to write, for each room, and what it answers or mends.

import { keep, keptJson } from './keep.ts'

export interface Draft {
  readonly text: string
  readonly reply?: number
}

const NAME = 'drafts'
const KEEP_MS = 400
const MOST = 50

function isDrafts(value: unknown): value is Record<string, Draft> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every(each => typeof (each as Draft | null)?.text === 'string')
  )
}

const drafts = new Map<string, Draft>(Object.entries(keptJson(NAME, isDrafts) ?? {}))
let pending: ReturnType<typeof setTimeout> | undefined
addEventListener('pagehide', keepAll)

/** @param place a room's number; with a thread's, behind a slash */
export function draftOf(place: string): Draft {
  return drafts.get(place) ?? { text: '' }
}

export function keepDraft(place: string, draft: Draft): void {
  drafts.delete(place)
  if (draft.text !== '' || draft.reply !== undefined) drafts.set(place, draft)
  for (const oldest of drafts.keys()) {
    if (drafts.size <= MOST) break
    drafts.delete(oldest)
  }
  pending ??= setTimeout(keepAll, KEEP_MS)
}

export function keepAll(): void {
  clearTimeout(pending)
  pending = undefined
  keep(NAME, drafts.size > 0 ? JSON.stringify(Object.fromEntries(drafts)) : undefined)
}

export function forgetDrafts(): void {
  drafts.clear()
  keepAll()
}
