// The form that edits a message in place.

import { useEffect, useRef, useState } from 'react'
import type { Message } from '../../../wire/schemas.ts'
import { attempt, useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { focusAtOnce } from '../ui/focus.ts'
import { isComposing, sendsByEnter } from './enter-key.ts'
import './editor.css'

interface EditorProps {
  readonly room: Room
  readonly message: Message
  readonly onDone: () => void
}

export default function Editor({ room, message, onDone }: EditorProps) {
  const app = useApp()
  const words = useWords()
  const [text, setText] = useState(message.text)
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  // The focus goes back to the composer if the edit was begun there.
  const [before] = useState(() => document.activeElement)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form grows with the text
  useEffect(() => {
    form.current?.scrollIntoView({ block: 'nearest' })
  }, [text])
  const done = () => {
    onDone()
    const row = document.querySelector<HTMLElement>(`article[data-seq="${message.seq}"]`)
    const target = before?.id === 'composer' ? before : row
    if (target instanceof HTMLElement) target.focus()
  }
  const save = async () => {
    if (text === message.text) return done()
    if (text.trim() === '') return app.route.open(`erase/${message.seq}`)
    setBusy(true)
    if (await attempt(app, () => app.chat.api.edit(room.id, message.seq, text))) done()
    else setBusy(false)
  }
  return (
    <form
      ref={form}
      className="editor"
      onSubmit={event => {
        event.preventDefault()
        void save()
      }}
    >
      <textarea
        value={text}
        dir="auto"
        disabled={busy}
        ref={focusAtOnce}
        aria-label={words.list.edit}
        onFocus={({ currentTarget }) => currentTarget.setSelectionRange(text.length, text.length)}
        onChange={event => setText(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            done()
          }
          if (event.key === 'Enter' && !event.shiftKey && !isComposing(event.nativeEvent) && sendsByEnter()) {
            event.preventDefault()
            void save()
          }
        }}
      />
      <div className="buttons">
        <small className="quiet">{sendsByEnter() && words.list.editKeys}</small>
        <button type="button" onClick={done}>
          {words.cancel}
        </button>
        <button type="submit" className="primary" disabled={busy}>
          {words.save}
        </button>
      </div>
    </form>
  )
}
