// A person's profile, with the actions on them.

import type { Profile, Status } from '../../../wire/schemas.ts'
import { attempt, openConversation, useApp, useObservable, useWords } from '../app.tsx'
import type { Member } from '../model/api.ts'
import type { Room } from '../model/room.ts'
import { clock } from '../model/times.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useLocale } from '../ui/locale.ts'
import { StatusDot } from '../ui/status-dot.tsx'
import { useQuery } from '../ui/use-query.ts'
import { Frame } from './frame.tsx'

type PersonDetails = Profile & { readonly presence: Status }

export function Person({ username }: { username: string }) {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { chat } = useObservable(app.chat) && app
  const query = useQuery(username, () =>
    chat.api.get<PersonDetails>(`/people/${encodeURIComponent(username)}`),
  )
  if (query.is !== 'ready')
    return (
      <Frame title={username}>
        <div className="scrolled">{query.is === 'failed' && <p className="error">{query.error}</p>}</div>
      </Frame>
    )
  const { id, name, role, status, zone, presence } = query.value
  return (
    <Frame title={words.person.title}>
      <div className="scrolled profile">
        <Avatar id={id} username={query.value.username} size={64} />
        <h3>
          <bdi>{name}</bdi>
        </h3>
        <p className="quiet">
          <span>
            @<bdi>{query.value.username}</bdi>
          </span>
          <StatusDot status={presence} />
        </p>
        {status !== '' && <p dir="auto">{status}</p>}
        {role !== 'member' && <span className="tag">{words.serverRoles[role]}</span>}
        {zone !== '' && (
          <p className="quiet">{words.person.time(clock({ ...locale, zone }, chat.now()), zone)}</p>
        )}
        {id === chat.me ? (
          <button type="button" onClick={() => app.route.open('settings/profile')}>
            {words.person.edit}
          </button>
        ) : (
          <PersonActions username={query.value.username} />
        )}
      </div>
    </Frame>
  )
}

function PersonActions({ username }: { username: string }) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = app
  const room = chat.roomOf(route.location.room)
  return (
    <>
      <div className="buttons">
        <button type="button" className="primary" onClick={() => void openConversation(app, [username])}>
          {words.person.write}
        </button>
        <Block username={username} />
      </div>
      {room?.mayDiscipline && !room.isDirect && <Moderation username={username} />}
    </>
  )
}

function Block({ username }: { username: string }) {
  const app = useApp()
  const words = useWords()
  const { api } = app.chat
  const query = useQuery(username, () => api.get<{ people: readonly Profile[] }>('/me/blocks'))
  const blocked = query.is === 'ready' && query.value.people.some(each => each.username === username)
  const path = `/me/blocks/${encodeURIComponent(username)}`
  const change = async () => {
    if (await attempt(app, () => api.do(blocked ? 'DELETE' : 'PUT', path)))
      app.toasts.add(blocked ? words.person.unblocked : words.person.blocked)
    app.route.close()
  }
  return (
    <button type="button" onClick={() => void change()}>
      {blocked ? words.person.unblock : words.person.block}
    </button>
  )
}

const HOUR_MS = 3_600_000

/** What a helper or a moderator can do about somebody in the current room. */
function Moderation({ username }: { username: string }) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = app
  const room = chat.roomOf(route.location.room)
  const query = useQuery(`${room?.id}/${room?.lastSeq}/${username}`, async () =>
    room ? chat.members(room) : [],
  )
  const member =
    query.is === 'ready' ? query.value.find(({ person }) => person.username === username) : undefined
  if (!room) return null
  const path = (what: string) => `/rooms/${room.id}/${what}/${encodeURIComponent(username)}`
  const muted = (member?.mutedUntil ?? 0) > chat.now()
  const run = (action: () => Promise<unknown>) => void attempt(app, action)
  return (
    <section className="moderation">
      <h3>{words.person.inRoom(room.listing.name)}</h3>
      {!member && query.is === 'ready' ? (
        <button type="button" onClick={() => run(() => chat.api.do('PUT', path('members')))}>
          {words.person.bring}
        </button>
      ) : (
        <>
          <div className="buttons">
            {muted ? (
              <button type="button" onClick={() => run(() => chat.api.do('PUT', path('mutes'), { for: 0 }))}>
                {words.person.unmute}
              </button>
            ) : (
              <button
                type="button"
                onClick={() => run(() => chat.api.do('PUT', path('mutes'), { for: HOUR_MS }))}
              >
                {words.person.mute}
              </button>
            )}
            {room.id !== 1 && (
              <>
                <button type="button" onClick={() => run(() => chat.api.do('DELETE', path('members')))}>
                  {words.person.kick}
                </button>
                {room.mayModerate && (
                  <button
                    type="button"
                    className="danger"
                    onClick={() => run(() => chat.api.do('PUT', path('bans'), { for: 24 * HOUR_MS }))}
                  >
                    {words.person.ban}
                  </button>
                )}
              </>
            )}
          </div>
          {member && mayAppoint(room, member) && (
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
