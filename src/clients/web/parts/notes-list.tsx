import { X } from 'lucide-react'
import { createPortal } from 'react-dom'
import { useWatch, useWords } from '../app.tsx'
import type { Notes } from '../model/notes.ts'

export function NotesList({ notes }: { notes: Notes }) {
  const words = useWords()
  const { all } = useWatch(notes)
  // Above dialogs too, which stand in the body.
  return createPortal(
    <div className="notes" role="status" aria-live="polite">
      {all.map(({ id, text, kind }) => (
        <p key={id} className={`note ${kind}`}>
          <span>{text}</span>
          <button type="button" className="icon" onClick={() => notes.drop(id)} aria-label={words.close}>
            <X size={16} aria-hidden="true" />
          </button>
        </p>
      ))}
    </div>,
    document.body,
  )
}
