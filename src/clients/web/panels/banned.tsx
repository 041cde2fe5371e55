// Who is banned from a room: until when, by whom and why; a ban is lifted here.

import type { Ban } from '../../../wire/standing.ts'
import { attempt, useApp, useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { untilOf } from '../model/times.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useLocale } from '../ui/locale.ts'
import { useModerationWords } from '../ui/moderation-words.ts'
import { useQuery } from '../ui/use-query.ts'
import { Frame } from './frame.tsx'

export default function Banned({ room }: { room: Room }) {
  const { chat } = useApp()
  const said = useModerationWords().banned
  const { acts } = useObservable(room)
  const query = useQuery(`${room.id}/${acts}`, () => chat.api.bans(room.id))
  return (
    <Frame title={said.title}>
      <div className="scrolled">
        {query.is === 'failed' && <p className="error">{query.error}</p>}
        {query.is === 'ready' && query.value.length === 0 && <p className="quiet empty">{said.none}</p>}
        <ul className="list">
          {query.is === 'ready' &&
            query.value.map(ban => (
              <li key={ban.person.id}>
                <Avatar id={ban.person.id} username={ban.person.username} size={28} />
                <span>
                  <bdi>{ban.person.username}</bdi>
                  <small className="quiet">
                    <BanText ban={ban} />
                  </small>
                </span>
                <LiftBan room={room} username={ban.person.username} />
              </li>
            ))}
        </ul>
      </div>
    </Frame>
  )
}

export function BanText({ ban: { until, by, reason } }: { ban: Ban }) {
  const words = useWords()
  const locale = useLocale()
  return useModerationWords().banned.about(untilOf(until, words, locale), by, reason)
}

export function LiftBan({ room, username }: { room: Room; username: string }) {
  const app = useApp()
  const said = useModerationWords()
  const lift = () =>
    attempt(app, async () => {
      const event = await app.chat.api.do('DELETE', `/rooms/${room.id}/bans/${encodeURIComponent(username)}`)
      app.toasts.add(event ? said.banned.lifted(username) : said.alreadySo)
    })
  return (
    <button type="button" onClick={() => void lift()} aria-label={said.banned.liftOf(username)}>
      {said.banned.lift}
    </button>
  )
}
