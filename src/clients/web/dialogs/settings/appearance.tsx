// How the page looks, in which language.

import { useApp, useObservable, useWords } from '../../app.tsx'
import { updateProfile } from '../../composer/commands.ts'
import { LANGUAGES, SIZES, THEMES } from '../../model/preferences.ts'
import { RadioList } from '../radio-list.tsx'

export function AppearancePage() {
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
