import { useApp, useObservable } from '../../app.tsx'
import { usePeopleWords } from '../../ui/people-words.ts'

/** The id of `general`, where everybody is. */
const GENERAL = 1

/** Chooses some of one's rooms. @param chosen their names */
export function RoomChoice(props: {
  chosen: readonly string[]
  onChoose: (rooms: readonly string[]) => void
}) {
  const { chosen, onChoose } = props
  const said = usePeopleWords()
  const { rooms } = useObservable(useApp().chat)
  const names = [...rooms.values()]
    .filter(room => !room.isDirect && room.id !== GENERAL && !room.listing.archived)
    .map(room => room.listing.name)
    .sort((a, b) => a.localeCompare(b))
  const toggle = (name: string) =>
    onChoose(chosen.includes(name) ? chosen.filter(each => each !== name) : [...chosen, name])
  return (
    <fieldset className="room-choice">
      <legend>{said.rooms}</legend>
      {names.length === 0 && <p className="quiet">{said.noRooms}</p>}
      {names.map(name => (
        <label key={name} className="chip">
          <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
          <span>#{name}</span>
        </label>
      ))}
    </fieldset>
  )
}
