// Coming in: who has an account logs in, who has none registers; whoever is first owns the server.

import { type FormEvent, useEffect, useState } from 'react'
import { Refused } from '../../client/client.ts'
import { errorMessage, useApp, useObservable, useWords } from '../app.tsx'
import { LANGUAGES } from '../model/preferences.ts'
import type { Words } from '../words.ts'
import './log-in-screen.css'

interface Registration {
  readonly asked: 'nothing' | 'code' | 'closed'
  readonly shortestPassword: number
  /** Nobody has registered yet. */
  readonly first: boolean
}

type FormKind = 'logIn' | 'register' | 'moved'

/** @param ended why one is not in: a bye of the server's, or 'asked' */
export default function LogInScreen({ ended, onLoggedIn }: { ended: string; onLoggedIn: () => void }) {
  const words = useWords()
  const registration = useRegistration()
  useOtherTabs(onLoggedIn)
  const [chosen, setForm] = useState<FormKind>()
  const invited = new URLSearchParams(location.search).get('code') ?? ''
  const form = chosen ?? (registration?.first || invited !== '' ? 'register' : 'logIn')
  const first = registration?.first === true
  return (
    <main className="log-in-screen">
      <section className="card" aria-labelledby="log-in-title">
        <header>
          <img src="/icon.svg" width="44" height="44" alt="" />
          <h1 id="log-in-title">Tertulia</h1>
          <p className="quiet">{first ? words.entry.firstRun : words.entry.welcome}</p>
        </header>
        {ended in words.entry.ended && (
          <p className="banner" role="status">
            {words.entry.ended[ended as keyof typeof words.entry.ended]}
          </p>
        )}
        {registration && !first && form !== 'moved' && (
          <div className="switch" role="group" aria-label={words.entry.ways}>
            <button type="button" aria-pressed={form === 'logIn'} onClick={() => setForm('logIn')}>
              {words.entry.logIn}
            </button>
            <button type="button" aria-pressed={form === 'register'} onClick={() => setForm('register')}>
              {words.entry.register}
            </button>
          </div>
        )}
        {registration && form === 'logIn' && <LogInForm onLoggedIn={onLoggedIn} />}
        {registration && form === 'register' && (
          <RegisterForm registration={registration} invited={invited} onLoggedIn={onLoggedIn} />
        )}
        {form === 'moved' && <TransferForm onLoggedIn={onLoggedIn} />}
        {registration && !first && (
          <p>
            <button
              type="button"
              className="link"
              onClick={() => setForm(form === 'moved' ? 'logIn' : 'moved')}
            >
              {form === 'moved' ? words.entry.noCode : words.entry.haveCode}
            </button>
          </p>
        )}
      </section>
      <LanguageSwitch />
    </main>
  )
}

/** One may have come in elsewhere: in another tab. */
function useOtherTabs(onLoggedIn: () => void): void {
  const { chat } = useApp()
  useEffect(() => {
    const look = () =>
      void chat.api.get('/session').then(onLoggedIn, () => {
        // still outside
      })
    addEventListener('focus', look)
    return () => removeEventListener('focus', look)
  }, [chat, onLoggedIn])
}

function useRegistration(): Registration | undefined {
  const { chat } = useApp()
  const [registration, setRegistration] = useState<Registration>()
  useEffect(() => {
    const gone = new AbortController()
    const ask = () =>
      chat.api.get<Registration>('/registration').then(
        found => gone.signal.aborted || setRegistration(found),
        () => {
          const again = setTimeout(ask, 2000)
          gone.signal.addEventListener('abort', () => clearTimeout(again))
        },
      )
    void ask()
    return () => gone.abort()
  }, [chat])
  return registration
}

// --- forms -----------------------------------------------------------------------------------------------

interface FormState {
  readonly busy: boolean
  readonly error: string | undefined
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void
}

/** Sends what a form holds. */
function useForm(
  path: string,
  onLoggedIn: () => void,
  check?: (fields: Fields) => string | undefined,
): FormState {
  const { chat, wording } = useApp()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const send = async (fields: Fields) => {
    const wrong = check?.(fields)
    if (wrong !== undefined) return setError(wrong)
    setBusy(true)
    setError(undefined)
    try {
      const { repeated: _, ...body } = fields
      await chat.api.do('POST', path, { ...body, cookie: true })
      history.replaceState(history.state, '', location.pathname)
      onLoggedIn()
    } catch (error) {
      setError(logInError(wording.words, error))
      setBusy(false)
    }
  }
  return {
    busy,
    error,
    onSubmit: event => {
      event.preventDefault()
      const entries = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)])
      void send(Object.fromEntries(entries.filter(([name, value]) => name !== 'code' || value !== '')))
    },
  }
}

type Fields = Readonly<Record<string, string>>

function logInError(words: Words, error: unknown): string {
  return error instanceof Refused && error.code === 'wrong-credentials'
    ? words.entry.wrong
    : errorMessage(words, error)
}

function LogInForm({ onLoggedIn }: { onLoggedIn: () => void }) {
  const words = useWords()
  const form = useForm('/session', onLoggedIn)
  return (
    <form onSubmit={form.onSubmit}>
      <Field label={words.entry.username} name="username" autoComplete="username" isFirst />
      <Field
        label={words.entry.password}
        name="password"
        type="password"
        autoComplete="current-password"
        maxLength={256}
      />
      <Submit form={form} label={words.entry.logIn} />
    </form>
  )
}

function RegisterForm(props: { registration: Registration; invited: string; onLoggedIn: () => void }) {
  const { registration, invited, onLoggedIn } = props
  const words = useWords()
  const form = useForm('/people', onLoggedIn, ({ password, repeated }) =>
    password === repeated ? undefined : words.entry.notTheSame,
  )
  if (registration.asked === 'closed') return <p className="quiet">{words.entry.closed}</p>
  const shortest = registration.shortestPassword
  return (
    <form onSubmit={form.onSubmit}>
      <Field label={words.entry.name} name="name" autoComplete="name" maxLength={64} isFirst />
      <Field
        label={words.entry.username}
        name="username"
        autoComplete="username"
        maxLength={32}
        hint={words.entry.usernameHint}
      />
      <Field
        label={words.entry.password}
        name="password"
        type="password"
        autoComplete="new-password"
        maxLength={256}
        minLength={shortest}
        {...(shortest > 1 && { hint: words.entry.passwordHint(shortest) })}
      />
      <Field
        label={words.entry.repeat}
        name="repeated"
        type="password"
        autoComplete="new-password"
        maxLength={256}
      />
      {(registration.asked === 'code' || invited !== '') && (
        <Field
          label={words.entry.code}
          name="code"
          autoComplete="off"
          value={invited}
          isOptional={registration.asked !== 'code'}
          hint={registration.first ? words.entry.ownerCode : words.entry.codeHint}
        />
      )}
      <Submit form={form} label={words.entry.create} />
    </form>
  )
}

function TransferForm({ onLoggedIn }: { onLoggedIn: () => void }) {
  const words = useWords()
  const form = useForm('/session/moved', onLoggedIn)
  return (
    <form onSubmit={form.onSubmit}>
      <Field
        label={words.entry.moveCode}
        name="code"
        autoComplete="off"
        hint={words.entry.moveHint}
        isFirst
      />
      <Submit form={form} label={words.entry.goOn} />
    </form>
  )
}

interface FieldProps {
  readonly label: string
  readonly name: string
  readonly autoComplete: string
  readonly type?: 'password'
  readonly maxLength?: number
  readonly minLength?: number
  readonly hint?: string
  readonly value?: string
  readonly isFirst?: true
  readonly isOptional?: boolean
}

function Field({ label, name, type, hint, value, isFirst, isOptional = false, ...rest }: FieldProps) {
  const isName = name === 'username' || name === 'code'
  return (
    <div className="field">
      <label htmlFor={`log-in-${name}`}>{label}</label>
      <input
        id={`log-in-${name}`}
        name={name}
        type={type ?? 'text'}
        defaultValue={value}
        required={!isOptional}
        // biome-ignore lint/a11y/noAutofocus: that is what the page is for
        autoFocus={isFirst}
        {...(isName && { autoCapitalize: 'none', spellCheck: false })}
        {...(hint !== undefined && { 'aria-describedby': `log-in-${name}-hint` })}
        {...rest}
      />
      {hint !== undefined && (
        <small id={`log-in-${name}-hint`} className="quiet">
          {hint}
        </small>
      )}
    </div>
  )
}

function Submit({ form, label }: { form: FormState; label: string }) {
  return (
    <>
      <p className="error" role="alert">
        {form.error}
      </p>
      <button type="submit" className="primary" disabled={form.busy}>
        {label}
      </button>
    </>
  )
}

function LanguageSwitch() {
  const { preferences } = useApp()
  const words = useWords()
  const { language } = useObservable(preferences)
  return (
    <p className="languages" role="group" aria-label={words.settings.language}>
      {LANGUAGES.map(each => (
        <button
          key={each}
          type="button"
          className="link"
          lang={each}
          aria-pressed={each === language}
          onClick={() => preferences.set({ language: each })}
        >
          {{ es: 'Español', en: 'English' }[each]}
        </button>
      ))}
    </p>
  )
}
