// The frame of each dialog. It is modal; Escape and Back close it, and the focus goes back to where it was.

import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { type ReactNode, useRef } from 'react'
import X from '~icons/x'
import { useApp, useWords } from '../app.tsx'
import { useFocusRestore } from '../ui/focus.ts'

const FOCUSABLE = ':is(input, select, textarea, button, pre[tabindex]):not(:disabled)'

const CHOSEN = '[aria-current], [aria-pressed="true"], input[type="radio"]:checked'

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  readonly size?: 'small' | 'large'
}

export function Dialog({ title, children, size = 'small' }: DialogProps) {
  const { route } = useApp()
  const words = useWords()
  const inside = useRef<HTMLDivElement>(null)
  // The first field or the current choice, not the close button.
  const first = () => {
    const chosen = inside.current?.querySelector<HTMLElement>(CHOSEN)
    return chosen ?? inside.current?.querySelector<HTMLElement>(FOCUSABLE) ?? true
  }
  const { onFocus, finalFocus } = useFocusRestore()
  return (
    <BaseDialog.Root open onOpenChange={open => open || route.close()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="backdrop" />
        <BaseDialog.Popup
          className={`dialog ${size}`}
          onFocus={onFocus}
          initialFocus={first}
          finalFocus={finalFocus}
        >
          <header>
            <BaseDialog.Title>{title}</BaseDialog.Title>
            <BaseDialog.Close className="icon" aria-label={words.close}>
              <X size={20} />
            </BaseDialog.Close>
          </header>
          <div className="inside" ref={inside}>
            {children}
          </div>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}
