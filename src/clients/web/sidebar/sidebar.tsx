// One's rooms and direct conversations, with their unread counts.

import { memo, useEffect, useRef } from 'react'
import Hash from '~icons/hash'
import Lock from '~icons/lock'
import Megaphone from '~icons/megaphone'
import MessageSquarePlus from '~icons/message-square-plus'
import Plus from '~icons/plus'
import Search from '~icons/search'
import Cog from '~icons/settings'
import Users from '~icons/users'
import { openRoom, useApp, useObservable, useWords } from '../app.tsx'
import { MOST_COUNTED, type Room } from '../model/room.ts'
import { Avatar, RoomIcon } from '../ui/avatar.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { StatusDot } from '../ui/status-dot.tsx'
import { RoomInvitations } from './room-invitations.tsx'
import './sidebar.css'

const ICONS = { open: Hash, closed: Lock, announcement: Megaphone }

/** @param isDrawn on a phone: it is open, over the room */
export function Sidebar({ current, isDrawn }: { current: Room | undefined; isDrawn: boolean }) {
  const { chat, route } = useApp()
  const words = useWords()
  useObservable(chat)
  const nav = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!isDrawn) return
    const before = document.activeElement
    const current = nav.current?.querySelector<HTMLElement>('[aria-current]')
    const first = current ?? nav.current?.querySelector<HTMLElement>('a, button')
    first?.focus()
    return () => {
      if (before instanceof HTMLElement && nav.current?.contains(document.activeElement)) before.focus()
    }
  }, [isDrawn])
  const rooms = [...chat.rooms.values()].filter(({ hidden, listing }) => !hidden && !listing.archived)
  const shared = rooms.filter(room => !room.isDirect).sort(byName)
  const direct = rooms.filter(room => room.isDirect).sort(byNewest)
  return (
    <nav ref={nav} className="sidebar" aria-label={words.sidebar.label}>
      <header>
        <img src="/icon.svg" width="24" height="24" alt="" />
        <strong>Tertulia</strong>
        <IconButton
          icon={Search}
          size={18}
          label={words.sidebar.search}
          onClick={() => route.open('search')}
          title={`${words.sidebar.search} (Ctrl K)`}
        />
      </header>
      <div className="rooms">
        <RoomInvitations />
        <Section
          title={words.sidebar.rooms}
          add={words.sidebar.findRooms}
          onAdd={() => route.open('rooms')}
          icon="rooms"
        >
          {shared.map(room => (
            <Item key={room.id} room={room} isCurrent={room === current} version={room.version} />
          ))}
        </Section>
        <Section
          title={words.sidebar.direct}
          add={words.sidebar.newDirect}
          onAdd={() => route.open('direct')}
          icon="direct"
        >
          {direct.map(room => (
            <Item key={room.id} room={room} isCurrent={room === current} version={room.version} />
          ))}
          {direct.length === 0 && <li className="quiet empty">{words.sidebar.noDirect}</li>}
        </Section>
      </div>
      <OwnAccount />
    </nav>
  )
}

function byName(a: Room, b: Room): number {
  return Number(b.id === 1) - Number(a.id === 1) || a.listing.name.localeCompare(b.listing.name)
}

function byNewest(a: Room, b: Room): number {
  const waits = (room: Room) => Number(room.listing.unread > 0)
  return b.lastEventAt - a.lastEventAt || waits(b) - waits(a) || b.id - a.id
}

interface SectionProps {
  readonly title: string
  readonly add: string
  readonly icon: 'rooms' | 'direct'
  readonly onAdd: () => void
  readonly children: React.ReactNode
}

function Section({ title, add, icon, onAdd, children }: SectionProps) {
  const Icon = icon === 'rooms' ? Plus : MessageSquarePlus
  return (
    <section>
      <header>
        <h2>{title}</h2>
        <IconButton icon={Icon} size={16} label={add} onClick={onAdd} />
      </header>
      <ul>{children}</ul>
    </section>
  )
}

/** @param version the room's, which renders it again */
const Item = memo(function Item(props: { room: Room; isCurrent: boolean; version: number }) {
  const { room, isCurrent } = props
  const app = useApp()
  const words = useWords()
  const { name, kind, unread, mentions, level } = room.listing
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (isCurrent) link.current?.scrollIntoView({ block: 'nearest' })
  }, [isCurrent])
  const calling = room.isDirect ? unread : mentions
  const isNew = unread > 0 && !room.isQuiet
  const Icon = kind === 'direct' ? undefined : ICONS[kind]
  return (
    <li>
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
        {calling > 0 && !room.isQuiet && (
          <span className="badge">
            {calling >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : calling}
            <span className="visually-hidden">
              {' '}
              {room.isDirect ? words.sidebar.unread : words.sidebar.mentions}
            </span>
          </span>
        )}
        {calling === 0 && isNew && <span className="visually-hidden"> {words.sidebar.hasNew}</span>}
      </a>
    </li>
  )
})

/** The status of the other person, or an icon for several. */
function DirectPeer({ room }: { room: Room }) {
  const { chat } = useApp()
  useObservable(chat)
  const names = room.listing.name.split(', ')
  const [name = ''] = names
  if (names.length > 1) return <Users size={16} />
  const peer = [...chat.presence.people.values()].find(({ author }) => author.username === name)
  // Offline, nobody's status is known.
  return <StatusDot status={(chat.state.is === 'open' && peer?.status) || 'offline'} />
}

function OwnAccount() {
  const { chat, route } = useApp()
  const words = useWords()
  const { person } = chat
  if (!person) return null
  return (
    <footer>
      <button type="button" className="own-account" onClick={() => route.open('settings/profile')}>
        <Avatar id={person.id} username={person.username} size={28} />
        <span>
          <bdi>{person.username}</bdi>
          <small className="quiet">
            {chat.state.is === 'open' ? person.status || words.statuses.online : words.offline}
          </small>
        </span>
      </button>
      {chat.isAdmin && (
        <IconButton icon={Users} size={18} label={words.sidebar.admin} onClick={() => route.open('people')} />
      )}
      <IconButton icon={Cog} size={18} label={words.settings.title} onClick={() => route.open('settings')} />
    </footer>
  )
}
