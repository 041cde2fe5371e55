import { attempt, useApp, useObservable, useWords } from '../app.tsx'
import type { Level, Room } from '../model/room.ts'
import { Dialog } from './dialog.tsx'
import { RadioList } from './radio-list.tsx'

const LEVELS: readonly Level[] = ['everything', 'mentions', 'nothing', 'invisible']

export function LevelDialog({ room }: { room: Room }) {
  const app = useApp()
  const words = useWords()
  const { level, name } = useObservable(room).listing
  const choose = (next: Level) =>
    attempt(app, async () => {
      await app.chat.api.do('PUT', `/rooms/${room.id}/level`, { level: next })
      room.update({ level: next })
      await app.chat.refreshRoom(room)
    })
  return (
    <Dialog title={words.level.title(name)}>
      <RadioList
        title={words.level.title(name)}
        name="level"
        values={LEVELS}
        value={level}
        names={words.level.names}
        hints={words.level.hints}
        isTitled
        onChoose={next => void choose(next)}
      />
    </Dialog>
  )
}
