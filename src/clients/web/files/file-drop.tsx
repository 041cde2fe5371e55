// Files that are dropped or pasted anywhere on the page. They go to the draft of the nearest element with `data-draft`, a
// room in the sidebar or a composer, and else to the room's; the browser never opens one in place of the chat.

import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { type App, focusComposer, openRoom, useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { attachFiles, filesIn, isOwnText, roomOfDraft } from './attach.ts'
import './drop-hint.css'

/** @param room the one that is open */
export function FileDrop({ room }: { room: Room | undefined }) {
  const words = useWords()
  const over = useFileDrop(room)
  if (over === undefined) return null
  const { isDirect, listing } = over
  return createPortal(
    <p className="drop-hint" role="status">
      {words.files.drop(isDirect ? listing.name : `#${listing.name}`)}
    </p>,
    document.body,
  )
}

/** @returns the room over which files are being dragged, unless nobody may write there */
function useFileDrop(room: Room | undefined): Room | undefined {
  const app = useApp()
  const [over, setOver] = useState<Room>()
  useEffect(() => {
    const ended = new AbortController()
    const options = { signal: ended.signal }
    const draftAt = (target: EventTarget | null) =>
      elementWithDraft(target)?.dataset.draft ?? (room && String(room.id))
    let marked: Element | undefined
    const mark = (element: Element | undefined, draft?: string) => {
      if (element !== marked) {
        marked?.classList.remove('drop-target')
        element?.classList.add('drop-target')
        marked = element
      }
      const target = draft === undefined ? undefined : roomOfDraft(app, draft)
      setOver(target?.whyClosed === undefined ? target : undefined)
    }
    const onDrag = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      mark(elementWithDraft(event.target), draftAt(event.target))
    }
    addEventListener('dragenter', onDrag, options)
    addEventListener('dragover', onDrag, options)
    addEventListener('dragleave', ({ relatedTarget }) => relatedTarget === null && mark(undefined), options)
    addEventListener(
      'drop',
      event => {
        mark(undefined)
        if (event.defaultPrevented || !hasFiles(event)) return // somebody else has taken them
        event.preventDefault()
        if (event.dataTransfer) take(app, draftAt(event.target), filesIn(event.dataTransfer))
      },
      options,
    )
    addEventListener(
      'paste',
      event => {
        if (event.defaultPrevented) return
        const files = event.clipboardData ? filesIn(event.clipboardData) : []
        if (files.length === 0 || isOwnText(event.clipboardData?.getData('text/plain') ?? '', files)) return
        event.preventDefault()
        take(app, draftAt(event.target), files)
      },
      options,
    )
    return () => {
      ended.abort()
      mark(undefined)
    }
  }, [app, room])
  return over
}

function elementWithDraft(target: EventTarget | null): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>('[data-draft]') ?? undefined) : undefined
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true
}

function take(app: App, draft: string | undefined, files: readonly File[]): void {
  const room = draft === undefined ? undefined : roomOfDraft(app, draft)
  if (!room || draft === undefined || room.whyClosed !== undefined)
    return app.toasts.add(app.wording.words.files.cannotDrop, 'error')
  attachFiles(app, draft, files)
  if (app.route.location.room !== room.slug) openRoom(app, room)
  else focusComposer(draft)
}
