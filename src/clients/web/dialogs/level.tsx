import { attempt, useApp, useWatch, useWords } from '../app.tsx'
import type { Level, Room } from '../model/room.ts'
import { Sheet } from './dialog.tsx'
import { Choice } from './radio-list.tsx'

const LEVELS: readonly Level[] = ['everything', 'mentions', 'nothing', 'invisible']

export function LevelDialog({ room }: { room: Room }) {
  const app = useApp()
  const words = useWords()
  const { level, name } = useWatch(room).listing
  const choose = (next: Level) =>
    attempt(app, async () => {
      await app.chat.api.do('PUT', `/rooms/${room.id}/level`, { level: next })
      room.amend({ level: next })
      await app.chat.renew(room)
    })
  return (
    <Sheet title={words.level.title(name)}>
      <Choice
        title={words.level.title(name)}
        name="level"
        values={LEVELS}
        value={level}
        names={words.level.names}
        hints={words.level.hints}
        isTitled
        onChoose={next => void choose(next)}
      />
    </Sheet>
  )
}
