// The dialog that the hash names.

import type { Room } from '../model/room.ts'
import { lazyWithRetry } from '../ui/lazy.ts'
import { loadSwitcher } from '../ui/parts.ts'
import { EraseDialog, LeaveDialog } from './confirm.tsx'
import { DateDialog } from './date.tsx'
import { DoorsDialog } from './doors.tsx'
import { KeysDialog } from './keys.tsx'
import { LevelDialog } from './level.tsx'
import { DirectDialog, RoomsDialog } from './rooms.tsx'
import { TransferSessionDialog } from './transfer-session.tsx'
import './dialogs.css'

const SettingsDialog = lazyWithRetry(() => import('./settings/settings-dialog.tsx'))
const RoomDialog = lazyWithRetry(() => import('./room.tsx'))
const Viewer = lazyWithRetry(() => import('../files/viewer.tsx'))
const PollDialog = lazyWithRetry(() => import('./poll.tsx'))
const SectionDialog = lazyWithRetry(() => import('./section.tsx'))
const DisciplineDialog = lazyWithRetry(() => import('./discipline.tsx'))
const GroupDialog = lazyWithRetry(() => import('./group.tsx'))
const TeamsDialog = lazyWithRetry(() => import('./teams.tsx'))
const ReactionsDialog = lazyWithRetry(() => import('./reactions.tsx'))
const VersionsDialog = lazyWithRetry(() => import('./versions.tsx'))
const ReportDialog = lazyWithRetry(() => import('../rules/report-dialog.tsx'))
const WhenDialog = lazyWithRetry(() => import('../put-off/when.tsx'))
const PutOffDialog = lazyWithRetry(() => import('../put-off/put-off-dialog.tsx'))
const PeopleDialog = lazyWithRetry(() => import('./people/people-dialog.tsx'))

const Switcher = lazyWithRetry(loadSwitcher)

interface DialogProps {
  /** The dialog's name and its argument: erase/41. */
  readonly name: string
  readonly room: Room | undefined
}

export default function CurrentDialog({ name, room }: DialogProps) {
  const [kind, argument = '', detail = ''] = name.split('/')
  switch (kind) {
    case 'switch':
      return <Switcher current={room} />
    case 'rooms':
      return <RoomsDialog page={argument} />
    case 'direct':
      return <DirectDialog />
    case 'settings':
      return <SettingsDialog page={argument} />
    case 'people':
      return <PeopleDialog page={argument} />
    case 'teams':
      return <TeamsDialog name={argument} room={room} />
    case 'keys':
      return <KeysDialog />
    case 'move':
      return <TransferSessionDialog room={room} />
    case 'when':
      return <WhenDialog />
    case 'put-off':
      return <PutOffDialog />
    case 'section':
      return <SectionDialog which={argument} room={detail} />
    case 'leave':
      return room?.mayLeave ? <LeaveDialog id={room.id} /> : null
  }
  if (!room) return null
  switch (kind) {
    case 'room':
      return <RoomDialog room={room} />
    case 'ban':
    case 'mute':
      return <DisciplineDialog room={room} what={kind} username={argument} />
    case 'reactions':
      return <ReactionsDialog room={room} seq={Number(argument)} />
    case 'report':
      return /^\d+$/.test(argument) ? <ReportDialog room={room} seq={Number(argument)} /> : null
    case 'level':
      return <LevelDialog room={room} />
    case 'group':
      return room.isGroup ? <GroupDialog room={room} /> : null
    case 'versions':
      return /^\d+$/.test(argument) ? <VersionsDialog room={room} seq={Number(argument)} /> : null
    case 'poll':
      return <PollDialog room={room} />
    case 'date':
      return <DateDialog room={room} />
    case 'doors':
      return /^\d+$/.test(argument) ? <DoorsDialog room={room} seq={Number(argument)} /> : null
    case 'picture':
      return <Viewer room={room} seq={Number(argument)} file={detail} />
    case 'erase':
      return room.message(Number(argument)) ? <EraseDialog room={room} seq={Number(argument)} /> : null
  }
  return null
}
