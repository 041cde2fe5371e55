// A message with all that answers it, and a place to answer.

import { useEffect, useMemo, useRef, useState } from 'react'
import type { LogEvent, Message } from '../../../wire/schemas.ts'
import { useApp, useWatch, useWords } from '../app.tsx'
import { Composer } from '../composer/composer.tsx'
import { actsIn } from '../messages/message-actions.ts'
import { PendingRow } from '../messages/pending-row.tsx'
import type { Room } from '../model/room.ts'
import { changedBy } from '../model/timeline.ts'
import { useLocale } from '../ui/locale.ts'
import { useAsked } from '../ui/use-query.ts'
import { Frame } from './frame.tsx'
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
        key={first}
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

/** As it is now: read once, then changed by what happens to it. */
function useThread(room: Room, seq: number): { messages?: readonly Message[]; trouble?: string } {
  const { chat } = useApp()
  const { greetings } = useWatch(chat)
  const asked = useAsked(`${room.id}/${seq}/${greetings}`, () => chat.api.thread(room.id, seq))
  const [messages, setMessages] = useState<readonly Message[]>()
  const read = asked.is === 'there' ? asked.value : undefined
  useEffect(() => setMessages(read), [read])
  useEffect(() => room.listen(event => setMessages(now => now && behind(event, now, chat.me))), [chat, room])
  return { ...(messages && { messages }), ...(asked.is === 'failed' && { trouble: asked.why }) }
}

/** The thread behind that event. */
function behind(event: LogEvent, thread: readonly Message[], me: number): readonly Message[] {
  if (event.kind === 'message') {
    const answers = thread.some(({ seq }) => seq === event.reply?.seq)
    const isNew = thread.every(({ seq }) => seq !== event.seq)
    return answers && isNew ? [...thread, event] : thread
  }
  if (event.kind !== 'edit' && event.kind !== 'deletion' && event.kind !== 'reaction') return thread
  return thread.map(message => (message.seq === event.target ? changedBy(event, message, me) : message))
}
