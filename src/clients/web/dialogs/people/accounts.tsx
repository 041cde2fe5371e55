// The list of accounts: found by name, role and state, page after page.

import { useDeferredValue, useState } from 'react'
import MoreHorizontal from '~icons/ellipsis'
import type { Account } from '../../../../wire/accounts.ts'
import { useApp, useWords } from '../../app.tsx'
import { shortDay } from '../../model/times.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { useLocale } from '../../ui/locale.ts'
import { usePeopleWords } from '../../ui/people-words.ts'
import { useQuery } from '../../ui/use-query.ts'
import { type AccountAct, AccountMenu } from './account-menu.tsx'
import { AccountStep } from './account-steps.tsx'

const ROLES = ['owner', 'admin', 'member', 'guest', 'bot'] as const
const STATES = ['active', 'waiting', 'disabled'] as const

export function Accounts() {
  const app = useApp()
  const words = useWords()
  const said = usePeopleWords()
  const { chat } = app
  const [typed, setTyped] = useState('')
  const [role, setRole] = useState('')
  const [state, setState] = useState('')
  const [after, setAfter] = useState('')
  const [changes, setChanges] = useState(0)
  const [step, setStep] = useState<{ account: Account; act: AccountAct }>()
  const text = useDeferredValue(typed.trim())
  const asked = new URLSearchParams(
    Object.entries({ after, text, role, state }).filter(([, value]) => value !== ''),
  )
  const query = useQuery(`${asked}/${changes}`, () =>
    chat.api.get<{ people: readonly Account[]; more: boolean }>(`/people?${asked}`),
  )
  const narrowed = (set: (value: string) => void) => (value: string) => {
    set(value)
    setAfter('')
  }
  const done = () => {
    setStep(undefined)
    setChanges(changes + 1)
  }
  if (step) return <AccountStep {...step} onDone={done} />
  const people = query.is === 'ready' ? query.value.people : []
  return (
    <>
      <div className="account-filters">
        <input
          type="search"
          value={typed}
          placeholder={said.find}
          aria-label={said.find}
          onChange={event => narrowed(setTyped)(event.currentTarget.value)}
        />
        <Filter label={said.role} value={role} any={said.anyRole} onChoose={narrowed(setRole)}>
          {ROLES.map(each => ({ value: each, name: words.serverRoles[each] }))}
        </Filter>
        <Filter label={said.state} value={state} any={said.anyState} onChoose={narrowed(setState)}>
          {STATES.map(each => ({ value: each, name: said.states[each] }))}
        </Filter>
      </div>
      {query.is === 'failed' && <p className="error">{query.error}</p>}
      {query.is === 'loading' && <p className="quiet empty">{words.loading}</p>}
      {query.is === 'ready' && people.length === 0 && <p className="quiet empty">{said.none}</p>}
      <ul className="list people accounts">
        {people.map(account => (
          <AccountRow
            key={account.person.id}
            account={account}
            onAct={act => setStep({ account, act })}
            onChanged={done}
          />
        ))}
      </ul>
      <div className="buttons">
        {after !== '' && (
          <button type="button" onClick={() => setAfter('')}>
            {words.people.first}
          </button>
        )}
        {query.is === 'ready' && query.value.more && (
          <button type="button" onClick={() => setAfter(people.at(-1)?.person.username ?? '')}>
            {words.people.next}
          </button>
        )}
      </div>
    </>
  )
}

interface FilterProps {
  readonly label: string
  readonly value: string
  /** What stands for no filter. */
  readonly any: string
  readonly children: readonly { readonly value: string; readonly name: string }[]
  readonly onChoose: (value: string) => void
}

function Filter({ label, value, any, children, onChoose }: FilterProps) {
  return (
    <select aria-label={label} value={value} onChange={event => onChoose(event.currentTarget.value)}>
      <option value="">{any}</option>
      {children.map(each => (
        <option key={each.value} value={each.value}>
          {each.name}
        </option>
      ))}
    </select>
  )
}

interface RowProps {
  readonly account: Account
  readonly onAct: (act: AccountAct) => void
  readonly onChanged: () => void
}

function AccountRow({ account, onAct, onChanged }: RowProps) {
  const { chat } = useApp()
  const words = useWords()
  const said = usePeopleWords()
  const locale = useLocale()
  const [anchor, setAnchor] = useState<HTMLElement>()
  const { person, state, seen, since, codeUntil, email } = account
  const facts = [
    seen === undefined ? said.never : said.seen(shortDay(locale, seen)),
    ...(codeUntil === undefined ? [] : [said.codeUntil(shortDay(locale, codeUntil))]),
    ...(email === '' ? [] : [email]),
  ]
  return (
    <li className={state === 'disabled' ? 'disabled' : ''} title={shortDay(locale, since)}>
      <Avatar id={person.id} username={person.username} size={28} />
      <span>
        <strong>
          <bdi>{person.name}</bdi>
        </strong>
        <small className="quiet">
          @<bdi>{person.username}</bdi> · {facts.join(' · ')}
        </small>
      </span>
      {state !== 'active' && <span className="tag">{said.states[state]}</span>}
      {person.role !== 'member' && <span className="tag">{words.serverRoles[person.role]}</span>}
      {person.id !== chat.me && (
        <button
          type="button"
          className="icon"
          aria-haspopup="menu"
          aria-expanded={anchor !== undefined}
          aria-label={said.actsOn(person.username)}
          onClick={event => setAnchor(event.currentTarget)}
        >
          <MoreHorizontal size={18} />
        </button>
      )}
      {anchor && (
        <AccountMenu
          account={account}
          anchor={anchor}
          onAct={onAct}
          onChanged={onChanged}
          onClose={() => setAnchor(undefined)}
        />
      )}
    </li>
  )
}
