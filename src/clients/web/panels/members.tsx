// The members of a room, those online first.

import { useState } from 'react'
import { useApp, useObservable, useWords } from '../app.tsx'
import { foldUsername } from '../markup/names.ts'
import type { Member } from '../model/api.ts'
import type { Room } from '../model/room.ts'
import { Avatar } from '../ui/avatar.tsx'
import { StatusDot } from '../ui/status-dot.tsx'
import { useQuery } from '../ui/use-query.ts'
import { AddMembers } from './add-members.tsx'
import { Frame } from './frame.tsx'

/** Of each group; the rest is found by searching. */
const MOST_SHOWN = 300

export function Members({ room }: { room: Room }) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = app
  useObservable(chat)
  const { version } = useObservable(chat.people)
  const [typed, setTyped] = useState('')
  const query = useQuery(`${room.id}/${room.lastSeq}/${version}`, () => chat.members(room))
  const all = query.is === 'ready' ? query.value : []
  const statusOf = (member: Member) =>
    chat.presence.people.has(member.person.id) || member.person.id === chat.me
      ? chat.statusOf(member.person.id)
      : chat.presence.isComplete
        ? 'offline'
        : member.status
  const isOpen = (room.listing.kind === 'open' || room.isGroup) && chat.person?.role !== 'guest'
  const mayBring = room.id !== 1 && (room.mayModerate || isOpen)
  const wanted = foldUsername(typed)
  const found = all
    .filter(({ disabled }) => !disabled)
    .filter(({ person }) => foldUsername(`${person.username} ${person.name}`).includes(wanted))
  const present = found.filter(member => statusOf(member) !== 'offline')
  const absent = found.filter(member => statusOf(member) === 'offline')
  const groups = [
    { title: words.members.here(present.length), people: present },
    { title: words.members.gone(absent.length), people: absent },
  ]
  return (
    <Frame title={words.room.members}>
      <div className="scrolled">
        <input
          type="search"
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          placeholder={words.members.find}
          aria-label={words.members.find}
        />
        {mayBring && <AddMembers room={room} members={all} />}
        <button type="button" className="link" onClick={() => route.open('teams')}>
          {words.teams.title}
        </button>
        {room.id !== 1 && room.mayModerate && (
          <p>
            <button type="button" className="link" onClick={() => route.open('banned')}>
              {words.members.banned}
            </button>
          </p>
        )}
        {room.isGroup && <p className="quiet">{words.group.fromThenOn}</p>}
        {query.is === 'failed' && <p className="error">{query.error}</p>}
        {groups
          .filter(({ people }) => people.length > 0)
          .map(({ title, people }) => (
            <section key={title}>
              <h3>{title}</h3>
              <ul className="people">
                {people.slice(0, MOST_SHOWN).map(member => (
                  <li key={member.person.id}>
                    <button
                      type="button"
                      className="plain person"
                      onClick={() => route.open(`person/${member.person.username}`)}
                    >
                      <Avatar id={member.person.id} username={member.person.username} size={28} />
                      <span>
                        <bdi>{member.person.username}</bdi>
                        <small className="quiet">
                          <bdi>{member.person.name}</bdi>
                        </small>
                      </span>
                      {member.mutedUntil > chat.now() && <span className="tag">{words.members.muted}</span>}
                      {member.role !== 'member' && <span className="tag">{words.roles[member.role]}</span>}
                      <StatusDot status={statusOf(member)} />
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))}
      </div>
    </Frame>
  )
}
