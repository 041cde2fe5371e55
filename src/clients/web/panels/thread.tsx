// A message with all that answers it, and a place to answer.

import { useEffect, useMemo, useRef, useState } from 'react'
import type { Message } from '../../../wire/schemas.ts'
import { troubleOf, useApp, useWatch, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { actsIn } from '../parts/acts.ts'
import { Composer } from '../parts/composer.tsx'
import { useLocale } from '../parts/locale.ts'
import { PendingRow } from '../parts/pending-row.tsx'
import { Frame } from './panel.tsx'
import { ShownMessage } from './shown-message.tsx'

export function Thread({ room, seq }: { room: Room; seq: number }) {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { messages, trouble } = useThread(room, seq)
  const end = useRef<HTMLDivElement>(null)
  const first = messages?.[0]?.seq ?? seq
  const acts = useMemo(() => actsIn(app, room, { reply() {}, edit() {} }), [app, room])
  const pending = app.chat.outbox.in(room.id).filter(({ reply }) => reply === first)
  const count = (messages?.length ?? 0) + pending.length
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'end' })
  }, [count])
  return (
    <Frame title={words.thread.title}>
      <div className="scrolled thread" role="log" aria-label={words.thread.title}>
        {trouble !== undefined && <p className="trouble">{trouble}</p>}
        {messages?.map(message => (
          <ShownMessage key={message.seq} message={message} locale={locale} />
        ))}
        {messages?.length === 1 && <p className="quiet empty">{words.thread.empty}</p>}
        {pending.map(post => (
          <PendingRow key={post.key} post={post} leads />
        ))}
        <div ref={end} />
      </div>
      <Composer
        room={room}
        place={`${room.id}/${first}`}
        reply={undefined}
        onReply={() => {}}
        acts={acts}
        thread={first}
      />
    </Frame>
  )
}

/** Asked again when something happens to a message that is in it, or answers one. */
function useThread(room: Room, seq: number): { messages?: readonly Message[]; trouble?: string } {
  const { chat, wording } = useApp()
  const { entries } = useWatch(room.timeline)
  const [messages, setMessages] = useState<readonly Message[]>()
  const [trouble, setTrouble] = useState<string>()
  const inThread = new Set(messages?.map(each => each.seq) ?? [seq])
  const about = entries
    .filter(
      entry => entry.kind === 'message' && (inThread.has(entry.seq) || inThread.has(entry.reply?.seq ?? 0)),
    )
    .map(
      entry => `${entry.seq}${'text' in entry ? `${entry.edited}${entry.text.length}${entry.deleted}` : ''}`,
    )
    .join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what happens to them says when to ask again
  useEffect(() => {
    let gone = false
    chat.api.thread(room.id, seq).then(
      found => gone || setMessages(found),
      error => gone || setTrouble(troubleOf(wording.words, error)),
    )
    return () => {
      gone = true
    }
  }, [chat, room, seq, about])
  return { ...(messages && { messages }), ...(trouble !== undefined && { trouble }) }
}
