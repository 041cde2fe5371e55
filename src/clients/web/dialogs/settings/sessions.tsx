// Where one is logged in, and tokens for programs.

import { type FormEvent, useState } from 'react'
import { attempt, useApp, useWords } from '../../app.tsx'
import type { StoredSession } from '../../model/api.ts'
import { clock, shortDay } from '../../model/times.ts'
import { useLocale } from '../../ui/locale.ts'
import { useQuery } from '../../ui/use-query.ts'
import type { Words } from '../../words.ts'

const SCOPES = ['read', 'write', 'admin'] as const

export function SessionsPage() {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { api } = app.chat
  const [changes, setChanges] = useState(0)
  const [issued, setIssued] = useState<string>()
  const query = useQuery(`${changes}`, () => api.get<{ sessions: readonly StoredSession[] }>('/me/sessions'))
  const run = async (action: () => Promise<unknown>) => {
    if (await attempt(app, action)) setChanges(changes + 1)
  }
  const endOthers = () =>
    run(async () => {
      const { ended } = await api.do<{ ended: number }>('DELETE', '/me/sessions')
      app.toasts.add(words.settings.othersEnded(ended))
    })
  const issue = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const wish = { name: String(fields.get('name')), scope: String(fields.get('scope')) }
    void run(async () => setIssued((await api.do<{ token: string }>('POST', '/me/tokens', wish)).token))
  }
  return (
    <>
      {query.is === 'failed' && <p className="error">{query.error}</p>}
      <ul className="list">
        {query.is === 'ready' &&
          query.value.sessions.map(session => (
            <li key={session.id}>
              <span>
                <strong>{nameOf(session, words)}</strong>
                {session.current && <span className="tag">{words.settings.thisOne}</span>}
                <small className="quiet">
                  {session.address} · {words.settings.since(shortDay(locale, session.since))}
                  {!session.current && session.token && (
                    <>
                      {' '}
                      ·{' '}
                      {words.settings.lastUse(
                        `${shortDay(locale, session.used)}, ${clock(locale, session.used)}`,
                      )}
                    </>
                  )}
                  {session.token?.until !== undefined &&
                    ` · ${words.until(shortDay(locale, session.token.until))}`}
                </small>
              </span>
              {!session.current && (
                <button
                  type="button"
                  className="danger"
                  aria-label={words.settings.endOne(session.id)}
                  onClick={() => void run(() => api.do('DELETE', `/me/sessions/${session.id}`))}
                >
                  {words.settings.end}
                </button>
              )}
            </li>
          ))}
      </ul>
      {query.is === 'ready' && query.value.sessions.some(isOther) && (
        <>
          <p className="quiet">{words.settings.endOthersHint}</p>
          <p>
            <button type="button" className="danger" onClick={() => void endOthers()}>
              {words.settings.endOthers}
            </button>
          </p>
        </>
      )}
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

/** Another session of a person, not of a program. */
function isOther({ current, token }: StoredSession): boolean {
  return !current && (token === undefined || token.name === '')
}

function nameOf({ token, client, door }: StoredSession, words: Words): string {
  if (token && token.name !== '') return token.name
  return client ? words.settings.client(client.browser, client.system) : words.settings.doors[door]
}
