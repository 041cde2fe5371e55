// A room that one is not in: it may be joined, or is not there.

import { useState } from 'react'
import { attempt, useApp, useWords } from '../app.tsx'

export default function Stranger({ slug }: { slug: string }) {
  const app = useApp()
  const words = useWords()
  const [busy, setBusy] = useState(false)
  const { username = '' } = app.chat.person ?? {}
  const join = async () => {
    setBusy(true)
    const room = encodeURIComponent(/^\d+$/.test(slug) ? slug : `#${slug}`)
    await attempt(app, () => app.chat.api.do('PUT', `/rooms/${room}/members/${encodeURIComponent(username)}`))
    setBusy(false)
  }
  return (
    <main className="room stranger">
      <div className="empty-state">
        <h1>
          <bdi>#{slug}</bdi>
        </h1>
        <p className="quiet">{words.stranger.notIn}</p>
        <button type="button" className="primary" onClick={() => void join()} disabled={busy}>
          {words.stranger.join}
        </button>
        <button type="button" onClick={() => app.route.go('/')}>
          {words.stranger.home}
        </button>
      </div>
    </main>
  )
}
