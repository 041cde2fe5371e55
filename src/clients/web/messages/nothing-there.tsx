// In place of a room: the address leads nowhere.

import { useApp, useWords } from '../app.tsx'

export default function NothingThere() {
  const { route } = useApp()
  const words = useWords()
  return (
    <main className="room not-a-member">
      <div className="empty-state">
        <h1>{words.nothingThere.title}</h1>
        <p className="quiet">{words.nothingThere.text}</p>
        <button type="button" className="primary" onClick={() => route.go('/', 'replace')}>
          {words.notAMember.home}
        </button>
      </div>
    </main>
  )
}
