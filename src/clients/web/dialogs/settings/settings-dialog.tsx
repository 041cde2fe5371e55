// What one can set: oneself, how the page looks, how it calls, where one is in.

import { type FormEvent, type ReactNode, useState } from 'react'
import { attempt, useApp, useObservable, useWords } from '../app.tsx'
import { updateProfile } from '../composer/commands.ts'
import type { StoredSession } from '../model/api.ts'
import { LANGUAGES, NOTICES, SIZES, THEMES } from '../model/preferences.ts'
import { dayAndTime, shortDay } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { useQuery } from '../ui/use-query.ts'
import { Dialog } from './dialog.tsx'
import { RadioList } from './radio-list.tsx'
import { SingleFieldForm } from './single-field-form.tsx'

const PAGES = ['look', 'notices', 'profile', 'sessions', 'password'] as const
type PageName = (typeof PAGES)[number]

const PAGE_COMPONENTS: Record<PageName, () => ReactNode> = {
  look: AppearancePage,
  notices: NotificationsPage,
  profile: ProfilePage,
  sessions: SessionsPage,
  password: PasswordPage,
}

export default function SettingsDialog({ page }: { page: string }) {
  const { route } = useApp()
  const words = useWords()
  const current = PAGES.find(each => each === page) ?? 'look'
  const CurrentPage = PAGE_COMPONENTS[current]
  return (
    <Dialog title={words.settings.title} size="large">
      <div className="pages">
        <nav aria-label={words.settings.title}>
          {PAGES.map(each => (
            <button
              key={each}
              type="button"
              className="plain"
              aria-current={each === current ? 'page' : undefined}
              onClick={() => route.open(`settings/${each}`)}
            >
              {words.settings.pages[each]}
            </button>
          ))}
        </nav>
        <div className="page">
          <CurrentPage />
        </div>
      </div>
    </Dialog>
  )
}

// --- how the page looks and calls ------------------------------------------------------------------------

function AppearancePage() {
  const app = useApp()
  const words = useWords()
  const { preferences } = app
  const { theme, size } = useObservable(preferences).values
  return (
    <>
      <RadioList
        title={words.settings.language}
        name="language"
        values={LANGUAGES}
        value={preferences.language}
        names={{ es: 'Español', en: 'English' }}
        onChoose={language => {
          preferences.set({ language })
          void updateProfile(app, { language })
        }}
      />
      <RadioList
        title={words.settings.theme}
        name="theme"
        values={THEMES}
        value={theme}
        names={words.settings.themes}
        onChoose={next => preferences.set({ theme: next })}
      />
      <RadioList
        title={words.settings.size}
        name="size"
        values={SIZES}
        value={size}
        names={words.settings.sizes}
        onChoose={next => preferences.set({ size: next })}
      />
    </>
  )
}

function NotificationsPage() {
  const { preferences } = useApp()
  const words = useWords()
  const { notices, sound } = useObservable(preferences).values
  const [permission, setPermission] = useState(
    typeof Notification === 'undefined' ? 'denied' : Notification.permission,
  )
  return (
    <>
      {permission === 'default' && (
        <p>
          <button
            type="button"
            className="primary"
            onClick={() => void Notification.requestPermission().then(setPermission)}
          >
            {words.settings.allowNotices}
          </button>
        </p>
      )}
      {permission === 'denied' && <p className="quiet">{words.settings.noticesDenied}</p>}
      <RadioList
        title={words.settings.notices}
        name="notices"
        values={NOTICES}
        value={notices}
        names={words.settings.noticeNames}
        onChoose={next => preferences.set({ notices: next })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={sound}
          onChange={event => preferences.set({ sound: event.currentTarget.checked })}
        />
        <span>{words.settings.sound}</span>
      </label>
    </>
  )
}

// --- oneself ---------------------------------------------------------------------------------------------

function ProfilePage() {
  const app = useApp()
  const words = useWords()
  const { person } = useObservable(app.chat)
  if (!person) return null
  return (
    <>
      <p className="quiet">
        @<bdi>{person.username}</bdi> · {words.serverRoles[person.role]}
      </p>
      <SingleFieldForm
        key={`name${person.name}`}
        label={words.entry.name}
        value={person.name}
        longest={64}
        onSave={name => void updateProfile(app, { name })}
      />
      <SingleFieldForm
        key={`status${person.status}`}
        label={words.settings.status}
        value={person.status}
        longest={100}
        onSave={status => void updateProfile(app, { status })}
      />
      <label className="field">
        {words.settings.zone}
        <select
          value={person.zone}
          onChange={event => void updateProfile(app, { zone: event.currentTarget.value })}
        >
          <option value="">{words.settings.noZone}</option>
          {zones(person.zone).map(zone => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
      </label>
      <LogOut />
    </>
  )
}

function zones(current: string): readonly string[] {
  const all = Intl.supportedValuesOf('timeZone')
  return current === '' || all.includes(current) ? all : [current, ...all]
}

function LogOut() {
  const app = useApp()
  const words = useWords()
  const { chat } = app
  const unsent = chat.outbox.posts.length
  const out = () =>
    attempt(app, async () => {
      chat.isLoggingOut = true
      await chat.api.do('DELETE', '/session').finally(() => {
        chat.isLoggingOut = false
      })
      app.route.go('/', 'replace')
      chat.client.close()
    })
  return (
    <section>
      {unsent > 0 && <p className="banner">{words.settings.unsent(unsent)}</p>}
      <button type="button" className="danger" onClick={() => void out()}>
        {words.settings.logOut}
      </button>
    </section>
  )
}

function PasswordPage() {
  const app = useApp()
  const words = useWords()
  const [done, setDone] = useState(0)
  const change = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const [before, after] = [String(fields.get('before')), String(fields.get('after'))]
    if (after !== fields.get('repeated')) return app.toasts.add(words.entry.notTheSame, 'error')
    if (await attempt(app, () => app.chat.api.do('PUT', '/me/password', { before, after }))) {
      app.toasts.add(words.settings.passwordChanged)
      setDone(done + 1)
    }
  }
  const { username } = app.chat.person ?? {}
  return (
    <form key={done} onSubmit={event => void change(event)}>
      <input type="hidden" autoComplete="username" value={username} readOnly />
      <PasswordField label={words.settings.before} name="before" autoComplete="current-password" />
      <PasswordField label={words.settings.after} name="after" autoComplete="new-password" />
      <PasswordField label={words.entry.repeat} name="repeated" autoComplete="new-password" />
      <p className="quiet">{words.settings.passwordHint}</p>
      <button type="submit" className="primary">
        {words.settings.changePassword}
      </button>
    </form>
  )
}

function PasswordField({ label, ...rest }: { label: string; name: string; autoComplete: string }) {
  return (
    <label className="field">
      {label}
      <input type="password" maxLength={256} required {...rest} />
    </label>
  )
}

// --- where one is in -------------------------------------------------------------------------------------

const SCOPES = ['read', 'write', 'admin'] as const

function SessionsPage() {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { api } = app.chat
  const [changes, setChanges] = useState(0)
  const [issued, setIssued] = useState<string>()
  const query = useQuery(`${changes}`, () => api.get<{ sessions: readonly StoredSession[] }>('/me/sessions'))
  const act = async (action: () => Promise<unknown>) => {
    if (await attempt(app, action)) setChanges(changes + 1)
  }
  const issue = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const wish = { name: String(fields.get('name')), scope: String(fields.get('scope')) }
    void act(async () => setIssued((await api.do<{ token: string }>('POST', '/me/tokens', wish)).token))
  }
  return (
    <>
      {query.is === 'failed' && <p className="error">{query.why}</p>}
      <ul className="list">
        {query.is === 'there' &&
          query.value.sessions.map(session => (
            <li key={session.id}>
              <span>
                <strong>
                  {session.token && session.token.name !== ''
                    ? session.token.name
                    : words.settings.doors[session.door]}
                </strong>
                {session.current && <span className="tag">{words.settings.thisOne}</span>}
                <small className="quiet">
                  {session.address} · {words.settings.since(dayAndTime(locale, session.since))}
                  {session.token?.until !== undefined &&
                    ` · ${words.until(shortDay(locale, session.token.until))}`}
                </small>
              </span>
              {!session.current && (
                <button
                  type="button"
                  className="danger"
                  aria-label={words.settings.endOne(session.id)}
                  onClick={() => void act(() => api.do('DELETE', `/me/sessions/${session.id}`))}
                >
                  {words.settings.end}
                </button>
              )}
            </li>
          ))}
      </ul>
      <h3>{words.settings.newToken}</h3>
      <p className="quiet">{words.settings.tokenHint}</p>
      <form className="inline" onSubmit={issue}>
        <label className="field">
          {words.settings.tokenName}
          <input name="name" maxLength={64} required />
        </label>
        <label className="field">
          {words.settings.scope}
          <select name="scope" defaultValue="write">
            {SCOPES.map(scope => (
              <option key={scope} value={scope}>
                {words.settings.scopes[scope]}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">{words.settings.issue}</button>
      </form>
      {issued !== undefined && (
        <p className="banner" role="status">
          {words.settings.tokenIs}
          <code className="code">{issued}</code>
        </p>
      )}
      <p>
        <button type="button" className="link" onClick={() => app.route.open('move')}>
          {words.move.title}
        </button>
      </p>
    </>
  )
}
