// When something closes, the focus goes back to where it was, and never gets lost. Messages get it back too: Base UI
// would focus the first button in them, since Tab skips the message itself.

import { type FocusEvent, useRef, useState } from 'react'

/** Focuses the element, or the composer if it is gone; nothing if something else has the focus by now. */
export function restoreFocus(element: Element | null): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return
  const target =
    element instanceof HTMLElement && element.isConnected ? element : document.getElementById('composer')
  target?.focus({ preventScroll: true })
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
