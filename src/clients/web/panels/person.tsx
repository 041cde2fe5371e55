// A person's profile, with the actions on them.

import type { Profile, Status } from '../../../wire/schemas.ts'
import { attempt, openConversation, useApp, useObservable, useWords } from '../app.tsx'
import type { Chat } from '../model/chat.ts'
import { clock } from '../model/times.ts'
import { Avatar } from '../ui/avatar.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import { useLocale } from '../ui/locale.ts'
import { StatusDot } from '../ui/status-dot.tsx'
import { useQuery } from '../ui/use-query.ts'
import { Frame } from './frame.tsx'

const Moderation = lazyWithRetry(() => import('./moderation.tsx'))

type PersonDetails = Profile & { readonly presence: Status }

export function Person({ username }: { username: string }) {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { chat } = useObservable(app.chat) && app
  const { version } = useObservable(chat.people)
  const query = useQuery(`${username}/${version}`, () =>
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
          <PersonActions person={query.value} />
        )}
      </div>
    </Frame>
  )
}

/** In private, as the admins of the server have decided. What was written is in the list of rooms. */
function mayWriteTo({ settings, isAdmin }: Chat, role: Profile['role']): boolean {
  const { privateMessages } = settings
  return (
    privateMessages === 'everyone' ||
    (privateMessages === 'staff' && (isAdmin || role === 'owner' || role === 'admin'))
  )
}

function PersonActions({ person: { username, role } }: { person: PersonDetails }) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = app
  const room = chat.roomOf(route.location.room)
  return (
    <>
      <div className="buttons">
        {mayWriteTo(app.chat, role) && (
          <button type="button" className="primary" onClick={() => void openConversation(app, [username])}>
            {words.person.write}
          </button>
        )}
        <Block username={username} />
      </div>
      {room?.mayDiscipline && !room.isDirect && <Moderation room={room} username={username} />}
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
