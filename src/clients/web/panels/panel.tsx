// What stands beside the room; on a phone, over it.

import { type ReactNode, useEffect, useRef } from 'react'
import X from '~icons/x'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { giveFocus, useBefore } from '../parts/focus.ts'
import { Members } from './members.tsx'
import { Person } from './person.tsx'
import { Pins } from './pins.tsx'
import { SearchPanel } from './search.tsx'
import { Thread } from './thread.tsx'
import './panels.css'

interface PanelProps {
  readonly room: Room
  /** What it is, and what about: thread/41. */
  readonly named: string
}

export default function Panel({ room, named }: PanelProps) {
  const [what, ...rest] = named.split('/')
  const about = rest.join('/')
  if (what === 'thread') return <Thread key={about} room={room} seq={Number(about)} />
  if (what === 'members') return <Members room={room} />
  if (what === 'pins') return <Pins room={room} />
  if (what === 'person') return <Person key={about} username={about} />
  return <SearchPanel key={about} typed={about} />
}

/** @param ownFocus it has a box that takes the focus when it opens */
export function Frame({
  title,
  children,
  ownFocus,
}: {
  title: string
  children: ReactNode
  ownFocus?: true
}) {
  const { route } = useApp()
  const words = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  const { before, onFocus } = useBefore()
  useEffect(() => {
    if (!ownFocus) heading.current?.focus()
    return () => giveFocus(before.current)
  }, [ownFocus, before])
  return (
    <aside className="panel" aria-labelledby="panel-title" onFocus={onFocus}>
      <header>
        <h2 id="panel-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="icon" onClick={() => route.close()} aria-label={words.close}>
          <X size={20} />
        </button>
      </header>
      {children}
    </aside>
  )
}
