import AtSign from '~icons/at-sign'
import Hash from '~icons/hash'
import Lock from '~icons/lock'
import Megaphone from '~icons/megaphone'
import Search from '~icons/search'
import Users from '~icons/users'
import { useWords } from '../app.tsx'
import type { SearchHit } from '../model/api.ts'
import type { Destination } from '../model/destinations.ts'
import { excerpt } from '../model/excerpt.ts'
import { MOST_COUNTED } from '../model/room.ts'
import { shortDay } from '../model/times.ts'
import { Avatar, RoomIcon } from '../ui/avatar.tsx'
import { useLocale } from '../ui/locale.ts'

export type Choice =
  | { readonly group: 'rooms' | 'people' | 'others'; readonly key: string; readonly place: Destination }
  | { readonly group: 'messages'; readonly key: string; readonly hit: SearchHit }
  | { readonly group: 'search'; readonly key: string; readonly typed: string }

interface RowProps {
  readonly id: string
  readonly choice: Choice
  /** The first one of its group, above which the group's name stands. */
  readonly isGroupStart: boolean
  readonly isSelected: boolean
  readonly onGo: () => void
}

export function ChoiceRow({ id, choice, isGroupStart, isSelected, onGo }: RowProps) {
  const words = useWords()
  return (
    <>
      {isGroupStart && choice.group !== 'search' && (
        <div className="group-name quiet" role="presentation">
          {words.switcher.groups[choice.group]}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the box */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={isSelected}
        className="place"
        onPointerDown={event => event.preventDefault()}
        onClick={onGo}
      >
        {choice.group === 'messages' ? (
          <FoundMessage hit={choice.hit} />
        ) : choice.group === 'search' ? (
          <SearchAll typed={choice.typed} />
        ) : (
          <Place place={choice.place} />
        )}
      </div>
    </>
  )
}

const ICONS = { open: Hash, closed: Lock, announcement: Megaphone, direct: AtSign }

function Place({ place }: { place: Destination }) {
  const words = useWords()
  if (place.kind === 'person') {
    const { person } = place.member
    return (
      <>
        <Avatar id={person.id} username={person.username} size={24} />
        <bdi className="name">{person.username}</bdi>
        <small className="quiet">
          <bdi>{person.name}</bdi>
        </small>
      </>
    )
  }
  const { id } = place.room
  if (place.kind === 'join') {
    return (
      <>
        <RoomIcon id={id} size={24}>
          <Hash size={16} />
        </RoomIcon>
        <bdi className="name">{place.name}</bdi>
        <small className="quiet">{words.switcher.join}</small>
      </>
    )
  }
  const { unread, archived, topic } = place.room.listing
  const Icon = place.name.includes(', ') ? Users : ICONS[place.room.listing.kind]
  return (
    <>
      <RoomIcon id={id} size={24}>
        <Icon size={16} />
      </RoomIcon>
      <bdi className={unread > 0 ? 'name new' : 'name'}>{place.name}</bdi>
      <small className="quiet">{archived ? words.room.archived : <bdi>{topic}</bdi>}</small>
      {unread > 0 && (
        <span className="badge">
          {unread >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : unread}
          <span className="visually-hidden"> {words.sidebar.unread}</span>
        </span>
      )}
    </>
  )
}

function FoundMessage({ hit: { message, room } }: { hit: SearchHit }) {
  const locale = useLocale()
  const where = room.kind === 'direct' ? room.name : `#${room.name}`
  return (
    <>
      <Avatar {...message.author} size={24} />
      <span className="name excerpt" dir="auto">
        {excerpt(message)}
      </span>
      <small className="quiet">
        <bdi>{where}</bdi> · {shortDay(locale, message.at)}
      </small>
    </>
  )
}

function SearchAll({ typed }: { typed: string }) {
  const words = useWords()
  return (
    <>
      <span className="room-icon s24">
        <Search size={16} />
      </span>
      <span className="name">{words.switcher.all(typed.trim())}</span>
    </>
  )
}
