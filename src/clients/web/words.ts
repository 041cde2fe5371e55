// The words on the page, in the chosen language, which is a chunk of its own.

import type { WebWords } from '../../wording/web-es.ts'
import { Observable } from './model/observable.ts'
import type { Language } from './model/preferences.ts'

export type Words = WebWords

const LANGUAGES: Record<Language, () => Promise<Words>> = {
  es: async () => (await import('../../wording/web-es.ts')).web,
  en: async () => (await import('../../wording/web-en.ts')).web,
}

export class Wording extends Observable {
  words: Words
  language: Language

  private constructor(words: Words, language: Language) {
    super()
    this.words = words
    this.language = language
  }

  static async load(language: Language): Promise<Wording> {
    return new Wording(await LANGUAGES[language](), language)
  }

  /** Keeps the current language if the other one cannot be loaded. */
  async switchTo(language: Language): Promise<void> {
    const words = await LANGUAGES[language]().catch(() => undefined)
    if (!words) return
    this.words = words
    this.language = language
    this.notifyNow()
  }
}

/** @returns the sentence for a refusal's code; for an unknown one, that something failed */
export function refusalText(words: Words, code: string): string {
  return words.refusals[code as keyof Words['refusals']] ?? words.failed
}
