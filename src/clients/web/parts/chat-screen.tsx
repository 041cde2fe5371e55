// The whole page of who is in: rooms, the room, and what stands beside or above it.

import { lazy, Suspense, useEffect } from 'react'
import { useApp, useWatch, useWords } from '../app.tsx'
import { pathOf } from '../model/route.ts'
import { RoomView } from './room-view.tsx'
import { useShortcuts } from './shortcuts.ts'
import { Sidebar } from './sidebar.tsx'

const Panel = lazy(() => import('../panels/panel.tsx'))
const DialogHere = lazy(() => import('../dialogs/dialog-here.tsx'))
const Stranger = lazy(() => import('./stranger.tsx'))

/** What stands beside the room; all else stands above it. */
const PANELS = new Set(['thread', 'members', 'pins', 'search', 'person'])

export function ChatScreen() {
  const { chat, route } = useApp()
  const words = useWords()
  useWatch(chat)
  const { room: slug, beside } = useWatch(route).place
  const [what = '', ...about] = beside.split('/')
  const home = chat.rooms.values().next().value
  const room = chat.roomOf(slug)
  useShortcuts(room)
  useEffect(() => {
    if (slug === undefined && home) route.go(pathOf(home.slug) + location.hash, 'replace')
  }, [slug, home, route])
  const panel = PANELS.has(what)
  return (
    <div className={`chat${panel ? ' with-panel' : ''}${what === 'menu' ? ' with-menu' : ''}`}>
      <button type="button" className="skip" onClick={() => document.getElementById('composer')?.focus()}>
        {words.skip}
      </button>
      <Sidebar current={room} />
      {what === 'menu' && (
        <button type="button" className="veil" aria-label={words.close} onClick={() => route.beside('')} />
      )}
      {room ? <RoomView key={room.id} room={room} /> : <main className="room" />}
      <Suspense>
        {!room && slug !== undefined && <Stranger slug={slug} />}
        {room && panel && (
          <Panel key={`${what}/${about[0]}`} room={room} what={what} about={about.join('/')} />
        )}
        {what !== '' && what !== 'menu' && !panel && (
          <DialogHere what={what} about={about.join('/')} room={room} />
        )}
      </Suspense>
    </div>
  )
}
