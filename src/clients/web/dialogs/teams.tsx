// The teams of the server: who is in them; admins make, fill and delete them.

import { type FormEvent, useState } from 'react'
import X from '~icons/x'
import type { Profile } from '../../../wire/schemas.ts'
import { attempt, useApp, useObservable, useWords } from '../app.tsx'
import type { Chat } from '../model/chat.ts'
import type { Room } from '../model/room.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { useQuery } from '../ui/use-query.ts'
import { Dialog } from './dialog.tsx'

interface TeamsProps {
  /** The name of the team that is shown; empty for the list. */
  readonly name: string
  readonly room: Room | undefined
}

export default function TeamsDialog({ name, room }: TeamsProps) {
  const words = useWords()
  return (
    <Dialog title={name === '' ? words.teams.title : `@${name}`}>
      {name === '' ? <List /> : <Team key={name} name={name} room={room} />}
    </Dialog>
  )
}

/** A guess, for what to offer: the server decides. */
function mayManageTeams({ isAdmin, settings, rooms, person }: Chat): boolean {
  if (isAdmin || settings.teams === 'admins' || person?.role === 'guest') return isAdmin
  return [...rooms.values()].some(room => !room.isDirect && room.mayModerate)
}

function List() {
  const app = useApp()
  const words = useWords()
  const { chat, route } = useObservable(app.chat) && app
  const create = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name')).trim().replace(/^@/, '')
    void attempt(app, async () => {
      await chat.api.do('POST', '/teams', { name })
      route.open(`teams/${name}`)
    })
  }
  return (
    <>
      <p className="quiet">{words.teams.hint}</p>
      {chat.teams.all.length === 0 && <p className="quiet empty">{words.teams.none}</p>}
      <ul className="list">
        {chat.teams.all.map(({ name, people, mine }) => (
          <li key={name}>
            <button type="button" className="plain reactor" onClick={() => route.open(`teams/${name}`)}>
              <span>
                <bdi>@{name}</bdi>
                <small className="quiet">
                  {words.teams.people(people)}
                  {mine && ` · ${words.teams.mine}`}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {mayManageTeams(chat) && (
        <form className="inline" onSubmit={create}>
          <label className="field">
            {words.teams.name}
            <input name="name" required maxLength={32} autoComplete="off" />
          </label>
          <button type="submit" className="primary">
            {words.teams.create}
          </button>
        </form>
      )}
    </>
  )
}

function Team({ name, room }: TeamsProps) {
  const app = useApp()
  const words = useWords()
  const { chat, route } = useObservable(app.chat) && app
  const [changes, setChanges] = useState(0)
  const [isSure, setSure] = useState(false)
  const path = `/teams/${encodeURIComponent(name)}`
  const size = chat.teams.all.find(each => each.name === name)?.people
  const query = useQuery(`${name}/${changes}/${size}`, () =>
    chat.api.get<{ people: readonly Profile[] }>(`${path}/members?limit=500`),
  )
  const change = async (body: { add?: readonly string[]; remove?: readonly string[] }) => {
    const done = await attempt(app, () => chat.api.do('PATCH', `${path}/members`, body))
    if (done) setChanges(changes + 1)
    return done
  }
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const names = String(new FormData(form).get('people'))
      .split(/[\s,;]+/)
      .map(each => each.replace(/^@/, ''))
      .filter(each => each !== '')
    void change({ add: names }).then(done => done && form.reset())
  }
  const bring = () =>
    attempt(app, async () => {
      const { come } = await chat.api.do<{ come: number }>(
        'PUT',
        `/rooms/${room?.id}/teams/${encodeURIComponent(name)}`,
      )
      app.toasts.add(words.teams.come(come))
    })
  const remove = () =>
    attempt(app, async () => {
      await chat.api.do('DELETE', path)
      route.open('teams')
    })
  return (
    <>
      <div className="buttons">
        <button type="button" onClick={() => route.open('teams')}>
          {words.teams.all}
        </button>
        {room && !room.isDirect && room.id !== 1 && (
          <button type="button" onClick={() => void bring()}>
            {words.teams.bring(room.listing.name)}
          </button>
        )}
      </div>
      {query.is === 'failed' && <p className="error">{query.error}</p>}
      {query.is === 'ready' && query.value.people.length === 0 && (
        <p className="quiet empty">{words.teams.empty}</p>
      )}
      {mayManageTeams(chat) && (
        <form className="inline" onSubmit={add}>
          <label className="field">
            {words.teams.add}
            <input name="people" required autoComplete="off" placeholder={words.teams.addHint} />
          </label>
          <button type="submit" className="primary">
            {words.teams.addThem}
          </button>
        </form>
      )}
      <ul className="list people">
        {query.is === 'ready' &&
          query.value.people.map(({ id, username, name: full }) => (
            <li key={id}>
              <Avatar id={id} username={username} size={28} />
              <span>
                <bdi>{username}</bdi>
                <small className="quiet">
                  <bdi>{full}</bdi>
                </small>
              </span>
              {mayManageTeams(chat) && (
                <IconButton
                  icon={X}
                  size={16}
                  label={words.teams.takeOut(username)}
                  onClick={() => void change({ remove: [username] })}
                />
              )}
            </li>
          ))}
      </ul>
      {mayManageTeams(chat) && (
        <div className="buttons end">
          {isSure && <span>{words.teams.sure(name)}</span>}
          <button type="button" className="danger" onClick={() => (isSure ? void remove() : setSure(true))}>
            {words.teams.remove}
          </button>
        </div>
      )}
    </>
  )
}
