// Who has reacted to a message, by emoji.

import { useEffect, useState } from 'react'
import { attempt, useApp, useWords } from '../app.tsx'
import type { Reactor } from '../model/api.ts'
import type { Room } from '../model/room.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Dialog } from './dialog.tsx'

/** People of one page. */
const PAGE = 50

export default function ReactionsDialog({ room, seq }: { room: Room; seq: number }) {
  const app = useApp()
  const words = useWords()
  const { people, hasMore, more } = useReactors(room, seq)
  const byEmoji = Map.groupBy(people ?? [], ({ emoji }) => emoji)
  return (
    <Dialog title={words.reactions.title}>
      {people === undefined && <p className="quiet empty">{words.loading}</p>}
      {people?.length === 0 && <p className="quiet empty">{words.reactions.none}</p>}
      {[...byEmoji].map(([emoji, those]) => (
        <section key={emoji} className="reactors" aria-label={emoji}>
          <h3>
            {emoji} <span className="quiet">{those.length}</span>
          </h3>
          <ul className="list">
            {those.map(({ person }) => (
              <li key={person.id}>
                <button
                  type="button"
                  className="plain reactor"
                  onClick={() => app.route.open(`person/${person.username}`)}
                >
                  <Avatar id={person.id} username={person.username} size={28} />
                  <bdi>{person.username}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {hasMore && (
        <button type="button" onClick={() => void attempt(app, more)}>
          {words.reactions.more}
        </button>
      )}
    </Dialog>
  )
}

function useReactors(room: Room, seq: number) {
  const { api } = useApp().chat
  const [people, setPeople] = useState<readonly Reactor[]>()
  const [hasMore, setMore] = useState(false)
  const [changes, setChanges] = useState(0)
  useEffect(
    () =>
      room.listen(event => event.kind === 'reaction' && event.target === seq && setChanges(now => now + 1)),
    [room, seq],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: somebody has reacted meanwhile
  useEffect(() => {
    let isGone = false
    api.reactors(room.id, seq, { limit: PAGE }).then(
      page => {
        if (isGone) return
        setPeople(page.reactions)
        setMore(page.more)
      },
      () => isGone || setPeople([]),
    )
    return () => {
      isGone = true
    }
  }, [api, room, seq, changes])
  const more = async () => {
    const page = await api.reactors(room.id, seq, { after: people?.at(-1), limit: PAGE })
    setPeople([...(people ?? []), ...page.reactions])
    setMore(page.more)
  }
  return { people, hasMore, more }
}
