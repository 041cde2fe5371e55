// What a helper or a moderator can do about somebody in the current room, and what was done.

import { attempt, useApp, useWords } from '../app.tsx'
import type { Member } from '../model/api.ts'
import type { Room } from '../model/room.ts'
import { untilOf } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { useModerationWords } from '../ui/moderation-words.ts'
import { useQuery } from '../ui/use-query.ts'
import { BanText, LiftBan } from './banned.tsx'

/** The id of `general`, which nobody leaves. */
const GENERAL = 1

export default function Moderation({ room, username }: { room: Room; username: string }) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = app
  const said = useModerationWords()
  const query = useQuery(`${room.id}/${room.lastSeq}/${username}`, () => chat.members(room))
  const member =
    query.is === 'ready' ? query.value.find(({ person }) => person.username === username) : undefined
  const path = (what: string) => `/rooms/${room.id}/${what}/${encodeURIComponent(username)}`
  const run = (action: () => Promise<unknown>) => void attempt(app, action)
  /** What somebody else has done meanwhile is said. */
  const undo = (what: string, body?: object) =>
    run(async () => {
      if (!(await chat.api.do('PUT', path(what), body))) app.toasts.add(said.alreadySo)
    })
  return (
    <section className="moderation">
      <h3>{words.person.inRoom(room.listing.name)}</h3>
      {query.is === 'ready' && !member && <Outsider room={room} username={username} />}
      {member && (
        <>
          <MutedUntil member={member} />
          <div className="buttons">
            {member.mutedUntil > chat.now() ? (
              <button type="button" onClick={() => undo('mutes', { for: 0 })}>
                {words.person.unmute}
              </button>
            ) : (
              <button type="button" onClick={() => route.open(`mute/${username}`)}>
                {words.person.mute}
              </button>
            )}
            {room.id !== GENERAL && (
              <button type="button" onClick={() => run(() => chat.api.do('DELETE', path('members')))}>
                {words.person.kick}
              </button>
            )}
            {room.id !== GENERAL && room.mayModerate && (
              <button type="button" className="danger" onClick={() => route.open(`ban/${username}`)}>
                {words.person.ban}
              </button>
            )}
          </div>
          {mayAppoint(room, member) && (
            <RoleSelect
              member={member}
              roles={room.mayGovern ? ROLES : SPEAKING}
              onChoose={role => run(() => chat.api.do('PUT', path('roles'), { role }))}
            />
          )}
        </>
      )}
    </section>
  )
}

function MutedUntil({ member: { mutedUntil } }: { member: Member }) {
  const { chat } = useApp()
  const words = useWords()
  const locale = useLocale()
  const said = useModerationWords()
  if (mutedUntil <= chat.now()) return null
  return <p className="quiet">{said.mutedUntil(untilOf(mutedUntil, words, locale))}</p>
}

/** Somebody who is not in the room: banned, or just not there. */
function Outsider({ room, username }: { room: Room; username: string }) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = app
  const query = useQuery(`${room.id}/${room.acts}/${username}`, async () =>
    room.mayModerate ? chat.api.bans(room.id) : [],
  )
  const ban =
    query.is === 'ready' ? query.value.find(({ person }) => person.username === username) : undefined
  const path = `/rooms/${room.id}/members/${encodeURIComponent(username)}`
  return (
    <>
      {ban && (
        <p className="quiet">
          <BanText ban={ban} />
        </p>
      )}
      <div className="buttons">
        {ban && <LiftBan room={room} username={username} />}
        <button type="button" onClick={() => void attempt(app, () => chat.api.do('PUT', path))}>
          {words.person.bring}
        </button>
        {!ban && room.mayModerate && (
          <button type="button" className="danger" onClick={() => route.open(`ban/${username}`)}>
            {words.person.ban}
          </button>
        )}
      </div>
    </>
  )
}

const ROLES = ['owner', 'moderator', 'helper', 'speaker', 'member'] as const
/** The roles that a moderator gives and takes. */
const SPEAKING = ['speaker', 'member'] as const

function mayAppoint(room: Room, { role }: Member): boolean {
  return room.mayGovern || (room.mayModerate && SPEAKING.some(each => each === role))
}

interface RoleSelectProps {
  readonly member: Member
  readonly roles: readonly Member['role'][]
  readonly onChoose: (role: Member['role']) => void
}

function RoleSelect({ member, roles, onChoose }: RoleSelectProps) {
  const words = useWords()
  return (
    <label className="field">
      {words.person.role}
      <select
        value={member.role}
        onChange={event => onChoose(roles.find(each => each === event.currentTarget.value) ?? member.role)}
      >
        {roles.map(role => (
          <option key={role} value={role}>
            {words.roles[role]}
          </option>
        ))}
      </select>
    </label>
  )
}
