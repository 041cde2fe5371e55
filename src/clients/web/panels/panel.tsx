// The panel that the hash names, beside the room; on a phone, over it.

import type { Room } from '../model/room.ts'
import { lazyWithRetry } from '../ui/lazy.ts'
import { Files } from './files.tsx'
import { Members } from './members.tsx'
import { Person } from './person.tsx'
import { Pins } from './pins.tsx'
import { SavedMessages } from './saved.tsx'
import { SearchPanel } from './search.tsx'
import { Thread } from './thread.tsx'
import './panels.css'

const Threads = lazyWithRetry(() => import('./threads.tsx'))
const Banned = lazyWithRetry(() => import('./banned.tsx'))
const Reports = lazyWithRetry(() => import('../rules/reports.tsx'))
const RoomLog = lazyWithRetry(() => import('./log.tsx'))

interface PanelProps {
  readonly room: Room
  /** The panel's name and its argument: thread/41. */
  readonly name: string
}

export default function Panel({ room, name }: PanelProps) {
  const [kind, ...rest] = name.split('/')
  const argument = rest.join('/')
  if (kind === 'thread') return <Thread key={argument} room={room} seq={Number(argument)} />
  if (kind === 'threads') return <Threads />
  if (kind === 'members') return <Members room={room} />
  if (kind === 'files') return <Files room={room} />
  if (kind === 'pins') return <Pins room={room} />
  if (kind === 'log') return <RoomLog room={room} />
  if (kind === 'saved') return <SavedMessages />
  if (kind === 'banned') return <Banned room={room} />
  if (kind === 'reports') return <Reports />
  if (kind === 'person') return <Person key={argument} username={argument} />
  return <SearchPanel key={argument} typed={argument} />
}
