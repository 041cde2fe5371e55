// The sentences and displays of the line door in each language.

import type { RefusalCode } from '../../core/model/refusals.ts'
import type { Wording } from '../../wording/es.ts'
import { isLanguage, type Language, languages } from '../../wording/languages.ts'
import { refusedIn } from '../../wording/refused.ts'
import type { LineContext } from './render.ts'
import { RoomCohorts, type RoomTitles } from './rooms.ts'

export type Refused = Readonly<Record<RefusalCode, string>>

export interface Locale {
  readonly language: Language
  readonly wording: Wording
  /** A sentence for every refusal code; a missing one does not compile. */
  readonly refused: Refused
  readonly rooms: RoomCohorts
}

interface LocaleSettings {
  /** The language of people who have chosen none. */
  readonly usual: Language
  /** In code points. */
  readonly shortestPassword: number
  readonly webUrl: LineContext['webUrl']
}

export class Locales {
  readonly #usual: Language
  readonly #locales: Readonly<Record<Language, Locale>>

  constructor(titles: RoomTitles, { usual, shortestPassword, webUrl }: LocaleSettings) {
    const locale = (language: Language): Locale => {
      const wording = languages[language]
      const refused = refusedIn(wording, shortestPassword)
      return { language, wording, refused, rooms: new RoomCohorts(titles, { wording, webUrl }) }
    }
    this.#usual = usual
    this.#locales = { es: locale('es'), en: locale('en') }
  }

  /** @param language from a profile; empty for the usual one */
  in(language: string): Locale {
    return this.#locales[isLanguage(language) ? language : this.#usual]
  }
}
