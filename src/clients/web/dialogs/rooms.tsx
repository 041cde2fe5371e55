// Finding and creating rooms, and beginning direct conversations.

import { type FormEvent, useState } from 'react'
import Hash from '~icons/hash'
import { attempt, openConversation, useApp, useObservable, useWords } from '../app.tsx'
import { foldUsername } from '../markup/names.ts'
import { joinRoom } from '../messages/join-room.ts'
import type { ListedRoom } from '../model/api.ts'
import { pathOf } from '../model/route.ts'
import { Avatar, RoomIcon } from '../ui/avatar.tsx'
import { focusAtOnce } from '../ui/focus.ts'
import { useQuery } from '../ui/use-query.ts'
import { Dialog } from './dialog.tsx'
import { RadioList } from './radio-list.tsx'

const KINDS = ['open', 'closed', 'announcement'] as const
const MOST_SHOWN = 100

/** @param page archived: the rooms in which nobody writes any more */
export function RoomsDialog({ page }: { page: string }) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = app
  const [typed, setTyped] = useState('')
  const [making, setMaking] = useState(false)
  const isArchive = page === 'archived'
  useObservable(chat) // a room is archived, or reopened
  const query = useQuery('rooms', () =>
    chat.api.get<{ mine: readonly ListedRoom[]; others: readonly ListedRoom[] }>('/rooms'),
  )
  const wanted = foldUsername(typed.replace(/^#/, ''))
  const rooms =
    query.is === 'ready'
      ? [...query.value.others, ...query.value.mine.filter(({ kind }) => kind !== 'direct')]
          .filter(room => (chat.rooms.get(room.id)?.listing ?? room).archived === isArchive)
          .filter(({ name, topic }) => foldUsername(`${name} ${topic}`).includes(wanted))
      : []
  const open = async ({ id, name }: ListedRoom) => {
    const joined = chat.rooms.get(id)
    const outcome = joined ? 'in' : await joinRoom({ app, room: `${id}` })
    if (outcome === 'refused') return
    if (outcome === 'locked') route.locked = name // its page asks for the key
    route.go(pathOf(joined?.slug ?? name))
  }
  if (making) return <NewRoom initial={typed} />
  return (
    <Dialog title={words.rooms.title}>
      <div className="inline">
        <input
          type="search"
          value={typed}
          ref={focusAtOnce}
          onChange={event => setTyped(event.currentTarget.value)}
          placeholder={words.rooms.find}
          aria-label={words.rooms.find}
        />
        <button type="button" onClick={() => setMaking(true)}>
          {words.rooms.make}
        </button>
        <button
          type="button"
          className={isArchive ? 'primary' : ''}
          aria-pressed={isArchive}
          onClick={() => route.open(isArchive ? 'rooms' : 'rooms/archived')}
        >
          {words.rooms.archived}
        </button>
      </div>
      {query.is === 'failed' && <p className="error">{query.error}</p>}
      {query.is === 'ready' && rooms.length === 0 && <p className="quiet empty">{words.rooms.none}</p>}
      <ul className="list">
        {rooms.slice(0, MOST_SHOWN).map(room => (
          <li key={room.id}>
            <RoomIcon id={room.id} size={28}>
              <Hash size={18} />
            </RoomIcon>
            <span>
              <strong>
                <bdi>#{room.name}</bdi>
              </strong>
              {room.kind !== 'open' && <span className="tag">{words.kinds[room.kind]}</span>}
              <small className="quiet">
                {words.rooms.people(room.people)}
                {room.topic !== '' && <bdi> · {room.topic}</bdi>}
              </small>
            </span>
            {isArchive && chat.rooms.get(room.id)?.mayGovern && (
              <button
                type="button"
                aria-label={`${words.composer.reopen} #${room.name}`}
                onClick={() =>
                  void attempt(app, () => chat.api.do('PATCH', `/rooms/${room.id}`, { archived: false }))
                }
              >
                {words.composer.reopen}
              </button>
            )}
            <button
              type="button"
              onClick={() => void open(room)}
              aria-label={`${chat.rooms.has(room.id) ? words.rooms.open : words.rooms.join} #${room.name}`}
            >
              {chat.rooms.has(room.id) ? words.rooms.open : words.rooms.join}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function NewRoom({ initial }: { initial: string }) {
  const app = useApp()
  const words = useWords()
  const [name, setName] = useState(initial)
  const [kind, setKind] = useState<(typeof KINDS)[number]>('open')
  const create = async (event: FormEvent) => {
    event.preventDefault()
    await attempt(app, async () => {
      const made = await app.chat.api.do<{ name: string }>('POST', '/rooms', { name, kind })
      app.route.go(pathOf(made.name))
    })
  }
  return (
    <Dialog title={words.rooms.make}>
      <form onSubmit={event => void create(event)}>
        <label className="field">
          {words.rooms.name}
          <input
            value={name}
            ref={focusAtOnce}
            maxLength={32}
            required
            onChange={event => setName(event.currentTarget.value)}
          />
        </label>
        <RadioList
          title={words.rooms.kind}
          name="kind"
          values={KINDS}
          value={kind}
          names={words.kinds}
          hints={words.rooms.hints}
          onChoose={setKind}
        />
        <div className="buttons end">
          <button type="submit" className="primary">
            {words.rooms.create}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

export function DirectDialog() {
  const app = useApp()
  const words = useWords()
  const { chat } = app
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const everybody = chat.rooms.values().next().value
  const query = useQuery('everybody', async () => (everybody ? chat.members(everybody) : []))
  const wanted = foldUsername(typed)
  const found = (query.is === 'ready' ? query.value : [])
    .filter(({ person, disabled }) => person.id !== chat.me && !disabled)
    .filter(({ person }) => foldUsername(`${person.username} ${person.name}`).includes(wanted))
  const open = (people: readonly string[]) => openConversation(app, people)
  const toggle = (username: string) =>
    setChosen(chosen.includes(username) ? chosen.filter(each => each !== username) : [...chosen, username])
  return (
    <Dialog title={words.direct.title}>
      <form
        className="inline"
        onSubmit={event => {
          event.preventDefault()
          const [first] = found
          if (chosen.length > 0) void open(chosen)
          else if (first && typed !== '') void open([first.person.username])
        }}
      >
        <input
          type="search"
          value={typed}
          ref={focusAtOnce}
          onChange={event => setTyped(event.currentTarget.value)}
          placeholder={words.direct.find}
          aria-label={words.direct.find}
        />
        <button
          type="submit"
          className="primary"
          disabled={chosen.length === 0 && (typed === '' || found.length === 0)}
        >
          {words.direct.open(chosen.length)}
        </button>
      </form>
      {query.is === 'failed' && <p className="error">{query.error}</p>}
      {query.is === 'ready' && found.length === 0 && <p className="quiet empty">{words.direct.none}</p>}
      <ul className="list people">
        {found.slice(0, MOST_SHOWN).map(({ person }) => (
          <li key={person.id}>
            <label className="person">
              <input
                type="checkbox"
                checked={chosen.includes(person.username)}
                onChange={() => toggle(person.username)}
              />
              <Avatar id={person.id} username={person.username} size={28} />
              <span>
                <bdi>{person.username}</bdi>
                <small className="quiet">
                  <bdi>{person.name}</bdi>
                </small>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
