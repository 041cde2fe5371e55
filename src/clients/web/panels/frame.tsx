// The frame of each panel: its title, and the button that closes it.

import { type ReactNode, useEffect, useRef } from 'react'
import X from '~icons/x'
import { useApp, useWords } from '../app.tsx'
import { restoreFocus, useFocusRestore } from '../ui/focus.ts'

/** @param ownFocus a field in it takes the focus when it opens */
export function Frame({
  title,
  children,
  action,
  ownFocus,
}: {
  title: string
  /** A button beside the one that closes it. */
  action?: ReactNode
  children: ReactNode
  ownFocus?: true
}) {
  const { route } = useApp()
  const words = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  const { before, onFocus } = useFocusRestore()
  useEffect(() => {
    if (!ownFocus) heading.current?.focus()
    return () => restoreFocus(before.current)
  }, [ownFocus, before])
  return (
    <aside className="panel" aria-labelledby="panel-title" onFocus={onFocus}>
      <header>
        <h2 id="panel-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {action}
        <button type="button" className="icon" onClick={() => route.close()} aria-label={words.close}>
          <X size={20} />
        </button>
      </header>
      {children}
    </aside>
  )
}
