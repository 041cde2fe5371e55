// Joins a room; asks for its key when it has one. That another key was wrong is said until one types again.

import { type FormEvent, useState } from 'react'
import { useApp, useWords } from '../app.tsx'
import { focusAtOnce } from '../ui/focus.ts'
import { refusalText } from '../words.ts'
import { joinRoom } from './join-room.ts'

interface KeyFormProps {
  /** The room's number, or its name after a #. */
  readonly room: string
  /** The server has asked for the key already. */
  readonly isLocked: boolean
  readonly onJoined?: () => void
}

export function KeyForm({ room, isLocked, onJoined }: KeyFormProps) {
  const app = useApp()
  const words = useWords()
  const [busy, setBusy] = useState(false)
  const [locked, setLocked] = useState(isLocked)
  const [isWrong, setWrong] = useState(false)
  const [key, setKey] = useState('')
  const join = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const outcome = await joinRoom({ app, room, key })
    setBusy(false)
    setWrong(outcome === 'wrong')
    if (outcome === 'locked') setLocked(true)
    if (outcome === 'in') onJoined?.()
  }
  return (
    <form className="key-form" onSubmit={event => void join(event)}>
      <div className="inline">
        {locked && (
          <input
            value={key}
            ref={focusAtOnce}
            maxLength={32}
            required
            autoComplete="off"
            placeholder={words.notAMember.key}
            aria-label={words.notAMember.key}
            aria-invalid={isWrong}
            onChange={event => {
              setKey(event.currentTarget.value)
              setWrong(false)
            }}
          />
        )}
        <button type="submit" className="primary" disabled={busy}>
          {words.notAMember.join}
        </button>
      </div>
      {isWrong && (
        <p className="error" role="alert">
          {refusalText(words, 'wrong-key')}
        </p>
      )}
    </form>
  )
}
