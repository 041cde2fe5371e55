// What can be done with a section of the list of rooms.

import ArrowDown from '~icons/arrow-down'
import ArrowUp from '~icons/arrow-up'
import Pencil from '~icons/pencil'
import Trash from '~icons/trash'
import type { Sidebar } from '../../../wire/keeping-schemas.ts'
import { attempt, useApp, useWords } from '../app.tsx'
import { MenuItem, MenuSeparator, PopupMenu } from '../ui/menu.tsx'

interface MenuProps {
  readonly section: Sidebar['sections'][number]
  readonly anchor: HTMLElement
  readonly onClose: () => void
}

export default function SectionMenu({ section: { id }, anchor, onClose }: MenuProps) {
  const app = useApp()
  const words = useWords()
  const { order } = app.chat
  const at = order.sidebar.sections.findIndex(each => each.id === id)
  return (
    <PopupMenu anchor={anchor} onClose={onClose}>
      <MenuItem icon={Pencil} label={words.sidebar.rename} onClick={() => app.route.open(`section/${id}`)} />
      {at > 0 && (
        <MenuItem
          icon={ArrowUp}
          label={words.sidebar.moveUp}
          onClick={() => void attempt(app, () => order.move(id, -1))}
        />
      )}
      {at < order.sidebar.sections.length - 1 && (
        <MenuItem
          icon={ArrowDown}
          label={words.sidebar.moveDown}
          onClick={() => void attempt(app, () => order.move(id, 1))}
        />
      )}
      <MenuSeparator />
      <MenuItem
        icon={Trash}
        label={words.sidebar.removeSection}
        isDanger
        onClick={() => void attempt(app, () => order.remove(id))}
      />
    </PopupMenu>
  )
}
