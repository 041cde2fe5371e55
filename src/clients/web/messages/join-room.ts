import { Refused } from '../../client/client.ts'
import { type App, attempt } from '../app.tsx'

/** locked: the room needs a key, or another one than was given. refused: a toast has said why. */
export type JoinOutcome = 'in' | 'locked' | 'refused'

/** Joins a room. @param request room: its number, or its name after a # */
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
