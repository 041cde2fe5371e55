// Keys in the composer, besides those that the list of completions takes.

import type { KeyboardEvent } from 'react'
import { sendsByEnter } from './enter-key.ts'

interface KeyContext {
  readonly text: string
  change(text: string, caret: number): void
  send(): void
  /** undefined unless one is replying. */
  readonly cancelReply: (() => void) | undefined
  /** @returns whether there is a message of one's own to edit */
  editLast(): boolean
}

/** Ctrl and the key put the selection between these. */
const MARKS: Readonly<Record<string, string>> = { b: '**', i: '_', e: '`' }

export function onComposerKey(event: KeyboardEvent<HTMLTextAreaElement>, context: KeyContext): void {
  if (handleKey(event, context)) event.preventDefault()
}

function handleKey(event: KeyboardEvent<HTMLTextAreaElement>, context: KeyContext): boolean {
  const { key, shiftKey, ctrlKey, metaKey, currentTarget } = event
  const { text, cancelReply } = context
  if (key === 'Enter' && !shiftKey && sendsByEnter()) {
    context.send()
    return true
  }
  if (key === 'Escape' && cancelReply) {
    cancelReply()
    return true
  }
  if (key === 'ArrowUp' && text === '') return context.editLast()
  const mark = ctrlKey || metaKey ? MARKS[key] : undefined
  if (mark === undefined) return false
  const { selectionStart: from, selectionEnd: to } = currentTarget
  context.change(text.slice(0, from) + mark + text.slice(from, to) + mark + text.slice(to), to + mark.length)
  return true
}
