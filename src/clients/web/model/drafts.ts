// What a person has begun to write, for each place, and what it answers.

import { keep, keptJson, keptUnder } from './storage.ts'

export interface Draft {
  readonly text: string
  readonly reply?: number
}

const MOST = 50
const NOTHING: Draft = { text: '' }

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false
  const { text, reply } = value as Partial<Draft>
  return typeof text === 'string' && (reply === undefined || typeof reply === 'number')
}

export class Drafts {
  readonly #under: string

  constructor(person: number) {
    this.#under = `draft.${person}.`
  }

  /** @param place a room's number; with a thread's, behind a slash */
  of(place: string): Draft {
    return keptJson(this.#under + place, isDraft) ?? NOTHING
  }

  keep(place: string, draft: Draft): void {
    const name = this.#under + place
    if (draft.text === '' && draft.reply === undefined) return keep(name, undefined)
    keep(name, JSON.stringify(draft))
    const others = keptUnder(this.#under).filter(each => each !== name)
    for (const extra of others.slice(MOST - 1)) keep(extra, undefined)
  }
}
