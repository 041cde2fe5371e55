import { useMemo } from 'react'
import { useApp, useObservable } from '../app.tsx'
import type { Locale } from '../model/times.ts'

/** The language of the page and the person's time zone. */
export function useLocale(): Locale {
  const { chat, wording } = useApp()
  const { language } = useObservable(wording)
  const zone = chat.person?.zone ?? ''
  return useMemo(() => ({ language, zone }), [language, zone])
}
