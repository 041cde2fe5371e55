import { type FormEvent, useState } from 'react'
import { attempt, useApp, useWords } from '../../app.tsx'

export function PasswordPage() {
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
