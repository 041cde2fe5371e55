// What can be done with a room in the list.

import Check from '~icons/check'
import EyeOff from '~icons/eye-off'
import FolderPlus from '~icons/folder-plus'
import Star from '~icons/star'
import StarOff from '~icons/star-off'
import { attempt, useApp, useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { MenuItem, MenuSeparator, PopupMenu } from '../ui/menu.tsx'
import { Blank } from './blank.tsx'

interface MenuProps {
  readonly room: Room
  readonly anchor: HTMLElement
  readonly onClose: () => void
}

export default function ItemMenu({ room, anchor, onClose }: MenuProps) {
  const app = useApp()
  const words = useWords()
  const order = useObservable(app.chat.order)
  const { favourite, section } = order.placeOf(room.id)
  const place = (placing: Parameters<typeof order.place>[1]) =>
    void attempt(app, () => order.place(room.id, placing))
  const mark = (isChosen: boolean) => (isChosen ? Check : Blank)
  return (
    <PopupMenu anchor={anchor} onClose={onClose}>
      <MenuItem
        icon={favourite ? StarOff : Star}
        label={favourite ? words.sidebar.noFavourite : words.sidebar.favourite}
        onClick={() => place({ favourite: !favourite })}
      />
      <MenuSeparator />
      {order.sidebar.sections.length > 0 && (
        <MenuItem
          icon={mark(section === undefined)}
          label={words.sidebar.inNone}
          onClick={() => place({ section: null })}
        />
      )}
      {order.sidebar.sections.map(({ id, name }) => (
        <MenuItem
          key={id}
          icon={mark(section === id)}
          label={words.sidebar.into(name)}
          onClick={() => place({ section: id, favourite: false })}
        />
      ))}
      <MenuItem
        icon={FolderPlus}
        label={words.sidebar.newSection}
        onClick={() => app.route.open(`section/new/${room.id}`)}
      />
      {room.isDirect && (
        <>
          <MenuSeparator />
          <MenuItem
            icon={EyeOff}
            label={words.group.hide}
            onClick={() => {
              const hide = () => app.chat.api.do('PUT', `/rooms/${room.id}/hidden`)
              void attempt(app, hide).then(isDone => isDone && app.toasts.add(words.group.hidden))
            }}
          />
        </>
      )}
    </PopupMenu>
  )
}
