// All that can be done with a room.

import { Menu } from '@base-ui/react/menu'
import { Bell, CalendarDays, CheckCheck, LogOut, Pin, Search, Settings, Users } from 'lucide-react'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { useHome } from './focus.ts'
import { Item } from './message-menu.tsx'

interface MenuProps {
  readonly room: Room
  readonly anchor: HTMLElement
  readonly onClose: () => void
}

export default function RoomMenu({ room, anchor, onClose }: MenuProps) {
  const { chat, route } = useApp()
  const words = useWords()
  const home = useHome(anchor)
  const mayLeave = !room.isDirect && room.id !== 1
  return (
    <Menu.Root open onOpenChange={open => open || onClose()} modal={false}>
      <Menu.Portal>
        <Menu.Positioner anchor={anchor} align="end" sideOffset={4} className="positioner">
          <Menu.Popup className="menu" finalFocus={home}>
            <Item icon={CheckCheck} label={words.room.allRead} onClick={() => chat.seen(room, room.heard)} />
            <Item
              icon={Search}
              label={words.room.searchHere}
              onClick={() =>
                route.open(room.isDirect ? 'search' : `search/${words.search.in}:${room.listing.name} `)
              }
            />
            {!room.isDirect && (
              <Item icon={Users} label={words.room.members} onClick={() => route.open('members')} />
            )}
            <Item icon={Pin} label={words.room.pins} onClick={() => route.open('pins')} />
            <Item icon={CalendarDays} label={words.room.jump} onClick={() => route.open('date')} />
            <Item icon={Bell} label={words.room.level} onClick={() => route.open('level')} />
            {room.mayModerate && !room.isDirect && (
              <Item icon={Settings} label={words.room.settings} onClick={() => route.open('room')} />
            )}
            {mayLeave && (
              <>
                <Menu.Separator className="separator" />
                <Item
                  icon={LogOut}
                  label={words.room.leave}
                  isDanger
                  onClick={() => route.open(`leave/${room.id}`)}
                />
              </>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
