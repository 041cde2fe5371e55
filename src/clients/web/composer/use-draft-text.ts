import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useApp } from '../app.tsx'
import type { Room } from '../model/room.ts'

interface DraftOptions {
  readonly room: Room
  readonly draftKey: string
  /** Kept with the draft: the seq that it answers. */
  readonly reply: number | undefined
}

/**
 * The text in the box, kept in the browser as it changes; others in the room are told that one is typing.
 * @returns the text, and what changes it and, if wanted, moves the caret
 */
export function useDraftText(
  { room, draftKey, reply }: DraftOptions,
  box: RefObject<HTMLTextAreaElement | null>,
): readonly [text: string, change: (text: string, caret?: number) => void] {
  const { chat } = useApp()
  const [text, setText] = useState(() => chat.drafts.get(draftKey).text)
  const wantedCaret = useRef<number>(undefined)
  // Before the next key, so that typing goes on after what was inserted.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box has the new text now
  useLayoutEffect(() => {
    const caret = wantedCaret.current
    if (caret !== undefined) box.current?.setSelectionRange(caret, caret)
    wantedCaret.current = undefined
  }, [text])
  useEffect(() => chat.drafts.listen(draftKey, draft => setText(draft.text)), [chat, draftKey])
  const change = (next: string, caret?: number) => {
    wantedCaret.current = caret
    setText(next)
    chat.drafts.set(draftKey, { text: next, ...(reply !== undefined && { reply }) })
    if (next.trim() !== '' && !next.startsWith('/')) chat.sendTyping(room)
  }
  return [text, change]
}
