// The menu with all actions on a room.

import Bell from '~icons/bell'
import CalendarDays from '~icons/calendar-days'
import CheckCheck from '~icons/check-check'
import Flag from '~icons/flag'
import Images from '~icons/images'
import LogOut from '~icons/log-out'
import Pencil from '~icons/pencil'
import Pin from '~icons/pin'
import ScrollText from '~icons/scroll-text'
import Search from '~icons/search'
import Settings from '~icons/settings'
import Users from '~icons/users'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { MenuItem, MenuSeparator, PopupMenu } from '../ui/menu.tsx'

interface MenuProps {
  readonly room: Room
  readonly anchor: HTMLElement
  readonly onClose: () => void
}

export default function RoomMenu({ room, anchor, onClose }: MenuProps) {
  const { chat, route } = useApp()
  const words = useWords()
  const query = room.isDirect ? 'search' : `search/${words.search.in}:${room.listing.name} `
  return (
    <PopupMenu anchor={anchor} onClose={onClose}>
      <MenuItem icon={CheckCheck} label={words.room.allRead} onClick={() => chat.readMarks.all(room)} />
      <MenuItem icon={Search} label={words.room.searchHere} onClick={() => route.open(query)} />
      {room.isGroup && (
        <MenuItem icon={Pencil} label={words.group.name} onClick={() => route.open('group')} />
      )}
      {(!room.isDirect || room.isGroup) && (
        <MenuItem icon={Users} label={words.room.members} onClick={() => route.open('members')} />
      )}
      <MenuItem icon={Images} label={words.room.files} onClick={() => route.open('files')} />
      <MenuItem icon={Pin} label={words.room.pins} onClick={() => route.open('pins')} />
      <MenuItem icon={CalendarDays} label={words.room.jump} onClick={() => route.open('date')} />
      <MenuItem icon={Bell} label={words.room.level} onClick={() => route.open('level')} />
      {room.mayModerate && !room.isDirect && (
        <MenuItem icon={ScrollText} label={words.room.log} onClick={() => route.open('log')} />
      )}
      {room.mayModerate && !room.isDirect && (
        <MenuItem icon={Flag} label={words.room.reports} onClick={() => route.open('reports')} />
      )}
      {room.mayModerate && !room.isDirect && (
        <MenuItem icon={Settings} label={words.room.settings} onClick={() => route.open('room')} />
      )}
      {room.mayLeave && (
        <>
          <MenuSeparator />
          <MenuItem
            icon={LogOut}
            label={room.isDirect ? words.leave.yesDirect : words.room.leave}
            isDanger
            onClick={() => route.open(`leave/${room.id}`)}
          />
        </>
      )}
    </PopupMenu>
  )
}
