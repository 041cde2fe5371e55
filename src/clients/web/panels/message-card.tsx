// A message outside the list: pinned, found, or in a thread.

import type { ReactNode } from 'react'
import type { Message } from '../../../wire/schemas.ts'
import { useApp, useWords } from '../app.tsx'
import { Attachments } from '../files/attachments.tsx'
import { MessageText } from '../messages/message-text.tsx'
import Previews from '../messages/previews.tsx'
import { clock, type Locale, shortDay } from '../model/times.ts'
import { Avatar } from '../ui/avatar.tsx'

interface MessageCardProps {
  readonly message: Message
  readonly locale: Locale
  /** In place of the text. */
  readonly children?: ReactNode
  readonly where?: string
  readonly onOpen?: () => void
}

export function MessageCard({ message, locale, children, where, onOpen }: MessageCardProps) {
  const { route } = useApp()
  const words = useWords()
  const { author, at, deleted, edited, attachments, previews } = message
  return (
    <article className="message leads message-card">
      <Avatar {...author} />
      <div className="body">
        <header>
          <bdi className="author">{author.username}</bdi>
          <span className="quiet time">
            {where !== undefined && <bdi>{where} · </bdi>}
            {shortDay(locale, at)} {clock(locale, at)}
          </span>
        </header>
        {deleted ? <p className="quiet">{words.list.deleted}</p> : (children ?? <MessageText {...message} />)}
        {attachments && (
          <Attachments files={attachments} onView={id => route.open(`picture/${message.seq}/${id}`)} />
        )}
        {previews && <Previews links={previews} />}
        {edited && <small className="quiet edited">{words.list.edited}</small>}
        {onOpen && (
          <button type="button" className="link" onClick={onOpen}>
            {words.list.goTo}
          </button>
        )}
      </div>
    </article>
  )
}
