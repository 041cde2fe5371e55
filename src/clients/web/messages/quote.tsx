// The message that another one replies to, on one line.

import { useEffect, useState } from 'react'
import CornerUpRight from '~icons/corner-up-right'
import type { Message } from '../../../wire/schemas.ts'
import { useApp, useObservable, useWords } from '../app.tsx'
import { excerpt } from '../model/excerpt.ts'
import type { Room } from '../model/room.ts'
import './quote.css'

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
      <span className="visually-hidden">{words.list.answers} </span>
      <bdi className="author">{reply.username}</bdi>
      <span className="quiet" dir="auto">
        {quoted === 'loading' ? '…' : !quoted || quoted.deleted ? words.list.deleted : excerpt(quoted)}
      </span>
    </button>
  )
}

/** Quoted messages that are kept for each room. */
const MOST_CACHED = 200

/** @returns undefined for a message that no longer exists */
function useMessage(room: Room, seq: number): Message | 'loading' | undefined {
  const { chat } = useApp()
  useObservable(room.timeline)
  const loaded = room.message(seq)
  const [fetched, setFetched] = useState<Message | 'loading' | undefined>('loading')
  const isLoaded = loaded !== undefined
  const request = room.quotes.get(seq)
  useEffect(() => {
    if (isLoaded) return
    let isGone = false
    const { quotes } = room
    const pending = request ?? chat.api.message(room.id, seq)
    if (!request) {
      quotes.set(seq, pending)
      pending.catch(() => quotes.delete(seq)) // fetched again the next time
      for (const oldest of quotes.keys()) {
        if (quotes.size <= MOST_CACHED) break
        quotes.delete(oldest)
      }
    }
    pending.then(
      found => isGone || setFetched(found),
      () => {},
    )
    return () => {
      isGone = true
    }
  }, [chat, room, seq, isLoaded, request])
  return loaded ?? fetched
}
