// Keys that work anywhere on the page.

import { useEffect } from 'react'
import { focusComposer, openRoom, useApp } from '../app.tsx'
import type { Room } from '../model/room.ts'

export function useShortcuts(room: Room | undefined): void {
  const app = useApp()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actionFor(event)
      if (!action || event.defaultPrevented) return
      event.preventDefault()
      ACTIONS[action](app, room)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [app, room])
}

type Action =
  | 'switch'
  | 'search'
  | 'attach'
  | 'keys'
  | 'up'
  | 'down'
  | 'nextUnread'
  | 'close'
  | 'read'
  | 'write'
type App = ReturnType<typeof useApp>

function actionFor(event: KeyboardEvent): Action | undefined {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event
  if ((ctrlKey || metaKey) && !shiftKey && key.toLowerCase() === 'k') return 'switch'
  if ((ctrlKey || metaKey) && shiftKey && key.toLowerCase() === 'f') return 'search'
  if ((ctrlKey || metaKey) && !shiftKey && key.toLowerCase() === 'u') return 'attach'
  if (altKey && key === 'ArrowUp') return shiftKey ? 'nextUnread' : 'up'
  if (altKey && key === 'ArrowDown') return shiftKey ? 'nextUnread' : 'down'
  const typing =
    event.target instanceof Element && event.target.closest('input, textarea, select, [role="dialog"]')
  if (key === 'Escape' && !document.querySelector('[role="dialog"], [role="menu"]')) {
    const isInPanel = event.target instanceof Element && event.target.closest('.panel') !== null
    return typing && !isInPanel ? 'read' : 'close'
  }
  if (typing || ctrlKey || metaKey || altKey) return undefined
  if (key === '?') return 'keys'
  return key === 'Enter' && document.activeElement === document.body ? 'write' : undefined
}

const ACTIONS: Record<Action, (app: App, room: Room | undefined) => void> = {
  switch: ({ route }) => openAway(route, 'switch'),
  search: ({ route }) => openAway(route, 'search'),
  attach: () => document.getElementById('attach')?.click(),
  keys: ({ route }) => route.open('keys'),
  up: (app, room) => step(app, room, -1),
  down: (app, room) => step(app, room, 1),
  nextUnread(app, room) {
    const waiting = listedRooms().find(each => each.slug !== room?.slug && each.isNew)
    const found = app.chat.roomOf(waiting?.slug)
    if (found) openRoom(app, found)
  },
  close: ({ route }, room) => {
    if (route.location.panel !== '') route.close()
    else if (room) toNewest(room)
  },
  read: () => focusLast(),
  write: () => focusComposer(),
}

/** Whatever is typed until it is open must not go into the composer. */
function openAway(route: App['route'], what: string): void {
  const { activeElement } = document
  if (activeElement instanceof HTMLTextAreaElement) activeElement.blur()
  route.open(what)
}

function toNewest(room: Room): void {
  void room.timeline.go({ to: 'newest' })
}

/** The rooms in the order of the sidebar. */
function listedRooms(): { slug: string; isNew: boolean }[] {
  return [...document.querySelectorAll<HTMLAnchorElement>('.sidebar a.room')].map(link => ({
    slug: decodeURIComponent(link.pathname.split('/')[2] ?? ''),
    isNew: link.classList.contains('new'),
  }))
}

function step(app: App, room: Room | undefined, by: number): void {
  const rooms = listedRooms()
  const at = rooms.findIndex(({ slug }) => slug === room?.slug)
  const next = app.chat.roomOf(rooms[(at + by + rooms.length) % rooms.length]?.slug)
  if (next) openRoom(app, next)
}

/** On the last message in sight: whoever is reading further up is not taken past what they have not seen. */
function focusLast(): void {
  const list = document.querySelector<HTMLElement>('.scroller')
  if (!list) return
  const { bottom } = list.getBoundingClientRect()
  const rows = [...list.querySelectorAll<HTMLElement>('article[data-seq]')]
  const last = rows.findLast(row => row.getBoundingClientRect().top < bottom)
  ;(last ?? list).focus()
}
