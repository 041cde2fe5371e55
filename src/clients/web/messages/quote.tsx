// What a message answers, on one line.

import { useEffect, useState } from 'react'
import CornerUpRight from '~icons/corner-up-right'
import type { Message } from '../../../wire/schemas.ts'
import { useApp, useWatch, useWords } from '../app.tsx'
import { excerpt } from '../model/excerpt.ts'
import type { Room } from '../model/room.ts'

interface QuoteProps {
  readonly room: Room
  readonly reply: { readonly seq: number; readonly username: string }
  readonly onGo: (seq: number) => void
}

export function Quote({ room, reply, onGo }: QuoteProps) {
  const words = useWords()
  const quoted = useMessage(room, reply.seq)
  return (
    <button type="button" className="quote plain" onClick={() => onGo(reply.seq)}>
      <CornerUpRight size={14} />
      <span className="unseen">{words.list.answers} </span>
      <bdi className="author">{reply.username}</bdi>
      <span className="quiet" dir="auto">
        {quoted === 'asked' ? '…' : !quoted || quoted.deleted ? words.list.deleted : excerpt(quoted)}
      </span>
    </button>
  )
}

/** Kept of one room. */
const MOST_ASKED = 200

/** @returns undefined for one that is gone */
function useMessage(room: Room, seq: number): Message | 'asked' | undefined {
  const { chat } = useApp()
  useWatch(room.timeline)
  const here = room.timeline.message(seq)
  const [fetched, setFetched] = useState<Message | 'asked' | undefined>('asked')
  const isHere = here !== undefined
  const asked = room.quotes.get(seq)
  useEffect(() => {
    if (isHere) return
    let gone = false
    const { quotes } = room
    const asking = asked ?? chat.api.one(room.id, seq)
    if (!asked) {
      quotes.set(seq, asking)
      asking.catch(() => quotes.delete(seq)) // asked again the next time
      for (const oldest of quotes.keys()) {
        if (quotes.size <= MOST_ASKED) break
        quotes.delete(oldest)
      }
    }
    asking.then(
      found => gone || setFetched(found),
      () => {},
    )
    return () => {
      gone = true
    }
  }, [chat, room, seq, isHere, asked])
  return here ?? fetched
}
