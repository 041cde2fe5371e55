// What every part of the page can reach: the chat, the settings, where one is, and what is said in passing.

import { createContext, use, useSyncExternalStore } from 'react'
import { Refused } from '../client.ts'
import type { Chat } from './model/chat.ts'
import type { Notes } from './model/notes.ts'
import type { Observable } from './model/observable.ts'
import type { Room } from './model/room.ts'
import { pathOf, type Route } from './model/route.ts'
import type { Settings } from './model/settings.ts'
import { saidOf, type Wording, type Words } from './words.ts'

export interface App {
  readonly chat: Chat
  readonly settings: Settings
  readonly route: Route
  readonly notes: Notes
  readonly wording: Wording
}

export const AppContext = createContext<App | undefined>(undefined)

export function useApp(): App {
  const app = use(AppContext)
  if (!app) throw new Error('there is no app here')
  return app
}

export function useWords(): Words {
  return useWatch(useApp().wording).words
}

/** Draws again when it changes. */
export function useWatch<Watched extends Observable>(watched: Watched): Watched {
  useSyncExternalStore(watched.watch, watched.versionNow)
  return watched
}

/** Does what may be refused, and says so where it is. @returns whether it was done */
export async function attempt({ notes, wording }: App, doing: () => Promise<unknown>): Promise<boolean> {
  try {
    await doing()
    return true
  } catch (error) {
    notes.say(troubleOf(wording.words, error), 'trouble')
    return false
  }
}

/** Why it failed, in words. */
export function troubleOf(words: Words, error: unknown): string {
  if (error instanceof Refused)
    return error.message === error.code ? saidOf(words, error.code) : error.message
  return words.noConnection
}

export function openRoom({ route }: App, room: Room, seq?: number): void {
  route.go(pathOf(room.slug, seq))
}
