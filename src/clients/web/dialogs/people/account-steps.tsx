// What is done about an account, a step at a time: nothing happens before it is confirmed.

import { type ReactNode, useState } from 'react'
import type { Account } from '../../../../wire/accounts.ts'
import { attempt, useApp, useWords } from '../../app.tsx'
import type { StoredSession } from '../../model/api.ts'
import { dayAndTime, shortDay } from '../../model/times.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { focusAtOnce } from '../../ui/focus.ts'
import { useLocale } from '../../ui/locale.ts'
import { usePeopleWords } from '../../ui/people-words.ts'
import { useQuery } from '../../ui/use-query.ts'
import { RadioList } from '../radio-list.tsx'
import type { AccountAct } from './account-menu.tsx'

const ROLES = ['owner', 'admin', 'member', 'guest', 'bot'] as const

interface StepProps {
  readonly account: Account
  readonly onDone: () => void
}

const STEPS: Record<AccountAct, (props: StepProps) => ReactNode> = {
  role: RoleStep,
  code: CodeStep,
  sessions: SessionsStep,
  disable: DisableStep,
}

export function AccountStep({ act, ...props }: StepProps & { act: AccountAct }) {
  const Step = STEPS[act]
  return <Step {...props} />
}

function pathOf({ person }: Account, what: string): string {
  return `/people/${encodeURIComponent(person.username)}/${what}`
}

interface FrameProps {
  readonly title: string
  readonly children: ReactNode
  readonly onDone: () => void
  /** The button that does it. */
  readonly yes?: ReactNode
}

function StepFrame({ title, children, onDone, yes }: FrameProps) {
  const said = usePeopleWords()
  return (
    <section className="account-step" aria-label={title}>
      <h3>{title}</h3>
      {children}
      <div className="buttons end">
        <button type="button" ref={focusAtOnce} onClick={onDone}>
          {said.back}
        </button>
        {yes}
      </div>
    </section>
  )
}

/** An owner is made only after a sentence that says what it means. */
function RoleStep({ account, onDone }: StepProps) {
  const app = useApp()
  const words = useWords()
  const said = usePeopleWords()
  const { person } = account
  const [role, setRole] = useState(person.role)
  const becomesOwner = role === 'owner' && person.role !== 'owner'
  const save = async () => {
    if (await attempt(app, () => app.chat.api.do('PUT', pathOf(account, 'role'), { role }))) onDone()
  }
  return (
    <StepFrame
      title={said.roleTitle(person.username)}
      onDone={onDone}
      yes={
        <button
          type="button"
          className={becomesOwner ? 'danger' : 'primary'}
          disabled={role === person.role}
          onClick={() => void save()}
        >
          {becomesOwner ? said.makeOwnerYes : said.save}
        </button>
      }
    >
      <RadioList
        title={said.role}
        name="role"
        values={ROLES}
        value={role}
        names={words.serverRoles}
        hints={said.roleHints}
        onChoose={setRole}
      />
      {becomesOwner && (
        <p className="banner" role="alert">
          {said.makeOwner(person.username)}
        </p>
      )}
    </StepFrame>
  )
}

function DisableStep({ account, onDone }: StepProps) {
  const app = useApp()
  const words = useWords()
  const said = usePeopleWords()
  const disable = async () => {
    const done = () => app.chat.api.do('PUT', pathOf(account, 'disabled'), { disabled: true })
    if (await attempt(app, done)) onDone()
  }
  return (
    <StepFrame
      title={said.disableTitle(account.person.username)}
      onDone={onDone}
      yes={
        <button type="button" className="danger" onClick={() => void disable()}>
          {words.people.disable}
        </button>
      }
    >
      <p>{said.disableText}</p>
    </StepFrame>
  )
}

function CodeStep({ account, onDone }: StepProps) {
  const app = useApp()
  const said = usePeopleWords()
  const locale = useLocale()
  const [made, setMade] = useState<{ code: string; until: number }>()
  const { username } = account.person
  const make = () =>
    attempt(app, async () => setMade(await app.chat.api.do('POST', pathOf(account, 'code'), {})))
  return (
    <StepFrame
      title={said.codeTitle(username)}
      onDone={onDone}
      yes={
        !made && (
          <button type="button" className="primary" onClick={() => void make()}>
            {said.makeCode}
          </button>
        )
      }
    >
      <p>{said.codeText}</p>
      {made && (
        <p className="banner made-code" role="status">
          {said.codeIs(username, shortDay(locale, made.until))}
          <span className="buttons">
            <code className="code">{made.code}</code>
            <CopyButton text={made.code} label={said.copy} />
          </span>
        </p>
      )}
    </StepFrame>
  )
}

function SessionsStep({ account, onDone }: StepProps) {
  const app = useApp()
  const words = useWords()
  const said = usePeopleWords()
  const locale = useLocale()
  const { api } = app.chat
  const [changes, setChanges] = useState(0)
  const path = pathOf(account, 'sessions')
  const query = useQuery(`${path}/${changes}`, () =>
    api.get<{ sessions: readonly Omit<StoredSession, 'current'>[] }>(path),
  )
  const end = async (which: string) => {
    if (!(await attempt(app, () => api.do('DELETE', `${path}${which}`)))) return
    if (which === '') app.toasts.add(said.sessionsEnded)
    setChanges(changes + 1)
  }
  const sessions = query.is === 'ready' ? query.value.sessions : []
  return (
    <StepFrame
      title={said.sessionsTitle(account.person.username)}
      onDone={onDone}
      yes={
        sessions.length > 0 && (
          <button type="button" className="danger" onClick={() => void end('')}>
            {said.endAll}
          </button>
        )
      }
    >
      {query.is === 'failed' && <p className="error">{query.error}</p>}
      {query.is === 'ready' && sessions.length === 0 && <p className="quiet empty">{said.noSessions}</p>}
      <ul className="list">
        {sessions.map(({ id, door, address, since, token }) => (
          <li key={id}>
            <span>
              <strong>{token && token.name !== '' ? token.name : words.settings.doors[door]}</strong>
              <small className="quiet">
                {address} · {words.settings.since(dayAndTime(locale, since))}
              </small>
            </span>
            <button
              type="button"
              className="danger"
              aria-label={words.settings.endOne(id)}
              onClick={() => void end(`/${id}`)}
            >
              {words.settings.end}
            </button>
          </li>
        ))}
      </ul>
    </StepFrame>
  )
}
