// Accounts and invitations to register, for admins.

import { type FormEvent, useState } from 'react'
import type { Profile } from '../../../wire/schemas.ts'
import { attempt, copyText, useApp, useWords } from '../app.tsx'
import type { Account, Invitation } from '../model/api.ts'
import { shortDay } from '../model/times.ts'
import { ActList } from '../panels/act-list.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { useLocale } from '../ui/locale.ts'
import { useQuery } from '../ui/use-query.ts'
import { Dialog } from './dialog.tsx'

export default function PeopleDialog({ page }: { page: string }) {
  const { route } = useApp()
  const words = useWords()
  const isInviting = page === 'invitations'
  return (
    <Dialog title={words.people.title} size="large">
      <div className="switch" role="group" aria-label={words.people.title}>
        <button
          type="button"
          aria-pressed={!isInviting && page !== 'log'}
          onClick={() => route.open('people')}
        >
          {words.people.accounts}
        </button>
        <button type="button" aria-pressed={isInviting} onClick={() => route.open('people/invitations')}>
          {words.people.invitations}
        </button>
        <button type="button" aria-pressed={page === 'log'} onClick={() => route.open('people/log')}>
          {words.room.log}
        </button>
      </div>
      {isInviting ? <Invitations /> : page === 'log' ? <ActList /> : <Accounts />}
    </Dialog>
  )
}

const ROLES = ['owner', 'admin', 'member', 'guest', 'bot'] as const

function Accounts() {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { chat } = app
  const [after, setAfter] = useState('')
  const [changes, setChanges] = useState(0)
  const query = useQuery(`${after}/${changes}`, () =>
    chat.api.get<{ people: readonly Account[]; more: boolean }>(
      `/people${after === '' ? '' : `?after=${encodeURIComponent(after)}`}`,
    ),
  )
  if (query.is === 'failed') return <p className="error">{query.error}</p>
  if (query.is === 'loading') return <p className="quiet empty">{words.loading}</p>
  const run = async (action: () => Promise<unknown>) => {
    if (await attempt(app, action)) setChanges(changes + 1)
  }
  const path = (person: Profile, what: string) => `/people/${encodeURIComponent(person.username)}/${what}`
  const { people, more } = query.value
  return (
    <>
      <ul className="list people">
        {people.map(({ person, disabled, since }) => (
          <li key={person.id} className={disabled ? 'disabled' : ''}>
            <Avatar id={person.id} username={person.username} size={28} />
            <span>
              <bdi>{person.username}</bdi>
              <small className="quiet">
                <bdi>{person.name}</bdi> · {shortDay(locale, since)}
                {disabled && ` · ${words.people.disabled}`}
              </small>
            </span>
            <select
              value={person.role}
              aria-label={words.people.roleOf(person.username)}
              disabled={person.id === chat.me}
              onChange={event =>
                void run(() => chat.api.do('PUT', path(person, 'role'), { role: event.currentTarget.value }))
              }
            >
              {ROLES.map(role => (
                <option key={role} value={role}>
                  {words.serverRoles[role]}
                </option>
              ))}
            </select>
            <button
              type="button"
              disabled={person.id === chat.me}
              aria-label={`${disabled ? words.people.enable : words.people.disable} ${person.username}`}
              onClick={() =>
                void run(() => chat.api.do('PUT', path(person, 'disabled'), { disabled: !disabled }))
              }
            >
              {disabled ? words.people.enable : words.people.disable}
            </button>
          </li>
        ))}
      </ul>
      <div className="buttons">
        {after !== '' && (
          <button type="button" onClick={() => setAfter('')}>
            {words.people.first}
          </button>
        )}
        {more && (
          <button type="button" onClick={() => setAfter(people.at(-1)?.person.username ?? '')}>
            {words.people.next}
          </button>
        )}
      </div>
    </>
  )
}

function Invitations() {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { api } = app.chat
  const [changes, setChanges] = useState(0)
  const query = useQuery(`${changes}`, () => api.get<{ invitations: readonly Invitation[] }>('/invitations'))
  const run = async (action: () => Promise<unknown>) => {
    if (await attempt(app, action)) setChanges(changes + 1)
  }
  const invite = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const [uses, days] = [Number(fields.get('uses')), Number(fields.get('days'))]
    void run(() => api.do('POST', '/invitations', { uses, days }))
  }
  const link = (code: string) => `${location.origin}/join?code=${code}`
  const copy = async (code: string) => {
    if (await copyText(link(code))) app.toasts.add(words.copied)
    else app.toasts.add(words.notCopied, 'error')
  }
  return (
    <>
      <form className="inline" onSubmit={invite}>
        <label className="field">
          {words.people.uses}
          <input type="number" name="uses" min={1} max={100_000} defaultValue={1} required />
        </label>
        <label className="field">
          {words.people.days}
          <input type="number" name="days" min={1} max={366} defaultValue={7} required />
        </label>
        <button type="submit" className="primary">
          {words.people.invite}
        </button>
      </form>
      {query.is === 'failed' && <p className="error">{query.error}</p>}
      {query.is === 'ready' && query.value.invitations.length === 0 && (
        <p className="quiet empty">{words.people.noInvitations}</p>
      )}
      <ul className="list">
        {query.is === 'ready' &&
          query.value.invitations.map(({ code, left, until, by }) => (
            <li key={code}>
              <span>
                <code className="code">{code}</code>
                <small className="quiet">
                  {words.people.invitation(left, shortDay(locale, until), by ?? words.people.operator)}
                </small>
              </span>
              <button type="button" onClick={() => void copy(code)}>
                {words.people.copyLink}
              </button>
              <button
                type="button"
                className="danger"
                onClick={() => void run(() => api.do('DELETE', `/invitations/${code}`))}
              >
                {words.people.withdraw}
              </button>
            </li>
          ))}
      </ul>
    </>
  )
}
