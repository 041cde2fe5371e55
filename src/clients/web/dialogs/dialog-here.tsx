// What stands above the page, by its name in the path's hash.

import { lazy, Suspense } from 'react'
import type { Room } from '../model/room.ts'
import { DateDialog } from './date.tsx'
import { DoorsDialog } from './doors.tsx'
import { KeysDialog } from './keys.tsx'
import { LevelDialog } from './level.tsx'
import { MoveDialog } from './move.tsx'
import { DirectDialog, RoomsDialog } from './rooms.tsx'
import { EraseDialog, LeaveDialog } from './sure.tsx'
import './dialogs.css'

const SettingsDialog = lazy(() => import('./settings.tsx'))
const RoomDialog = lazy(() => import('./room.tsx'))
const PeopleDialog = lazy(() => import('./people.tsx'))

interface DialogProps {
  readonly what: string
  readonly about: string
  readonly room: Room | undefined
}

export default function DialogHere(props: DialogProps) {
  return (
    <Suspense>
      <Named {...props} />
    </Suspense>
  )
}

function Named({ what, about, room }: DialogProps) {
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
      return <LeaveDialog id={Number(about)} />
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
      return <DoorsDialog room={room} seq={Number(about)} />
    case 'erase':
      return <EraseDialog room={room} seq={Number(about)} />
  }
  return null
}
