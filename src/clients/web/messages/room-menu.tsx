// All that can be done with a room.

import Bell from '~icons/bell'
import CalendarDays from '~icons/calendar-days'
import CheckCheck from '~icons/check-check'
import LogOut from '~icons/log-out'
import Pin from '~icons/pin'
import Search from '~icons/search'
import Settings from '~icons/settings'
import Users from '~icons/users'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { Item, MenuBeside, Separator } from '../ui/menu.tsx'

interface MenuProps {
  readonly room: Room
  readonly anchor: HTMLElement
  readonly onClose: () => void
}

export default function RoomMenu({ room, anchor, onClose }: MenuProps) {
  const { chat, route } = useApp()
  const words = useWords()
  const here = room.isDirect ? 'search' : `search/${words.search.in}:${room.listing.name} `
  return (
    <MenuBeside anchor={anchor} onClose={onClose}>
      <Item icon={CheckCheck} label={words.room.allRead} onClick={() => chat.seen(room, room.heard)} />
      <Item icon={Search} label={words.room.searchHere} onClick={() => route.open(here)} />
      {!room.isDirect && (
        <Item icon={Users} label={words.room.members} onClick={() => route.open('members')} />
      )}
      <Item icon={Pin} label={words.room.pins} onClick={() => route.open('pins')} />
      <Item icon={CalendarDays} label={words.room.jump} onClick={() => route.open('date')} />
      <Item icon={Bell} label={words.room.level} onClick={() => route.open('level')} />
      {room.mayModerate && !room.isDirect && (
        <Item icon={Settings} label={words.room.settings} onClick={() => route.open('room')} />
      )}
      {room.mayLeave && (
        <>
          <Separator />
          <Item
            icon={LogOut}
            label={room.isDirect ? words.leave.yesDirect : words.room.leave}
            isDanger
            onClick={() => route.open(`leave/${room.id}`)}
          />
        </>
      )}
    </MenuBeside>
  )
}
