// A popup menu beside the button that opens it.

import { Menu } from '@base-ui/react/menu'
import type { ComponentType, ReactNode } from 'react'
import { useReturnFocus } from './focus.ts'
import type { IconProps } from './icon.tsx'
import './menu.css'

interface MenuProps {
  readonly anchor: HTMLElement
  readonly children: ReactNode
  readonly onClose: () => void
}

export function PopupMenu({ anchor, children, onClose }: MenuProps) {
  const home = useReturnFocus(anchor)
  return (
    <Menu.Root open onOpenChange={open => open || onClose()} modal={false}>
      <Menu.Portal>
        <Menu.Positioner anchor={anchor} align="end" sideOffset={4} className="positioner">
          <Menu.Popup className="menu" finalFocus={home}>
            {children}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}

interface ItemProps {
  readonly icon: ComponentType<IconProps>
  readonly label: string
  readonly keys?: string
  readonly isDanger?: true
  readonly onClick: () => void
}

export function MenuItem({ icon: Icon, label, keys, isDanger, onClick }: ItemProps) {
  return (
    <Menu.Item className={`item${isDanger ? ' danger' : ''}`} onClick={onClick}>
      <Icon size={16} />
      <span>{label}</span>
      {keys !== undefined && <kbd>{keys}</kbd>}
    </Menu.Item>
  )
}

export function MenuSeparator() {
  return <Menu.Separator className="separator" />
}
