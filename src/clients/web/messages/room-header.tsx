import { useState } from 'react'
import AtSign from '~icons/at-sign'
import Bell from '~icons/bell'
import BellOff from '~icons/bell-off'
import CalendarDays from '~icons/calendar-days'
import Compass from '~icons/compass'
import EllipsisVertical from '~icons/ellipsis-vertical'
import Hash from '~icons/hash'
import Images from '~icons/images'
import Lock from '~icons/lock'
import Megaphone from '~icons/megaphone'
import Menu from '~icons/menu'
import Phone from '~icons/phone'
import Pin from '~icons/pin'
import Users from '~icons/users'
import { useApp, useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { unreadTotals } from '../model/unread-totals.ts'
import { RoomIcon } from '../ui/avatar.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import './room-header.css'

const RoomMenu = lazyWithRetry(() => import('./room-menu.tsx'))
const ICONS = { open: Hash, closed: Lock, announcement: Megaphone, direct: AtSign }

export function RoomHeader({ room }: { room: Room }) {
  const { route, chat } = useApp()
  const words = useWords()
  const [menu, setMenu] = useState<HTMLElement>()
  const { mentions } = unreadTotals(useObservable(chat))
  const { name, topic, kind, level, archived, call } = useObservable(room).listing
  const Icon = ICONS[kind]
  return (
    <header className="room-header">
      <button type="button" className="icon only-small" onClick={() => route.open('menu')}>
        <Menu size={20} />
        <span className="visually-hidden">{words.room.menu}</span>
        {mentions > 0 && (
          <span className="badge corner">
            {Math.min(mentions, 99)}
            <span className="visually-hidden"> {words.sidebar.mentions}</span>
          </span>
        )}
      </button>
      <div className="title">
        <h1 id="room-title">
          {room.isDirect ? (
            <Icon size={18} />
          ) : (
            <RoomIcon id={room.id} size={24}>
              <Icon size={18} />
            </RoomIcon>
          )}
          <bdi>{name}</bdi>
          {archived && <span className="tag">{words.room.archived}</span>}
        </h1>
        {(topic !== '' || kind === 'announcement') && (
          <p className="quiet" title={topic} dir="auto">
            {kind === 'announcement' && <span className="tag">{words.room.announcement}</span>}
            {topic}
          </p>
        )}
      </div>
      <IconButton
        icon={Compass}
        size={20}
        label={words.switcher.title}
        onClick={() => route.open('switch')}
        className="only-small"
      />
      {call && (
        <a
          className="call"
          href={call}
          target="_blank"
          rel="noopener noreferrer"
          title={words.text.externalLink}
        >
          <Phone size={18} />
          <span>{words.room.call}</span>
        </a>
      )}
      {(!room.isDirect || room.isGroup) && (
        <IconButton icon={Users} size={20} label={words.room.members} onClick={() => route.open('members')} />
      )}
      <IconButton
        icon={Images}
        size={20}
        label={words.room.files}
        onClick={() => route.open('files')}
        className="only-large"
      />
      <IconButton
        icon={Pin}
        size={20}
        label={words.room.pins}
        onClick={() => route.open('pins')}
        className="only-large"
      />
      <IconButton
        icon={CalendarDays}
        size={20}
        label={words.room.jump}
        onClick={() => route.open('date')}
        className="only-large"
      />
      <IconButton
        icon={level === 'everything' ? Bell : BellOff}
        size={20}
        label={words.room.level}
        onClick={() => route.open('level')}
        className="only-large"
      />
      <IconButton
        icon={EllipsisVertical}
        size={20}
        label={words.room.more}
        onClick={event => setMenu(event.currentTarget)}
        aria-haspopup="menu"
      />
      <ErrorBoundary>
        {menu && <RoomMenu room={room} anchor={menu} onClose={() => setMenu(undefined)} />}
      </ErrorBoundary>
    </header>
  )
}
