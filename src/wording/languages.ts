// The languages of everything that people read.

import { en } from './en.ts'
import { es, type Wording } from './es.ts'

export type Language = 'es' | 'en'

export const languages: Readonly<Record<Language, Wording>> = { es, en }

export function isLanguage(name: string): name is Language {
  return Object.hasOwn(languages, name)
}
