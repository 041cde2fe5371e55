// In place of a room that one is not in, or that does not exist.

import { useApp, useWords } from '../app.tsx'
import { KeyForm } from './key-form.tsx'

export default function NotAMember({ slug }: { slug: string }) {
  const { route } = useApp()
  const words = useWords()
  return (
    <main className="room not-a-member">
      <div className="empty-state">
        <h1>
          <bdi>#{slug}</bdi>
        </h1>
        <p className="quiet">{words.notAMember.notIn}</p>
        <KeyForm key={slug} room={/^\d+$/.test(slug) ? slug : `#${slug}`} isLocked={route.locked === slug} />
        <button type="button" onClick={() => route.go('/')}>
          {words.notAMember.home}
        </button>
      </div>
    </main>
  )
}
