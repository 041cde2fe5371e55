// Something that is only seen on paper: it is put beside the page, printed at once, and taken away again.

import { type ReactNode, useEffect } from 'react'
import { createPortal } from 'react-dom'

export function PrintSheet({ children, onPrinted }: { children: ReactNode; onPrinted: () => void }) {
  useEffect(() => {
    addEventListener('afterprint', onPrinted)
    const frame = requestAnimationFrame(() => print())
    return () => {
      removeEventListener('afterprint', onPrinted)
      cancelAnimationFrame(frame)
    }
  }, [onPrinted])
  return createPortal(<div className="sheet">{children}</div>, document.body)
}
