// When something closes, the focus goes back to where it was, and never gets lost. Messages get it back too: Base UI
// would focus the first button in them, since Tab skips the message itself.

import { type FocusEvent, useRef, useState } from 'react'
import { isTouch } from '../composer/enter-key.ts'

/** A `ref` of what one has just asked for: it has the focus as soon as it is shown. */
export function focusAtOnce(element: HTMLElement | null): void {
  element?.focus()
}

/** Focuses the element, or where one goes on if it is gone; nothing if something else has the focus by now. */
export function restoreFocus(element: Element | null): void {
  if (!isLost()) return
  const target = element instanceof HTMLElement && element.isConnected ? element : placeToGoOn()
  target?.focus({ preventScroll: true })
}

/** Whether nothing has the focus. */
export function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/** The composer; on a touch screen, where a keyboard would come up, and where nobody may write, the messages. */
export function placeToGoOn(): HTMLElement | undefined {
  const composer = isTouch() ? null : document.getElementById('composer')
  return composer ?? document.querySelector<HTMLElement>('.scroller') ?? undefined
}

/** For Base UI's `finalFocus`. */
function restoresTo(element: () => Element | null): () => false {
  return () => {
    queueMicrotask(() => restoreFocus(element()))
    return false
  }
}

/** For popups beside a button that may disappear: the focus goes back to the button's message, else to the button. */
export function useReturnFocus(anchor: HTMLElement): () => false {
  const [home] = useState(() => anchor.closest('article') ?? anchor)
  return restoresTo(() => home)
}

/** For dialogs and panels: remembers what had the focus before. */
export function useFocusRestore() {
  const before = useRef<Element | null>(null)
  return {
    before,
    onFocus: ({ relatedTarget, currentTarget }: FocusEvent) => {
      if (relatedTarget && !currentTarget.contains(relatedTarget)) before.current ??= relatedTarget
    },
    finalFocus: restoresTo(() => before.current),
  }
}

/** One has come to a room: on a desk one can write at once. Whoever reads a panel or a dialog goes on there. */
export function focusOnEntry(): void {
  const { activeElement } = document
  if (
    isTouch() ||
    document.querySelector('[role="dialog"], [role="menu"]') ||
    activeElement?.closest('.panel')
  )
    return
  document.getElementById('composer')?.focus({ preventScroll: true })
}
