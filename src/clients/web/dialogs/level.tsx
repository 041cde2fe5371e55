import { attempt, useApp, useWatch, useWords } from '../app.tsx'
import type { Level, Room } from '../model/room.ts'
import { Sheet } from './sheet.tsx'

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
      <fieldset className="choices">
        <legend className="unseen">{words.level.title(name)}</legend>
        {LEVELS.map(each => (
          <label key={each}>
            <input type="radio" name="level" checked={level === each} onChange={() => void choose(each)} />
            <span>
              {words.level.names[each]}
              <small className="quiet">{words.level.hints[each]}</small>
            </span>
          </label>
        ))}
      </fieldset>
    </Sheet>
  )
}
