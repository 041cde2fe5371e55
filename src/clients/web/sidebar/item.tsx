// A room or conversation in the list.

import { type DragEvent, memo, type ReactNode, useEffect, useRef, useState } from 'react'
import Ellipsis from '~icons/ellipsis-vertical'
import Hash from '~icons/hash'
import Lock from '~icons/lock'
import Megaphone from '~icons/megaphone'
import Pencil from '~icons/pencil'
import Users from '~icons/users'
import { openRoom, useApp, useObservable, useWords } from '../app.tsx'
import { MOST_COUNTED, type Room } from '../model/room.ts'
import { RoomIcon } from '../ui/avatar.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import { StatusDot } from '../ui/status-dot.tsx'

const ItemMenu = lazyWithRetry(() => import('./item-menu.tsx'))
const ICONS = { open: Hash, closed: Lock, announcement: Megaphone }
/** The type of what is dragged: the number of a room. */
export const DRAGGED_ROOM = 'application/x-tertulia-room'

/** @param version the room's, which renders it again */
export const Item = memo(function Item(props: { room: Room; isCurrent: boolean; version: number }) {
  const { room, isCurrent } = props
  const app = useApp()
  const words = useWords()
  const { name, kind, unread, mentions, level } = room.listing
  const link = useRef<HTMLAnchorElement>(null)
  const [menu, setMenu] = useState<HTMLElement>()
  useEffect(() => {
    if (isCurrent) link.current?.scrollIntoView({ block: 'nearest' })
  }, [isCurrent])
  const calling = room.isDirect ? unread : mentions
  const isNew = unread > 0 && !room.isQuiet
  const Icon = kind === 'direct' ? undefined : ICONS[kind]
  return (
    <li className={menu ? 'room-item open' : 'room-item'}>
      <a
        ref={link}
        href={`/r/${encodeURIComponent(room.slug)}`}
        className={`room${isNew ? ' new' : ''}${level === 'nothing' || level === 'invisible' ? ' muted' : ''}`}
        aria-current={isCurrent ? 'page' : undefined}
        data-draft={room.id}
        onClick={event => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          openRoom(app, room)
        }}
        // Also by the keyboard's menu key, and by a long press.
        onContextMenu={event => {
          event.preventDefault()
          setMenu(event.currentTarget)
        }}
        onDragStart={(event: DragEvent) => event.dataTransfer.setData(DRAGGED_ROOM, String(room.id))}
      >
        {Icon ? (
          <RoomIcon id={room.id} size={20}>
            <Icon size={16} />
          </RoomIcon>
        ) : (
          <span className="room-icon s20">
            <DirectPeer room={room} />
          </span>
        )}
        <bdi className="name">{name}</bdi>
        {kind === 'announcement' && (
          <span className="kind-sign">
            <Megaphone size={14} />
            <span className="visually-hidden">{words.room.announcement}</span>
          </span>
        )}
        {!isCurrent && <DraftMark room={room} />}
        {calling > 0 && !room.isQuiet && (
          <Badge count={calling}>{room.isDirect ? words.sidebar.unread : words.sidebar.mentions}</Badge>
        )}
        {calling === 0 && isNew && <span className="visually-hidden"> {words.sidebar.hasNew}</span>}
      </a>
      <IconButton
        icon={Ellipsis}
        size={16}
        label={words.sidebar.more(name)}
        className="more"
        aria-haspopup="menu"
        onClick={({ currentTarget }) => setMenu(currentTarget)}
      />
      <ErrorBoundary>
        {menu && <ItemMenu room={room} anchor={menu} onClose={() => setMenu(undefined)} />}
      </ErrorBoundary>
    </li>
  )
})

/** @param children what is counted, for those who hear it */
export function Badge({ count, children }: { count: number; children: ReactNode }) {
  return (
    <span className="badge">
      {count >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : count}
      <span className="visually-hidden"> {children}</span>
    </span>
  )
}

/** Something is unsent there. */
function DraftMark({ room }: { room: Room }) {
  const words = useWords()
  const { drafts } = useApp().chat
  if (!useObservable(drafts).isIn(room.id)) return null
  return (
    <small className="draft">
      <Pencil size={12} /> {words.sidebar.draft}
    </small>
  )
}

/** The status of the other person, or an icon for several. */
function DirectPeer({ room }: { room: Room }) {
  const { chat } = useApp()
  useObservable(chat)
  if (room.isGroup) return <Users size={16} />
  const { name } = room.listing
  const peer = [...chat.presence.people.values()].find(({ author }) => author.username === name)
  // Offline, nobody's status is known.
  return <StatusDot status={(chat.state.is === 'open' && peer?.status) || 'offline'} />
}
