// Somebody: who they are, and what one can do about them.

import type { Profile, Status } from '../../../wire/schemas.ts'
import { attempt, useApp, useWatch, useWords, writeTo } from '../app.tsx'
import type { Member } from '../model/api.ts'
import type { Room } from '../model/room.ts'
import { clock } from '../model/times.ts'
import { Dot } from '../sidebar/sidebar.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { useLocale } from '../ui/locale.ts'
import { useAsked } from '../ui/use-query.ts'
import { Frame } from './frame.tsx'

type Somebody = Profile & { readonly presence: Status }

export function Person({ username }: { username: string }) {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { chat } = useWatch(app.chat) && app
  const asked = useAsked(username, () => chat.api.get<Somebody>(`/people/${encodeURIComponent(username)}`))
  if (asked.is !== 'there')
    return (
      <Frame title={username}>
        <div className="scrolled">{asked.is === 'failed' && <p className="trouble">{asked.why}</p>}</div>
      </Frame>
    )
  const { id, name, role, status, zone, presence } = asked.value
  return (
    <Frame title={words.person.title}>
      <div className="scrolled profile">
        <Avatar id={id} username={asked.value.username} size={64} />
        <h3>
          <bdi>{name}</bdi>
        </h3>
        <p className="quiet">
          <span>
            @<bdi>{asked.value.username}</bdi>
          </span>
          <Dot status={presence} />
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
          <Doings username={asked.value.username} />
        )}
      </div>
    </Frame>
  )
}

function Doings({ username }: { username: string }) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = app
  const room = chat.roomOf(route.place.room)
  return (
    <>
      <div className="buttons">
        <button type="button" className="primary" onClick={() => void writeTo(app, [username])}>
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
  const asked = useAsked(username, () => api.get<{ people: readonly Profile[] }>('/me/blocks'))
  const blocked = asked.is === 'there' && asked.value.people.some(each => each.username === username)
  const path = `/me/blocks/${encodeURIComponent(username)}`
  const change = async () => {
    if (await attempt(app, () => api.do(blocked ? 'DELETE' : 'PUT', path)))
      app.notes.say(blocked ? words.person.unblocked : words.person.blocked)
    app.route.close()
  }
  return (
    <button type="button" onClick={() => void change()}>
      {blocked ? words.person.unblock : words.person.block}
    </button>
  )
}

const HOUR_MS = 3_600_000

/** What a helper or a moderator can do about somebody in the room that one is in. */
function Moderation({ username }: { username: string }) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = app
  const room = chat.roomOf(route.place.room)
  const asked = useAsked(`${room?.id}/${room?.heard}/${username}`, async () =>
    room ? chat.members(room) : [],
  )
  const member =
    asked.is === 'there' ? asked.value.find(({ person }) => person.username === username) : undefined
  if (!room) return null
  const path = (what: string) => `/rooms/${room.id}/${what}/${encodeURIComponent(username)}`
  const muted = (member?.mutedUntil ?? 0) > chat.now()
  const act = (doing: () => Promise<unknown>) => void attempt(app, doing)
  return (
    <section className="moderation">
      <h3>{words.person.inRoom(room.listing.name)}</h3>
      {!member && asked.is === 'there' ? (
        <button type="button" onClick={() => act(() => chat.api.do('PUT', path('members')))}>
          {words.person.bring}
        </button>
      ) : (
        <>
          <div className="buttons">
            {muted ? (
              <button type="button" onClick={() => act(() => chat.api.do('PUT', path('mutes'), { for: 0 }))}>
                {words.person.unmute}
              </button>
            ) : (
              <button
                type="button"
                onClick={() => act(() => chat.api.do('PUT', path('mutes'), { for: HOUR_MS }))}
              >
                {words.person.mute}
              </button>
            )}
            {room.id !== 1 && (
              <>
                <button type="button" onClick={() => act(() => chat.api.do('DELETE', path('members')))}>
                  {words.person.kick}
                </button>
                {room.mayModerate && (
                  <button
                    type="button"
                    className="danger"
                    onClick={() => act(() => chat.api.do('PUT', path('bans'), { for: 24 * HOUR_MS }))}
                  >
                    {words.person.ban}
                  </button>
                )}
              </>
            )}
          </div>
          {member && mayAppoint(room, member) && (
            <RoleChoice
              member={member}
              roles={room.mayGovern ? ROLES : SPEAKING}
              onChoose={role => act(() => chat.api.do('PUT', path('roles'), { role }))}
            />
          )}
        </>
      )}
    </section>
  )
}

const ROLES = ['owner', 'moderator', 'helper', 'speaker', 'member'] as const
/** Those that a moderator gives and takes. */
const SPEAKING = ['speaker', 'member'] as const

function mayAppoint(room: Room, { role }: Member): boolean {
  return room.mayGovern || (room.mayModerate && SPEAKING.some(each => each === role))
}

interface ChoiceProps {
  readonly member: Member
  readonly roles: readonly Member['role'][]
  readonly onChoose: (role: Member['role']) => void
}

function RoleChoice({ member, roles, onChoose }: ChoiceProps) {
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
