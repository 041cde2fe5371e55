// A message with all replies to it, and a composer for more.

import { useEffect, useMemo, useRef, useState } from 'react'
import type { LogEvent, Message } from '../../../wire/schemas.ts'
import { useApp, useObservable, useWords } from '../app.tsx'
import { Composer } from '../composer/composer.tsx'
import { messageActions } from '../messages/message-actions.ts'
import { PendingRow } from '../messages/pending-row.tsx'
import type { Room } from '../model/room.ts'
import { applyChange, isChange } from '../model/timeline.ts'
import { useLocale } from '../ui/locale.ts'
import { useQuery } from '../ui/use-query.ts'
import { Frame } from './frame.tsx'
import { MessageCard } from './message-card.tsx'

export function Thread({ room, seq }: { room: Room; seq: number }) {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { messages, error } = useThread(room, seq)
  const end = useRef<HTMLDivElement>(null)
  const first = messages?.[0]?.seq ?? seq
  const actions = useMemo(() => messageActions(app, room, { reply() {}, edit() {} }), [app, room])
  const pending = app.chat.outbox.pendingIn(room.id).filter(({ reply }) => reply === first)
  const count = (messages?.length ?? 0) + pending.length
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'end' })
  }, [count])
  return (
    <Frame title={words.thread.title}>
      <div
        className="scrolled thread"
        role="log"
        aria-label={words.thread.title}
        data-draft={`${room.id}/${first}`}
      >
        {error !== undefined && <p className="error">{error}</p>}
        {messages?.map(message => (
          <MessageCard key={message.seq} message={message} locale={locale} />
        ))}
        {messages?.length === 1 && <p className="quiet empty">{words.thread.empty}</p>}
        {pending.map(post => (
          <PendingRow key={post.key} post={post} leads />
        ))}
        <div ref={end} />
      </div>
      <Composer
        key={first}
        room={room}
        draftKey={`${room.id}/${first}`}
        reply={undefined}
        onReply={() => {}}
        actions={actions}
        thread={first}
      />
    </Frame>
  )
}

/** The thread's messages: read once after each connection, then kept current by events. */
function useThread(room: Room, seq: number): { messages?: readonly Message[]; error?: string } {
  const { chat } = useApp()
  const { connections } = useObservable(chat)
  const query = useQuery(`${room.id}/${seq}/${connections}`, () => chat.api.thread(room.id, seq))
  const [messages, setMessages] = useState<readonly Message[]>()
  const read = query.is === 'ready' ? query.value : undefined
  useEffect(() => setMessages(read), [read])
  useEffect(
    () => room.listen(event => setMessages(now => now && threadAfter(event, now, chat.me))),
    [chat, room],
  )
  return { ...(messages && { messages }), ...(query.is === 'failed' && { error: query.error }) }
}

/** The thread as it is after the event. @param me the reader's id */
function threadAfter(event: LogEvent, thread: readonly Message[], me: number): readonly Message[] {
  if (event.kind === 'message') {
    const answers = thread.some(({ seq }) => seq === event.reply?.seq)
    const isNew = thread.every(({ seq }) => seq !== event.seq)
    return answers && isNew ? [...thread, event] : thread
  }
  if (!isChange(event)) return thread
  return thread.map(message => (message.seq === event.target ? applyChange(event, message, me) : message))
}
