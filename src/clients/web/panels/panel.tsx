// What stands beside the room; on a phone, over it.

import type { Room } from '../model/room.ts'
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
