// In place of a room that one is not in, or that does not exist.

import { type FormEvent, useState } from 'react'
import { useApp, useWords } from '../app.tsx'
import { joinRoom } from './join-room.ts'

export default function NotAMember({ slug }: { slug: string }) {
  const app = useApp()
  const words = useWords()
  const [busy, setBusy] = useState(false)
  const [locked, setLocked] = useState(false)
  const [key, setKey] = useState('')
  const join = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const room = /^\d+$/.test(slug) ? slug : `#${slug}`
    if ((await joinRoom({ app, room, key })) === 'locked') setLocked(true)
    setBusy(false)
  }
  return (
    <main className="room not-a-member">
      <div className="empty-state">
        <h1>
          <bdi>#{slug}</bdi>
        </h1>
        <p className="quiet">{words.notAMember.notIn}</p>
        <form className="inline" onSubmit={event => void join(event)}>
          {locked && (
            <input
              value={key}
              // biome-ignore lint/a11y/noAutofocus: the server has just asked for the key
              autoFocus
              maxLength={32}
              required
              autoComplete="off"
              placeholder={words.notAMember.key}
              aria-label={words.notAMember.key}
              onChange={event => setKey(event.currentTarget.value)}
            />
          )}
          <button type="submit" className="primary" disabled={busy}>
            {words.notAMember.join}
          </button>
        </form>
        <button type="button" onClick={() => app.route.go('/')}>
          {words.notAMember.home}
        </button>
      </div>
    </main>
  )
}
