// What every component can reach: the chat, the preferences, the route, toasts and the wording.

import { createContext, use, useSyncExternalStore } from 'react'
import { Refused } from '../client/client.ts'
import type { Chat } from './model/chat.ts'
import type { Observable } from './model/observable.ts'
import type { Preferences } from './model/preferences.ts'
import type { Room } from './model/room.ts'
import { pathOf, type Route } from './model/route.ts'
import type { Toasts } from './model/toasts.ts'
import { refusalText, type Wording, type Words } from './words.ts'

export interface App {
  readonly chat: Chat
  readonly preferences: Preferences
  readonly route: Route
  readonly toasts: Toasts
  readonly wording: Wording
}

export const AppContext = createContext<App | undefined>(undefined)

export function useApp(): App {
  const app = use(AppContext)
  if (!app) throw new Error('there is no app here')
  return app
}

export function useWords(): Words {
  return useObservable(useApp().wording).words
}

/** Renders the component again when the observable changes. */
export function useObservable<State extends Observable>(observable: State): State {
  useSyncExternalStore(observable.subscribe, observable.getVersion)
  return observable
}

/** Runs an action; when it fails, a toast says why. @returns whether it succeeded */
export async function attempt({ toasts, wording }: App, action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    toasts.add(errorMessage(wording.words, error), 'error')
    return false
  }
}

/** Why something failed, in the page's words, or the server's where there are none. */
export function errorMessage(words: Words, error: unknown): string {
  if (!(error instanceof Refused)) return words.noConnection
  return error.code in words.refusals ? refusalText(words, error.code) : error.message
}

/** Goes to the direct room with these people, creates it if needed, and posts the text. @returns whether that succeeded */
export async function openConversation(app: App, people: readonly string[], text = ''): Promise<boolean> {
  const { chat, route } = app
  return attempt(app, async () => {
    const id = await chat.openDirect(people)
    if (text !== '') chat.outbox.post(id, text)
    const room = chat.rooms.get(id)
    if (room) openRoom(app, room)
    else route.go(pathOf(String(id)))
  })
}

/** Copies a text, without TLS (--lan) by the deprecated `execCommand`. @returns whether it is in the clipboard */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const box = Object.assign(document.createElement('textarea'), { value: text })
    document.body.append(box)
    box.select()
    const isCopied = document.execCommand('copy')
    box.remove()
    return isCopied
  }
}

/** Goes to a room; where one is there already, as if one came to it again. */
export function openRoom({ route }: App, room: Room, seq?: number): void {
  const path = pathOf(room.slug, seq)
  if (seq === undefined && location.pathname === path) room.enter()
  route.go(path)
}

/** Whether a panel covers the room, as on a phone. */
export function isCovered({ location: { panel } }: Route): boolean {
  return panel !== '' && matchMedia('(width < 56rem)').matches
}

/** Whether one sees the messages: the page is in front, and nothing covers them. */
export function isListInView(route: Route): boolean {
  const { overlay } = route.location
  return document.visibilityState === 'visible' && document.hasFocus() && overlay === '' && !isCovered(route)
}

/** Scrolls to a message; one that stands in its thread alone is shown there. */
export async function showMessage({ chat, route }: App, room: Room, seq: number): Promise<void> {
  const { timeline } = room
  await timeline.go({ to: 'message', seq })
  if (!timeline.isLoaded || timeline.message(seq)) return
  const message = await chat.api.message(room.id, seq).catch(() => undefined)
  if (message?.threadOnly) route.open(`thread/${seq}`)
}

/** Scrolls to a message in its room, and closes a panel that covers the room. */
export function showInRoom(app: App, room: Room, seq: number): void {
  const { route } = app
  const path = pathOf(room.slug, seq)
  const isCurrent = location.pathname === path
  if (isCovered(route)) route.go(path)
  else if (!isCurrent) route.go(path + location.hash)
  if (isCurrent) void showMessage(app, room, seq)
}

/** Focuses the box in which a draft is written: its room's, or the thread's. */
export function focusComposer(draft = ''): void {
  document.getElementById(draft.includes('/') ? 'thread-composer' : 'composer')?.focus()
}
