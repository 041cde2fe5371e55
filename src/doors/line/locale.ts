// How this door speaks to people of one language.

import type { RefusalCode } from '../../core/model/refusals.ts'
import type { Wording } from '../../wording/es.ts'
import { isLanguage, type Language, languages } from '../../wording/languages.ts'
import { refusedIn } from '../../wording/refused.ts'
import { RoomCohorts, type RoomTitles } from './rooms.ts'

export type Refused = Readonly<Record<RefusalCode, string>>

export interface Locale {
  readonly language: Language
  readonly wording: Wording
  /** Every refusal in words; one without words does not compile. */
  readonly refused: Refused
  readonly rooms: RoomCohorts
}

export class Locales {
  readonly #usual: Language
  readonly #locales: Readonly<Record<Language, Locale>>

  /** @param usual for whom has chosen none. @param shortestPassword in code points */
  constructor(titles: RoomTitles, usual: Language, shortestPassword: number) {
    const locale = (language: Language): Locale => {
      const wording = languages[language]
      const refused = refusedIn(wording, shortestPassword)
      return { language, wording, refused, rooms: new RoomCohorts(titles, wording) }
    }
    this.#usual = usual
    this.#locales = { es: locale('es'), en: locale('en') }
  }

  /** @param language of a profile; empty for the usual one */
  in(language: string): Locale {
    return this.#locales[isLanguage(language) ? language : this.#usual]
  }
}
