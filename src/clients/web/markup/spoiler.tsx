// A text that is shown only to those who want to see it.

import { type ReactNode, useState } from 'react'

export function Spoiler({ label, children }: { label: string; children: ReactNode }) {
  const [isShown, setShown] = useState(false)
  if (isShown) return <span className="spoiler shown">{children}</span>
  return (
    <button
      type="button"
      className="spoiler"
      aria-label={label}
      title={label}
      onClick={event => {
        event.stopPropagation()
        setShown(true)
      }}
    >
      <span aria-hidden="true" inert>
        {children}
      </span>
    </button>
  )
}
