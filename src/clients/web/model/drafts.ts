// Unsent texts, one for each room and thread, kept in the browser.

import { getJson, keysWithPrefix, setItem } from './storage.ts'

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
  readonly #prefix: string

  constructor(person: number) {
    this.#prefix = `draft.${person}.`
  }

  /** @param key a room's number; in a thread followed by a slash and the seq of its first message */
  get(key: string): Draft {
    return getJson(this.#prefix + key, isDraft) ?? NOTHING
  }

  set(key: string, draft: Draft): void {
    const name = this.#prefix + key
    if (draft.text === '' && draft.reply === undefined) return setItem(name, undefined)
    setItem(name, JSON.stringify(draft))
    const others = keysWithPrefix(this.#prefix).filter(each => each !== name)
    for (const extra of others.slice(MOST - 1)) setItem(extra, undefined)
  }
}
