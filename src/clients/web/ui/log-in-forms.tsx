// The three forms of the log-in screen.

import { useState } from 'react'
import { useWords } from '../app.tsx'
import { focusAtOnce } from './focus.ts'
import { type FormState, useLogInForm } from './use-log-in-form.ts'
import type { Registration } from './use-registration.ts'

export function LogInForm({ onLoggedIn }: { onLoggedIn: () => void }) {
  const words = useWords()
  const form = useLogInForm('/session', onLoggedIn, ({ newPassword, repeated }) =>
    newPassword === repeated ? undefined : words.entry.notTheSame,
  )
  const hasUsedCode = form.refused === 'new-password-needed'
  const [isCode, setCode] = useState(false)
  if (hasUsedCode && !isCode) setCode(true)
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
      {isCode && <NewPassword />}
      <Submit form={form} label={words.entry.logIn} />
    </form>
  )
}

/** Beside a one-time code in place of the password: the one that it is replaced by. */
function NewPassword() {
  const words = useWords()
  return (
    <>
      <Field
        label={words.settings.after}
        name="newPassword"
        type="password"
        autoComplete="new-password"
        maxLength={256}
        isFirst
      />
      <Field
        label={words.entry.repeat}
        name="repeated"
        type="password"
        autoComplete="new-password"
        maxLength={256}
      />
    </>
  )
}

export function RegisterForm(props: { registration: Registration; invited: string; onLoggedIn: () => void }) {
  const { registration, invited, onLoggedIn } = props
  const words = useWords()
  const form = useLogInForm('/people', onLoggedIn, ({ password, repeated }) =>
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

export function TransferForm({ onLoggedIn }: { onLoggedIn: () => void }) {
  const words = useWords()
  const form = useLogInForm('/session/moved', onLoggedIn)
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
        ref={isFirst ? focusAtOnce : undefined}
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
