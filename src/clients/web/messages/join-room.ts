import { Refused } from '../../client/client.ts'
import { type App, attempt } from '../app.tsx'

/**
 * locked: the room needs a key. wrong: another one than was given. refused: a toast has said why.
 */
export type JoinOutcome = 'in' | 'locked' | 'wrong' | 'refused'

/** Joins a room. @param request room: its number, or its name after a # */
export async function joinRoom({ app, room, key = '' }: JoinRequest): Promise<JoinOutcome> {
  let isLocked = false
  const done = await attempt(app, async () => {
    try {
      await app.chat.api.do('POST', `/rooms/${encodeURIComponent(room)}/members`, { key })
    } catch (error) {
      isLocked = error instanceof Refused && error.code === 'wrong-key'
      if (!isLocked) throw error
    }
  })
  if (isLocked) return key === '' ? 'locked' : 'wrong'
  return done ? 'in' : 'refused'
}

interface JoinRequest {
  readonly app: App
  readonly room: string
  readonly key?: string | undefined
}
