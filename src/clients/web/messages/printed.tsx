// The conversation on paper. It is in the page only while the browser prints.

import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Message } from '../../../wire/schemas.ts'
import { useApp, useWords } from '../app.tsx'
import { countsOf } from '../model/fold.ts'
import { type Conversation, readForPrint } from '../model/printing.ts'
import type { Room } from '../model/room.ts'
import { clock, dayAndTime, type Locale, longDay } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { eventText } from './event-row.tsx'
import { MessageText } from './message-text.tsx'
import { daysOf, type Row } from './rows.ts'

export function Printed({ room }: { room: Room }) {
  const { chat } = useApp()
  const words = useWords()
  const locale = useLocale()
  const printed = useConversation(room)
  if (!printed) return null
  const { entries, messages, isWhole } = printed
  const { name, topic } = room.listing
  const options = {
    locale,
    me: chat.me,
    unreadFrom: undefined,
    hasOlder: false,
    pending: [],
    now: chat.now(),
  }
  return (
    <section className="printed">
      <h1>{room.isDirect ? name : `#${name}`}</h1>
      {topic !== '' && <p>{topic}</p>}
      <p>{words.print.about(dayAndTime(locale, chat.now()), messages)}</p>
      {!isWhole && <p>{words.print.part}</p>}
      {daysOf(entries, options).map(({ key, at, rows }) => (
        <section key={key}>
          <h2>{longDay(locale, at)}</h2>
          {rows.map(row => (
            <PrintedRow key={row.key} row={row} locale={locale} />
          ))}
        </section>
      ))}
    </section>
  )
}

function useConversation(room: Room): Conversation | undefined {
  const [printed, setPrinted] = useState<Conversation>()
  useEffect(() => {
    const begin = () => flushSync(() => setPrinted(readForPrint(room)))
    const end = () => setPrinted(undefined)
    addEventListener('beforeprint', begin)
    addEventListener('afterprint', end)
    return () => {
      removeEventListener('beforeprint', begin)
      removeEventListener('afterprint', end)
    }
  }, [room])
  return printed
}

function PrintedRow({ row, locale }: { row: Row; locale: Locale }) {
  const words = useWords()
  if (row.kind === 'event') return <small>{eventText(row.event, words, locale)}</small>
  if (row.kind === 'fold') return <small>{words.events.folded(countsOf(row.run))}</small>
  if (row.kind !== 'message') return null
  const { message, leads } = row
  return (
    <article>
      {leads && <Head message={message} locale={locale} />}
      {message.deleted ? <small>{words.list.deleted}</small> : <MessageText {...message} />}
      {message.attachments && <p>{message.attachments.map(({ name }) => name).join(', ')}</p>}
      <Marks message={message} />
    </article>
  )
}

function Head({ message: { author, at, reply }, locale }: { message: Message; locale: Locale }) {
  return (
    <p className="head">
      <bdi>{author.username}</bdi>
      {reply && (
        <>
          {' → '}
          <bdi>{reply.username}</bdi>
        </>
      )}{' '}
      <time>{clock(locale, at)}</time>
    </p>
  )
}

function Marks({ message: { reactions = [], edited } }: { message: Message }) {
  const words = useWords()
  if (reactions.length === 0 && !edited) return null
  const signs = reactions.map(({ emoji, count }) => `${emoji} ${count}`)
  return <small>{[...(edited ? [words.list.edited] : []), ...signs].join(' · ')}</small>
}
