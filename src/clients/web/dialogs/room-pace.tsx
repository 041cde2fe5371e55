// How often people may write in a room, and whether it is silenced: what is so now, and what it may become.

import type { RoomSettings } from '../../../wire/room-settings.ts'
import { useApp, useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { untilOf } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { useModerationWords } from '../ui/moderation-words.ts'
import { useQuery } from '../ui/use-query.ts'

const HOUR_MS = 3_600_000
const SLOW_SECONDS = [0, 5, 10, 30, 60, 300]

interface PaceProps {
  readonly room: Room
  /** @returns whether it succeeded */
  readonly onAlter: (change: object) => Promise<boolean>
}

export function RoomPace({ room, onAlter }: PaceProps) {
  const { chat } = useApp()
  const words = useWords()
  const said = useModerationWords().pace
  const locale = useLocale()
  const { acts } = useObservable(room)
  const query = useQuery(`${room.id}/${acts}`, () => chat.api.get<RoomSettings>(`/rooms/${room.id}/rules`))
  if (query.is === 'failed') return <p className="error">{query.error}</p>
  if (query.is !== 'ready') return null
  const { slow, silencedUntil } = query.value
  const isSilenced = silencedUntil > chat.now()
  const choices = SLOW_SECONDS.includes(slow) ? SLOW_SECONDS : [...SLOW_SECONDS, slow].sort((a, b) => a - b)
  return (
    <>
      <label className="field">
        {words.roomSettings.slow}
        <select value={slow} onChange={event => void onAlter({ slow: Number(event.currentTarget.value) })}>
          {choices.map(seconds => (
            <option key={seconds} value={seconds}>
              {seconds % 60 === 0 || seconds < 60 ? words.roomSettings.seconds(seconds) : said.other(seconds)}
            </option>
          ))}
        </select>
      </label>
      <h3>{words.roomSettings.silence}</h3>
      <p className="quiet" role="status">
        {isSilenced ? said.silenced(untilOf(silencedUntil, words, locale)) : words.roomSettings.silenceHint}
      </p>
      <div className="buttons">
        <button type="button" onClick={() => void onAlter({ silencedFor: HOUR_MS })}>
          {words.roomSettings.silenceHour}
        </button>
        <button type="button" onClick={() => void onAlter({ silencedFor: null })}>
          {words.roomSettings.silenceOn}
        </button>
        <button type="button" disabled={!isSilenced} onClick={() => void onAlter({ silencedFor: 0 })}>
          {words.roomSettings.silenceOff}
        </button>
      </div>
    </>
  )
}
