// Who has chosen what, in a poll that shows names.

import { useEffect, useState } from 'react'
import type { Author, Poll } from '../../../wire/schemas.ts'
import { errorMessage, useApp, useWords } from '../app.tsx'

interface Ballot {
  readonly option: number
  readonly people: readonly Author[]
}

export function Ballots({ room, seq, poll }: { room: number; seq: number; poll: Poll }) {
  const { chat } = useApp()
  const words = useWords()
  const [found, setFound] = useState<readonly Ballot[] | string>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again with each vote
  useEffect(() => {
    let isCurrent = true
    void chat.api
      .get<{ ballots: readonly Ballot[] }>(`/rooms/${room}/polls/${seq}/ballots`)
      .then(({ ballots }) => ballots)
      .catch((error: unknown) => errorMessage(words, error))
      .then(answer => isCurrent && setFound(answer))
    return () => {
      isCurrent = false
    }
  }, [chat, room, seq, poll])
  if (typeof found === 'string') return <p className="error">{found}</p>
  return (
    <dl className="ballots">
      {found.map(({ option, people }) => (
        <div key={option}>
          <dt>
            <bdi>{poll.options[option - 1]?.text}</bdi>
          </dt>
          <dd className="quiet">{people.map(({ username }) => username).join(', ') || words.poll.nobody}</dd>
        </div>
      ))}
    </dl>
  )
}
