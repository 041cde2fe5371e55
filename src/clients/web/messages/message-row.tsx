// A message in the list, with its reactions and buttons.

import { memo, useId, useState } from 'react'
import DoorOpen from '~icons/door-open'
import Ellipsis from '~icons/ellipsis'
import SmilePlus from '~icons/face-slightly-smiling-plus'
import MessageSquare from '~icons/message-square'
import Pencil from '~icons/pencil'
import Reply from '~icons/reply'
import type { Message } from '../../../wire/schemas.ts'
import { useApp, useObservable, useWords } from '../app.tsx'
import { Attachments } from '../files/attachments.tsx'
import type { Room } from '../model/room.ts'
import { pathOf } from '../model/route.ts'
import { clock, dayAndTime, type Locale, shortClock } from '../model/times.ts'
import { Avatar } from '../ui/avatar.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import type { MessageActions } from './message-actions.ts'
import { MessageText } from './message-text.tsx'
import { Quote } from './quote.tsx'
import './message-row.css'

const MessageMenu = lazyWithRetry(() => import('./message-menu.tsx'))
const EmojiPicker = lazyWithRetry(() => import('../composer/emoji-picker.tsx'))
const Previews = lazyWithRetry(() => import('./previews.tsx'))
const PollCard = lazyWithRetry(() => import('../polls/poll-card.tsx'))
const ReactionTip = lazyWithRetry(() => import('./reaction-tip.tsx'))
const ThreadSummary = lazyWithRetry(() => import('./thread-summary.tsx'))
const Editor = lazyWithRetry(() => import('../composer/editor.tsx'))

interface RowProps {
  readonly message: Message
  /** The first of a group under one name. */
  readonly leads: boolean
  readonly room: Room
  readonly actions: MessageActions
  readonly locale: Locale
  readonly isActive: boolean
  readonly isEditing: boolean
  readonly isHighlighted: boolean
  readonly onEdited: () => void
  /** Within a thread: its first message, which needs no quote. */
  readonly thread?: number
}

export const MessageRow = memo(function MessageRow(props: RowProps) {
  const { message, leads, actions, locale, isActive, isEditing, isHighlighted, room } = props
  const words = useWords()
  const [open, setOpen] = useState<OpenPopup>()
  const { author, seq, at, deleted } = message
  const time = clock(locale, at)
  return (
    <article
      className={`message${leads ? ' leads' : ''}${isHighlighted ? ' highlighted' : ''}${open ? ' open' : ''}`}
      data-seq={seq}
      data-at={at}
      tabIndex={-1}
      aria-label={words.list.message(author.username, time)}
      onContextMenu={event => {
        const isOwn = event.target instanceof Element && event.target.closest('a, pre, code') !== null
        if (!isTouch() || deleted || isOwn) return
        event.preventDefault()
        setOpen({ what: 'menu', anchor: event.currentTarget })
      }}
    >
      {leads ? (
        <button
          type="button"
          className="plain"
          tabIndex={-1}
          onClick={() => actions.person(author.username)}
          aria-label={author.username}
        >
          <Avatar {...author} />
        </button>
      ) : (
        <time className="gutter" dateTime={new Date(at).toISOString()} aria-hidden="true">
          {isActive && shortClock(locale, at)}
        </time>
      )}
      <div className="body">
        {leads && <Head message={message} actions={actions} locale={locale} room={room} />}
        {message.reply && message.reply.seq !== props.thread && (
          <Quote room={room} reply={message.reply} onGo={actions.goTo} />
        )}
        {isEditing ? (
          <Editor fallback={<Content {...props} />} room={room} message={message} onDone={props.onEdited} />
        ) : (
          <Content {...props} />
        )}
        <Links message={message} actions={actions} />
        <Reactions message={message} actions={actions} />
        {actions.thread && message.thread && (
          <ThreadSummary
            fallback={<span className="thread-summary" />}
            room={room}
            message={message}
            onOpen={actions.thread}
          />
        )}
      </div>
      {(isActive || open) && !deleted && !isEditing && (
        <Tools message={message} actions={actions} onOpen={setOpen} />
      )}
      <ErrorBoundary>
        {open?.what === 'menu' && (
          <MessageMenu
            message={message}
            room={room}
            actions={actions}
            anchor={open.anchor}
            onReact={() => setOpen({ what: 'emoji', anchor: open.anchor })}
            onClose={() => setOpen(now => (now?.what === 'menu' ? undefined : now))}
          />
        )}
        {open?.what === 'emoji' && (
          <EmojiPicker
            anchor={open.anchor}
            onPick={emoji => actions.react(message, emoji)}
            onClose={() => setOpen(undefined)}
          />
        )}
      </ErrorBoundary>
    </article>
  )
})

interface OpenPopup {
  readonly what: 'menu' | 'emoji'
  readonly anchor: HTMLElement
}

function isTouch(): boolean {
  return matchMedia('(pointer: coarse)').matches
}

function Head({ message, actions, locale, room }: Pick<RowProps, 'message' | 'actions' | 'locale' | 'room'>) {
  const { author, at, seq } = message
  return (
    <header>
      <button
        type="button"
        className="author plain"
        onClick={() => actions.person(author.username)}
        tabIndex={-1}
      >
        <bdi>{author.username}</bdi>
      </button>
      <a
        href={pathOf(room.slug, seq)}
        className="quiet time"
        title={dayAndTime(locale, at)}
        tabIndex={-1}
        onClick={event => {
          event.preventDefault()
          actions.goTo(seq)
        }}
      >
        <time dateTime={new Date(at).toISOString()}>{clock(locale, at)}</time>
      </a>
    </header>
  )
}

function Content({
  message,
  actions,
  room,
  locale,
}: Pick<RowProps, 'message' | 'actions' | 'room' | 'locale'>) {
  const app = useApp()
  const words = useWords()
  if (message.deleted) return <p className="quiet deleted">{words.list.deleted}</p>
  const open = (name: string) => {
    const known = app.chat.roomOf(name)
    app.route.go(pathOf(known?.slug ?? name))
  }
  const { attachments, author, edited, poll, scheduled, seq, text } = message
  if (poll)
    return (
      <PollCard
        fallback={<div style={{ minHeight: `${7 + 2.75 * poll.options.length}rem` }} />}
        message={message}
        poll={poll}
        room={room}
        mayClose={actions.mayErase(message)}
      />
    )
  return (
    <>
      {(text !== '' || edited) && (
        <div className={author.id === app.chat.me ? 'message-content mine' : 'message-content'}>
          <MessageText
            {...message}
            onRoom={open}
            onTick={author.id === app.chat.me ? line => actions.tick(message, line) : undefined}
          />
          {edited && <Edited seq={seq} />}
        </div>
      )}
      {attachments && <Attachments files={attachments} onView={id => actions.view(seq, id)} />}
      {scheduled !== undefined && (
        <small className="quiet">{words.putOff.meant(dayAndTime(locale, scheduled))}</small>
      )}
    </>
  )
}

/** Opens the former texts, where the server keeps them. */
function Edited({ seq }: { seq: number }) {
  const { chat, route } = useApp()
  const words = useWords()
  const { settings } = useObservable(chat)
  if (settings.editHistory === 'off')
    return (
      <small className="quiet edited" title={words.list.editedHint}>
        {words.list.edited}
      </small>
    )
  return (
    <button
      type="button"
      className="link quiet edited"
      title={words.versions.show}
      onClick={() => route.open(`versions/${seq}`)}
    >
      {words.list.edited}
    </button>
  )
}

function Links({ message, actions }: Pick<RowProps, 'message' | 'actions'>) {
  const { previews, seq } = message
  if (!previews) return null
  const onTakeOff = actions.mayErase(message) ? (url: string) => actions.takePreviewOff(seq, url) : undefined
  return <Previews links={previews} onTakeOff={onTakeOff} />
}

/** The pointer rests on a chip, or it has the focus: then a tip says who has reacted. A long press opens the list. */
function Reactions({ message, actions }: Pick<RowProps, 'message' | 'actions'>) {
  const words = useWords()
  const id = useId()
  const [shown, setShown] = useState<string>()
  const { reactions, room, seq } = message
  if (!reactions || reactions.length === 0) return null
  return (
    <ul className="reactions" aria-label={words.list.reactions} onPointerLeave={() => setShown(undefined)}>
      {reactions.map(({ emoji, count, mine }) => (
        <li key={emoji}>
          <button
            type="button"
            aria-pressed={mine}
            aria-label={words.list.reaction(emoji, count)}
            aria-describedby={shown === emoji ? id : undefined}
            onClick={() => actions.react(message, emoji)}
            onPointerEnter={({ pointerType }) => pointerType === 'mouse' && setShown(emoji)}
            onFocus={({ currentTarget }) => currentTarget.matches(':focus-visible') && setShown(emoji)}
            onBlur={() => setShown(undefined)}
            onContextMenu={event => {
              if (!isTouch()) return
              event.preventDefault()
              event.stopPropagation()
              actions.reactors(seq)
            }}
          >
            <span aria-hidden="true">{emoji}</span> <span aria-hidden="true">{count}</span>
          </button>
          {shown === emoji && <ReactionTip {...{ id, room, seq, emoji, count }} />}
        </li>
      ))}
    </ul>
  )
}

const QUICK = ['👍', '❤️', '😂']

interface ToolsProps {
  readonly message: Message
  readonly actions: MessageActions
  readonly onOpen: (open: OpenPopup) => void
}

function Tools({ message, actions, onOpen }: ToolsProps) {
  const { chat } = useApp()
  const words = useWords()
  const { seq } = message
  const own = message.author.id === chat.me
  return (
    <div className="tools" role="toolbar" aria-label={words.list.tools}>
      {QUICK.map(emoji => (
        <button
          key={emoji}
          type="button"
          className="icon only-large"
          onClick={() => actions.react(message, emoji)}
          aria-label={words.list.reactWith(emoji)}
        >
          {emoji}
        </button>
      ))}
      <IconButton
        icon={SmilePlus}
        size={17}
        label={words.list.react}
        onClick={({ currentTarget }) => onOpen({ what: 'emoji', anchor: currentTarget })}
      />
      <IconButton icon={Reply} size={17} label={words.list.reply} onClick={() => actions.reply(seq)} />
      {actions.thread && (
        <IconButton
          icon={MessageSquare}
          size={17}
          label={words.list.thread}
          onClick={() => actions.thread?.(seq)}
        />
      )}
      {own && (
        <IconButton icon={Pencil} size={17} label={words.list.edit} onClick={() => actions.edit(seq)} />
      )}
      <IconButton icon={DoorOpen} size={17} label={words.list.doors} onClick={() => actions.doors(seq)} />
      <IconButton
        icon={Ellipsis}
        size={17}
        label={words.list.more}
        onClick={({ currentTarget }) => onOpen({ what: 'menu', anchor: currentTarget })}
      />
    </div>
  )
}
