// When something closes, the focus goes back to where it was, and never nowhere. Messages get it back too: Base UI would
// give it to the first button in them, since Tab passes over the message itself.

import { type FocusEvent, useRef, useState } from 'react'

/** Unless somebody else has it by now. Where the place is gone, where one writes gets it. */
export function restoreFocus(element: Element | null): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return
  const there =
    element instanceof HTMLElement && element.isConnected ? element : document.getElementById('composer')
  there?.focus({ preventScroll: true })
}

/** For Base UI's `finalFocus`. */
function restoresTo(element: () => Element | null): () => false {
  return () => {
    queueMicrotask(() => restoreFocus(element()))
    return false
  }
}

/** For what opens beside a button that may go with it: its message gets the focus back, else the button. */
export function useReturnFocus(anchor: HTMLElement): () => false {
  const [home] = useState(() => anchor.closest('article') ?? anchor)
  return restoresTo(() => home)
}

/** For what takes the focus: notes who had it before. */
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
