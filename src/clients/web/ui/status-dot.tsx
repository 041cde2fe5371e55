// Whether somebody is there: a dot, which screen readers are told in words.

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
