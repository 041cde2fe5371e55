// A message with all answers to it, and a composer for more. It has everything that the room has: menus, edits, reactions,
// files, the keyboard.

import { Fragment, useEffect, useMemo, useRef, useState } from 'react'
import Bell from '~icons/bell'
import BellOff from '~icons/bell-off'
import type { Message } from '../../../wire/schemas.ts'
import { attempt, focusComposer, useApp, useObservable, useWords } from '../app.tsx'
import { Composer } from '../composer/composer.tsx'
import { type MessageActions, messageActions } from '../messages/message-actions.ts'
import { onRowKey, seqOf } from '../messages/message-list.tsx'
import { MessageRow } from '../messages/message-row.tsx'
import { PendingRow } from '../messages/pending-row.tsx'
import type { Room } from '../model/room.ts'
import { Thread as OpenThread } from '../model/thread.ts'
import { dayKey, type Locale, longDay } from '../model/times.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { useLocale } from '../ui/locale.ts'
import { refusalText } from '../words.ts'
import { Frame } from './frame.tsx'
import './thread.css'

/** In CSS pixels: closer to the end, the list stays there. */
const NEAR_END = 60

export function Thread({ room, seq }: { room: Room; seq: number }) {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const thread = useOpenThread(room, seq)
  const { root, messages, isLoaded, hasOlder, error, unreadFrom } = thread
  const draft = `${room.id}/${root}`
  const [active, setActive] = useState<number>()
  const [editing, setEditing] = useState<number>()
  const [reply, setReply] = useState<number>()
  const actions = useMemo(
    () => actionsIn(thread, messageActions(app, room, { reply: setReply, edit: setEditing })),
    [app, room, thread],
  )
  useObservable(app.chat)
  const pending = app.chat.outbox.pendingInThread(room.id, root)
  const list = useScrollingToEnd(thread, messages.length + pending.length, room)
  const firstNew =
    unreadFrom === undefined ? undefined : messages.find(each => each.seq > unreadFrom && each.seq !== root)
  return (
    <Frame title={words.thread.title} action={isLoaded && <FollowButton room={room} thread={thread} />}>
      <div
        ref={list}
        className="scrolled thread"
        role="log"
        aria-live="off"
        aria-label={words.thread.title}
        aria-busy={!isLoaded}
        data-draft={draft}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it can be scrolled without a mouse
        tabIndex={0}
        onKeyDown={event => onRowKey(event, actions, at => thread.message(at))}
        onPointerOver={event => setActive(seqOf(event.target))}
        onPointerLeave={() => setActive(undefined)}
        onFocus={event => setActive(seqOf(event.target))}
      >
        {error !== undefined && (
          <p className="error" role="alert">
            {error === 'offline' ? words.list.offline : refusalText(words, error)}
          </p>
        )}
        {messages.map((message, i) => (
          <Fragment key={message.seq}>
            {isAnotherDay(locale, messages[i - 1], message) && (
              <p className="thread-day quiet">{longDay(locale, message.at)}</p>
            )}
            {message === firstNew && (
              <div className="unread-line" role="separator">
                <span>{words.list.unreadLine}</span>
              </div>
            )}
            <MessageRow
              message={message}
              leads
              room={room}
              actions={actions}
              locale={locale}
              isActive={active === message.seq}
              isEditing={editing === message.seq}
              isHighlighted={message.seq === seq && seq !== root}
              onEdited={() => setEditing(undefined)}
              thread={root}
            />
            {message.seq === root && messages.length > 1 && (
              <p className="answers quiet">
                {hasOlder ? (
                  <button type="button" className="link" onClick={() => void thread.older()}>
                    {words.thread.older}
                  </button>
                ) : (
                  <span>{words.thread.answers(messages.length - 1)}</span>
                )}
              </p>
            )}
          </Fragment>
        ))}
        {isLoaded && messages.length <= 1 && <p className="quiet empty">{words.thread.empty}</p>}
        {pending.map(post => (
          <PendingRow key={post.key} post={post} leads />
        ))}
      </div>
      <Composer
        key={root}
        room={room}
        draftKey={draft}
        reply={reply}
        onReply={setReply}
        actions={actions}
        thread={root}
      />
    </Frame>
  )
}

function isAnotherDay(locale: Locale, before: Message | undefined, { at }: Message): boolean {
  return before === undefined || dayKey(locale, before.at) !== dayKey(locale, at)
}

/** In a thread one answers there, and goes to what is there without leaving it. */
function actionsIn(thread: OpenThread, { thread: _, ...actions }: MessageActions): MessageActions {
  return {
    ...actions,
    reply(seq) {
      actions.reply(seq)
      focusComposer('thread/')
    },
    goTo(seq) {
      const row = document.querySelector<HTMLElement>(`.thread article[data-seq="${seq}"]`)
      if (!row) return actions.goTo(seq)
      row.scrollIntoView({ block: 'center' })
      row.focus()
    },
    mayErase: message => actions.mayErase(message) && thread.message(message.seq) !== undefined,
  }
}

/** The thread, read anew after each connection, then kept current by events. */
function useOpenThread(room: Room, seq: number): OpenThread {
  const { chat } = useApp()
  const { connections } = useObservable(chat)
  const thread = useMemo(
    () => new OpenThread(room, seq, { api: chat.api, me: () => chat.me }),
    [chat, room, seq],
  )
  useEffect(() => thread.open(), [thread])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was missed meanwhile is read
  useEffect(() => void thread.load(), [thread, connections])
  return useObservable(thread)
}

/** Shows the first unread answer, or the end, and stays at the end; what was seen there is read. */
function useScrollingToEnd(thread: OpenThread, count: number, room: Room) {
  const { chat } = useApp()
  const list = useRef<HTMLDivElement>(null)
  const wasAtEnd = useRef(true)
  const { isLoaded, last } = thread
  useEffect(() => {
    const element = list.current
    if (!element || count === 0) return
    const line = isLoaded && wasAtEnd.current ? element.querySelector('.unread-line') : null
    if (line && !element.dataset.opened) line.scrollIntoView({ block: 'start' })
    else if (wasAtEnd.current) element.scrollTop = element.scrollHeight
    if (isLoaded) element.dataset.opened = 'yes'
  }, [count, isLoaded])
  useEffect(() => {
    const element = list.current
    if (!element || last === undefined) return
    const look = () => {
      wasAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END
      const isSeen = document.visibilityState === 'visible' && document.hasFocus()
      if (isSeen && wasAtEnd.current) chat.threads.current?.markRead(room.id, thread.root, last.seq)
    }
    look()
    element.addEventListener('scroll', look)
    addEventListener('focus', look)
    return () => {
      element.removeEventListener('scroll', look)
      removeEventListener('focus', look)
    }
  }, [chat, room, thread, last])
  return list
}

function FollowButton({ room, thread }: { room: Room; thread: OpenThread }) {
  const app = useApp()
  const words = useWords()
  const { following, root } = thread
  const change = () =>
    attempt(app, async () => {
      await app.chat.threads.current?.follow(room.id, root, !following)
      await thread.load()
    })
  return (
    <IconButton
      icon={following ? Bell : BellOff}
      size={18}
      label={following ? words.thread.unfollow : words.thread.follow}
      aria-pressed={following}
      onClick={() => void change()}
    />
  )
}
