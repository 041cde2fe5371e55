// The screen on which one logs in, registers, or continues a session from another door.

import { useEffect, useState } from 'react'
import { useApp, useObservable, useWords } from '../app.tsx'
import { LANGUAGES } from '../model/preferences.ts'
import { codeOfLink } from './invited.ts'
import { LogInForm, RegisterForm, TransferForm } from './log-in-forms.tsx'
import { useRegistration } from './use-registration.ts'
import './log-in-screen.css'

type FormKind = 'logIn' | 'register' | 'moved'

/** @param ended why one is not logged in: the reason why the client is closed */
export default function LogInScreen({ ended, onLoggedIn }: { ended: string; onLoggedIn: () => void }) {
  const words = useWords()
  const registration = useRegistration()
  useOtherTabs(onLoggedIn)
  const [chosen, setForm] = useState<FormKind>()
  const invited = codeOfLink()
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

/** Notices a log-in in another tab when this one gets the focus. */
function useOtherTabs(onLoggedIn: () => void): void {
  const { chat } = useApp()
  useEffect(() => {
    const look = () =>
      void chat.api.get('/session').then(onLoggedIn, () => {
        // still not logged in
      })
    addEventListener('focus', look)
    return () => removeEventListener('focus', look)
  }, [chat, onLoggedIn])
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
