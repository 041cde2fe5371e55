// What a message answers, on one line.

import { CornerUpRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Message } from '../../../wire/schemas.ts'
import { useApp, useWords } from '../app.tsx'
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
      <CornerUpRight size={14} aria-hidden="true" />
      <span className="unseen">{words.list.answers} </span>
      <bdi className="author">{reply.username}</bdi>
      <span className="quiet" dir="auto">
        {quoted === undefined ? '…' : quoted.deleted ? words.list.deleted : excerpt(quoted.text)}
      </span>
    </button>
  )
}

/** What was asked for because it lay outside of the list. By room and seq; the newest are kept. */
const asked = new Map<string, Promise<Message | undefined>>()
const MOST_ASKED = 200

function useMessage(room: Room, seq: number): Message | undefined {
  const { chat } = useApp()
  const here = room.timeline.message(seq)
  const [fetched, setFetched] = useState<Message>()
  const isHere = here !== undefined
  useEffect(() => {
    if (isHere) return
    let gone = false
    const key = `${room.id}/${seq}`
    const asking = asked.get(key) ?? chat.api.one(room.id, seq).catch(() => undefined)
    asked.set(key, asking)
    for (const oldest of asked.keys()) {
      if (asked.size <= MOST_ASKED) break
      asked.delete(oldest)
    }
    void asking.then(found => gone || setFetched(found))
    return () => {
      gone = true
    }
  }, [chat, room, seq, isHere])
  return here ?? fetched
}
