// How one likes the page to look and when to be notified, kept in this browser.

import { Observable } from './observable.ts'
import { getJson, setItem } from './storage.ts'

export const THEMES = ['system', 'light', 'dark', 'contrast'] as const
export const SIZES = ['small', 'normal', 'large', 'huge'] as const
export const NOTICES = ['mentions', 'everything', 'nothing'] as const
export const LANGUAGES = ['es', 'en'] as const

export type Theme = (typeof THEMES)[number]
export type Size = (typeof SIZES)[number]
/** What one is notified of while looking elsewhere. */
export type Notices = (typeof NOTICES)[number]
export type Language = (typeof LANGUAGES)[number]

interface Values {
  readonly theme: Theme
  readonly size: Size
  readonly notices: Notices
  readonly sound: boolean
  /** undefined: the browser's. */
  readonly language: Language | undefined
}

const KEY = 'settings'
const INITIAL: Values = {
  theme: 'system',
  size: 'normal',
  notices: 'mentions',
  sound: false,
  language: undefined,
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function oneOf<Value>(values: readonly Value[], value: unknown, otherwise: Value): Value {
  return values.find(each => each === value) ?? otherwise
}

function read(): Values {
  const stored = getJson(KEY, isObject) ?? {}
  return {
    theme: oneOf(THEMES, stored.theme, INITIAL.theme),
    size: oneOf(SIZES, stored.size, INITIAL.size),
    notices: oneOf(NOTICES, stored.notices, INITIAL.notices),
    sound: stored.sound === true,
    language: oneOf<Language | undefined>(LANGUAGES, stored.language, undefined),
  }
}

export class Preferences extends Observable {
  values: Values = read()

  set(change: Partial<Values>): void {
    this.values = { ...this.values, ...change }
    setItem(KEY, JSON.stringify(this.values))
    this.applyToPage()
    this.notifyNow()
  }

  /** Sets data-theme and data-size, which the styles select by. */
  applyToPage(): void {
    const { theme, size } = this.values
    Object.assign(document.documentElement.dataset, { theme, size })
  }

  get language(): Language {
    return this.values.language ?? (navigator.language.toLowerCase().startsWith('es') ? 'es' : 'en')
  }
}

/** Items of the storage that stay when one logs out. */
export const KEPT_KEYS = [KEY]
