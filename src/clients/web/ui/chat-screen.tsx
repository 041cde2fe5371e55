// The page of somebody who is logged in: sidebar, room, panel and dialog.

import { useEffect, useRef } from 'react'
import { focusComposer, useApp, useObservable, useWords } from '../app.tsx'
import { FileDrop } from '../files/file-drop.tsx'
import { Printed } from '../messages/printed.tsx'
import { RoomView } from '../messages/room-view.tsx'
import type { Room } from '../model/room.ts'
import { pathOf } from '../model/route.ts'
import { Sidebar } from '../sidebar/sidebar.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { followLink, hasCode } from './invited.ts'
import { lazyWithRetry } from './lazy.ts'
import { loadDialog, loadPanel, whenIdle } from './parts.ts'
import { useShortcuts } from './shortcuts.ts'
import './chat-screen.css'

const Panel = lazyWithRetry(loadPanel)
const CurrentDialog = lazyWithRetry(loadDialog)
const NothingThere = lazyWithRetry(() => import('../messages/nothing-there.tsx'))
const ReminderCards = lazyWithRetry(() => import('../put-off/reminder-cards.tsx'))
const NotAMember = lazyWithRetry(() => import('../messages/not-a-member.tsx'))

export function ChatScreen() {
  const app = useApp()
  const { chat, route } = app
  const words = useWords()
  useObservable(chat)
  const { room: slug, panel, overlay, isUnknown } = useObservable(route).location
  const home = chat.rooms.values().next().value
  const room = useRoomOfPath(slug)
  useShortcuts(room)
  useEffect(keepFocusSoon, [])
  useEffect(() => {
    if (slug !== undefined || isUnknown || !home) return
    if (hasCode()) void followLink(app, home)
    else route.go(pathOf(home.slug) + location.hash, 'replace')
  }, [slug, isUnknown, home, route, app])
  const isMenu = overlay === 'menu'
  return (
    <div className={`chat${panel !== '' ? ' with-panel' : ''}${isMenu ? ' with-menu' : ''}`}>
      <button type="button" className="skip" onClick={() => focusComposer()}>
        {words.skip}
      </button>
      <Sidebar current={room} isDrawn={isMenu} />
      {isMenu && (
        <button
          type="button"
          className="sidebar-backdrop"
          aria-label={words.close}
          onClick={() => route.close()}
        />
      )}
      <ErrorBoundary>
        {isUnknown ? (
          <NothingThere fallback={<main className="room" />} />
        ) : room ? (
          <RoomView key={room.id} room={room} />
        ) : (
          <OtherRoom slug={slug} />
        )}
      </ErrorBoundary>
      <Reminders />
      {room && <Printed room={room} />}
      <FileDrop room={room} />
      {/* A dialog leaves the panel below it as it is. */}
      <ErrorBoundary key={`panel ${panel}`}>
        {room && panel !== '' && <Panel room={room} name={panel} />}
      </ErrorBoundary>
      <ErrorBoundary key={`dialog ${overlay.split('/', 1)[0]}`}>
        {overlay !== '' && !isMenu && <CurrentDialog name={overlay} room={room} />}
      </ErrorBoundary>
    </div>
  )
}

/** Of what one wanted to be reminded. */
function Reminders() {
  const { reminders } = useObservable(useApp().chat.putOff)
  return reminders.some(({ rung }) => rung) && <ReminderCards />
}

function OtherRoom({ slug }: { slug: string | undefined }) {
  return slug === undefined ? (
    <main className="room" />
  ) : (
    <NotAMember slug={slug} fallback={<main className="room" />} />
  )
}

/** The room that the path names. When it is renamed while it is open, the path follows. */
function useRoomOfPath(slug: string | undefined): Room | undefined {
  const { chat, route } = useApp()
  const last = useRef<{ slug: string; id: number }>(undefined)
  const named = chat.roomOf(slug)
  const room = named ?? (last.current?.slug === slug ? chat.rooms.get(last.current?.id ?? 0) : undefined)
  const id = room?.id
  const now = room?.slug
  useEffect(() => {
    if (slug !== undefined && id !== undefined) last.current = { slug, id }
    if (now !== undefined && slug !== undefined && now !== slug) {
      last.current = { slug: now, id: id ?? 0 }
      route.go(pathOf(now) + location.hash, 'replace')
    }
  }, [slug, id, now, route])
  return room
}

/** That part is loaded when the browser is idle. @returns what ends it */
function keepFocusSoon(): () => void {
  let end = () => {}
  let isGone = false
  whenIdle(() =>
    import('./focus-keeper.ts').then(
      ({ keepFocus }) => {
        if (!isGone) end = keepFocus()
      },
      () => {}, // offline, the page does without
    ),
  )
  return () => {
    isGone = true
    end()
  }
}
