// A person's status: a dot, with a word for screen readers.

import { useWords } from '../app.tsx'
import './status-dot.css'

export function StatusDot({ status }: { status: 'online' | 'away' | 'offline' }) {
  const words = useWords()
  return (
    <span className={`dot ${status}`}>
      <span className="visually-hidden">{words.statuses[status]}</span>
    </span>
  )
}
