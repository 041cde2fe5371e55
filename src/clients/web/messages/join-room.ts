// Coming into a room by oneself.

import { Refused } from '../../client/client.ts'
import { type App, attempt } from '../app.tsx'

/** locked: it takes a key, or another one; all other troubles have been said. */
export type JoinOutcome = 'in' | 'locked' | 'refused'

/** @param room what a path calls it: a number, or a name */
export async function joinRoom({ app, room, key = '' }: JoinRequest): Promise<JoinOutcome> {
  let locked = false
  const done = await attempt(app, async () => {
    try {
      await app.chat.api.do('POST', `/rooms/${encodeURIComponent(room)}/members`, { key })
    } catch (error) {
      locked = error instanceof Refused && error.code === 'wrong-key'
      if (!locked || key !== '') throw error
    }
  })
  if (locked) return 'locked'
  return done ? 'in' : 'refused'
}

interface JoinRequest {
  readonly app: App
  readonly room: string
  readonly key?: string | undefined
}
