// A part of the list of rooms, with a title. Rooms can be dropped on it.

import { type DragEvent, type ReactNode, useState } from 'react'
import ChevronDown from '~icons/chevron-down'
import ChevronRight from '~icons/chevron-right'
import Ellipsis from '~icons/ellipsis-vertical'
import { attempt, useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import type { Placing, RoomGroup } from '../model/room-order.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import { Badge, DRAGGED_ROOM } from './item.tsx'

const SectionMenu = lazyWithRetry(() => import('./section-menu.tsx'))
/** The type of what is dragged: the number of a section. */
const DRAGGED_SECTION = 'application/x-tertulia-section'

interface SectionProps {
  readonly title: ReactNode
  readonly action?: ReactNode
  /** Where a room comes to stand that is dropped on it. */
  readonly placing: Placing
  /** The section, if it is one of the person's. */
  readonly own?: number
  readonly children: ReactNode
}

export function Section({ title, action, placing, own, children }: SectionProps) {
  const app = useApp()
  const [isOver, setOver] = useState(false)
  const { order } = app.chat
  const drop = (event: DragEvent) => {
    setOver(false)
    const room = Number(event.dataTransfer.getData(DRAGGED_ROOM))
    const section = Number(event.dataTransfer.getData(DRAGGED_SECTION))
    if (room > 0) void attempt(app, () => order.place(room, placing))
    else if (section > 0 && own !== undefined) void attempt(app, () => order.moveBefore(section, own))
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the menus of rooms and sections do the same by the keyboard
    <section
      className={isOver ? 'dropping' : undefined}
      onDragOver={event => {
        const { types } = event.dataTransfer
        if (!types.includes(DRAGGED_ROOM) && !(own !== undefined && types.includes(DRAGGED_SECTION))) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={event => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={drop}
    >
      <header>
        {title}
        {action}
      </header>
      {children}
    </section>
  )
}

/** A section of the person's own, which they fold and open. Folded, its title has the counts of its rooms. */
export function OwnSection({
  group,
  children,
}: {
  group: Extract<RoomGroup, { is: 'section' }>
  children: ReactNode
}) {
  const app = useApp()
  const words = useWords()
  const [menu, setMenu] = useState<HTMLElement>()
  const { id, name, folded } = group.section
  const Chevron = folded ? ChevronRight : ChevronDown
  const { calling, isNew } = countsOf(group.rooms)
  return (
    <Section
      own={id}
      placing={{ section: id, favourite: false }}
      title={
        <h2>
          <button
            type="button"
            className="fold plain"
            draggable
            aria-expanded={!folded}
            onClick={() => void attempt(app, () => app.chat.order.change(id, { folded: !folded }))}
            onContextMenu={event => {
              event.preventDefault()
              setMenu(event.currentTarget)
            }}
            onDragStart={event => event.dataTransfer.setData(DRAGGED_SECTION, String(id))}
          >
            <Chevron size={14} />
            <bdi className={folded && isNew ? 'new' : undefined}>{name}</bdi>
            {folded && calling > 0 && <Badge count={calling}>{words.sidebar.unread}</Badge>}
            {folded && calling === 0 && isNew && (
              <span className="visually-hidden"> {words.sidebar.hasNew}</span>
            )}
          </button>
        </h2>
      }
      action={
        <>
          <IconButton
            icon={Ellipsis}
            size={16}
            label={words.sidebar.more(name)}
            aria-haspopup="menu"
            onClick={({ currentTarget }) => setMenu(currentTarget)}
          />
          <ErrorBoundary>
            {menu && <SectionMenu section={group.section} anchor={menu} onClose={() => setMenu(undefined)} />}
          </ErrorBoundary>
        </>
      }
    >
      {!folded && <ul>{children}</ul>}
    </Section>
  )
}

/** What calls one in these rooms: mentions, and every message of a conversation. */
function countsOf(rooms: readonly Room[]): { calling: number; isNew: boolean } {
  let calling = 0
  let isNew = false
  for (const { isQuiet, isDirect, listing } of rooms) {
    if (isQuiet) continue
    calling += isDirect ? listing.unread : listing.mentions
    isNew ||= listing.unread > 0
  }
  return { calling, isNew }
}
