// One's rooms and direct conversations, with their unread counts.

import { useEffect, useRef } from 'react'
import Bookmark from '~icons/bookmark'
import Compass from '~icons/compass'
import MessageSquarePlus from '~icons/message-square-plus'
import Plus from '~icons/plus'
import Search from '~icons/search'
import Cog from '~icons/settings'
import Users from '~icons/users'
import { useApp, useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import type { RoomGroup } from '../model/room-order.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import { Item } from './item.tsx'
import { RoomInvitations } from './room-invitations.tsx'
import { OwnSection, Section } from './section.tsx'
import './sidebar.css'

const ThreadsLink = lazyWithRetry(() => import('./threads-link.tsx'))
const ReportsLink = lazyWithRetry(() => import('../rules/reports-link.tsx'))

/** @param isDrawn on a phone: it is open, over the room */
export function Sidebar({ current, isDrawn }: { current: Room | undefined; isDrawn: boolean }) {
  const { chat, route } = useApp()
  const words = useWords()
  useObservable(chat)
  useObservable(chat.order)
  const { open, reviewed } = useObservable(chat.reports)
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
          icon={Compass}
          size={18}
          label={words.switcher.title}
          onClick={() => route.open('switch')}
          title={`${words.switcher.title} (Ctrl K)`}
        />
        <IconButton
          icon={Bookmark}
          size={18}
          label={words.savedMessages.title}
          onClick={() => route.open('saved')}
        />
        <IconButton
          icon={Search}
          size={18}
          label={words.sidebar.search}
          onClick={() => route.open('search')}
          title={`${words.sidebar.search} (${words.keys.search})`}
        />
      </header>
      <div className="rooms">
        <RoomInvitations />
        {chat.threads.current ? (
          <ThreadsLink fallback={<span className="room" />} />
        ) : (
          <span className="room" />
        )}
        {open + reviewed > 0 && <ReportsLink />}
        {chat.order.groups(shared, direct).map(group => (
          <Group key={group.is === 'section' ? group.section.id : group.is} group={group} current={current} />
        ))}
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

function Group({ group, current }: { group: RoomGroup; current: Room | undefined }) {
  const { route, chat } = useApp()
  const words = useWords()
  const items = group.rooms.map(room => (
    <Item key={room.id} room={room} isCurrent={room === current} version={room.version} />
  ))
  switch (group.is) {
    case 'section':
      return <OwnSection group={group}>{items}</OwnSection>
    case 'favourites':
      return (
        <Section title={<h2>{words.sidebar.favourites}</h2>} placing={{ favourite: true }}>
          <ul>{items}</ul>
        </Section>
      )
    case 'rooms':
      return (
        <Section
          title={<h2>{words.sidebar.rooms}</h2>}
          placing={{ favourite: false, section: null }}
          action={
            <IconButton
              icon={Plus}
              size={16}
              label={words.sidebar.findRooms}
              onClick={() => route.open('rooms')}
            />
          }
        >
          <ul>{items}</ul>
        </Section>
      )
    case 'direct':
      return (
        <Section
          title={<h2>{words.sidebar.direct}</h2>}
          placing={{ favourite: false, section: null }}
          {...(chat.settings.privateMessages !== 'off' && {
            action: (
              <IconButton
                icon={MessageSquarePlus}
                size={16}
                label={words.sidebar.newDirect}
                onClick={() => route.open('direct')}
              />
            ),
          })}
        >
          <ul>
            {items}
            {items.length === 0 && <li className="quiet empty">{words.sidebar.noDirect}</li>}
          </ul>
        </Section>
      )
  }
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
