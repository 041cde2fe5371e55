// How this door speaks to people of one language.

import type { RefusalCode } from '../../core/model/refusals.ts'
import type { Wording } from '../../wording/es.ts'
import { isLanguage, type Language, languages } from '../../wording/languages.ts'
import { refusedIn } from '../../wording/refused.ts'
import { ShownRooms, type Titles } from './rooms.ts'

export type Refused = Readonly<Record<RefusalCode, string>>

export interface Voice {
  readonly language: Language
  readonly wording: Wording
  /** Every refusal in words; one without words does not compile. */
  readonly refused: Refused
  readonly rooms: ShownRooms
}

export class Voices {
  readonly #usual: Language
  readonly #voices: Readonly<Record<Language, Voice>>

  /** @param usual for whom has chosen none. @param shortestPassword in code points */
  constructor(titles: Titles, usual: Language, shortestPassword: number) {
    const voice = (language: Language): Voice => {
      const wording = languages[language]
      const refused = refusedIn(wording, shortestPassword)
      return { language, wording, refused, rooms: new ShownRooms(titles, wording) }
    }
    this.#usual = usual
    this.#voices = { es: voice('es'), en: voice('en') }
  }

  /** @param language of a profile; empty for the usual one */
  in(language: string): Voice {
    return this.#voices[isLanguage(language) ? language : this.#usual]
  }
}
