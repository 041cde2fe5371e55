// What stands above the page, by its name in the path's hash.

import { Suspense } from 'react'
import type { Room } from '../model/room.ts'
import { late } from '../ui/lazy.ts'
import { EraseDialog, LeaveDialog } from './confirm.tsx'
import { DateDialog } from './date.tsx'
import { DoorsDialog } from './doors.tsx'
import { KeysDialog } from './keys.tsx'
import { LevelDialog } from './level.tsx'
import { DirectDialog, RoomsDialog } from './rooms.tsx'
import { MoveDialog } from './transfer-session.tsx'
import './dialogs.css'

const SettingsDialog = late(() => import('./settings.tsx'))
const RoomDialog = late(() => import('./room.tsx'))
const PeopleDialog = late(() => import('./people.tsx'))

interface DialogProps {
  /** What it is, and what about: erase/41. */
  readonly named: string
  readonly room: Room | undefined
}

export default function DialogHere(props: DialogProps) {
  return (
    <Suspense>
      <Named {...props} />
    </Suspense>
  )
}

function Named({ named, room }: DialogProps) {
  const [what, about = ''] = named.split('/')
  switch (what) {
    case 'rooms':
      return <RoomsDialog />
    case 'direct':
      return <DirectDialog />
    case 'settings':
      return <SettingsDialog page={about} />
    case 'people':
      return <PeopleDialog page={about} />
    case 'keys':
      return <KeysDialog />
    case 'move':
      return <MoveDialog room={room} />
    case 'leave':
      return room?.mayLeave ? <LeaveDialog id={room.id} /> : null
  }
  if (!room) return null
  switch (what) {
    case 'room':
      return <RoomDialog room={room} />
    case 'level':
      return <LevelDialog room={room} />
    case 'date':
      return <DateDialog room={room} />
    case 'doors':
      return /^\d+$/.test(about) ? <DoorsDialog room={room} seq={Number(about)} /> : null
    case 'erase':
      return room.timeline.message(Number(about)) ? <EraseDialog room={room} seq={Number(about)} /> : null
  }
  return null
}
