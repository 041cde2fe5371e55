import Copy from '~icons/copy'
import { copyText, useApp, useWords } from '../app.tsx'

/** Copies a text, and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { toasts } = useApp()
  const words = useWords()
  const copy = async () => {
    if (await copyText(text)) toasts.add(words.copied)
    else toasts.add(words.notCopied, 'error')
  }
  return (
    <button
      type="button"
      className="icon"
      aria-label={`${label}: ${text}`}
      title={label}
      onClick={() => void copy()}
    >
      <Copy size={16} />
    </button>
  )
}
