import { createPortal } from 'react-dom'
import X from '~icons/x'
import { useObservable, useWords } from '../app.tsx'
import type { Toasts } from '../model/toasts.ts'
import { Reload } from './new-version.tsx'
import './toasts.css'

export function ToastList({ toasts }: { toasts: Toasts }) {
  const words = useWords()
  const { all } = useObservable(toasts)
  // In the body, as dialogs are: so toasts stand above them.
  return createPortal(
    <div className="toasts" role="status" aria-live="polite">
      {all.map(({ id, text, kind }) => (
        <p key={id} className={`toast ${kind}`}>
          <span>{text}</span>
          {kind === 'version' && <Reload />}
          <button type="button" className="icon" onClick={() => toasts.dismiss(id)} aria-label={words.close}>
            <X size={16} />
          </button>
        </p>
      ))}
    </div>,
    document.body,
  )
}
