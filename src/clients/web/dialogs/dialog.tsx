// A dialog: the page behind it waits, Escape and Back close it, the focus comes back to where it was.

import { Dialog } from '@base-ui/react/dialog'
import { type ReactNode, useRef } from 'react'
import X from '~icons/x'
import { useApp, useWords } from '../app.tsx'
import { useBefore } from '../ui/focus.ts'

const FOCUSABLE = ':is(input, select, textarea, button, pre[tabindex]):not(:disabled)'

interface SheetProps {
  readonly title: string
  readonly children: ReactNode
  readonly size?: 'small' | 'large'
}

export function Sheet({ title, children, size = 'small' }: SheetProps) {
  const { route } = useApp()
  const words = useWords()
  const inside = useRef<HTMLDivElement>(null)
  // What the dialog is for, not what closes it.
  const first = () => {
    const chosen = inside.current?.querySelector<HTMLElement>('[aria-current], [aria-pressed="true"]')
    return chosen ?? inside.current?.querySelector<HTMLElement>(FOCUSABLE) ?? true
  }
  const { onFocus, finalFocus } = useBefore()
  return (
    <Dialog.Root open onOpenChange={open => open || route.close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup
          className={`sheet ${size}`}
          onFocus={onFocus}
          initialFocus={first}
          finalFocus={finalFocus}
        >
          <header>
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close className="icon" aria-label={words.close}>
              <X size={20} />
            </Dialog.Close>
          </header>
          <div className="inside" ref={inside}>
            {children}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
