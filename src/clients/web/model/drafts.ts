// Unsent texts, one for each room and thread, kept in the browser. Tabs share them: what is typed in one shows in another, but
// never in the place of what is being typed there. A tab whose text has come apart keeps its own.

import { Observable } from './observable.ts'
import { getJson, keysWithPrefix, onItemChange, setItem } from './storage.ts'

export interface Draft {
  readonly text: string
  readonly reply?: number
}

const MOST = 50
const NOTHING: Draft = { text: '' }
/** Before the tab's name, in the key of a draft that is the tab's own. */
const APART = '@'

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false
  const { text, reply } = value as Partial<Draft>
  return typeof text === 'string' && (reply === undefined || typeof reply === 'number')
}

function isEmpty({ text, reply }: Draft): boolean {
  return text === '' && reply === undefined
}

/** Tells when a room begins to have a draft, and when it has none any more. */
export class Drafts extends Observable {
  /** The keys of all drafts, as `get` takes them. */
  #keys: ReadonlySet<string>
  readonly #prefix: string
  readonly #tab: string
  /** What one is typing here. */
  readonly #typed = new Map<string, Draft>()
  readonly #listeners = new Map<string, Set<(draft: Draft) => void>>()

  /** @param tab a name of this tab that outlasts a reload */
  constructor(person: number, tab: string) {
    super()
    this.#prefix = `draft.${person}.`
    this.#tab = tab
    this.#keys = this.#storedKeys()
    onItemChange(name => {
      if (name.startsWith(this.#prefix)) this.#hear(name.slice(this.#prefix.length))
    })
  }

  /** @param key a room's number; in a thread followed by a slash and the seq of its first message */
  get(key: string): Draft {
    return getJson(this.#ownName(key), isDraft) ?? getJson(this.#prefix + key, isDraft) ?? NOTHING
  }

  /** Whether something is unsent in a room or one of its threads. */
  isIn(room: number): boolean {
    const start = String(room)
    for (const key of this.#keys) if (key === start || key.startsWith(`${start}/`)) return true
    return false
  }

  set(key: string, draft: Draft): void {
    const isApart = getJson(this.#ownName(key), isDraft) !== undefined
    if (isEmpty(draft)) this.#typed.delete(key)
    else this.#typed.set(key, draft)
    this.#store(isApart ? this.#ownName(key) : this.#prefix + key, draft)
    this.#update()
  }

  /** Tells what another tab has made of a draft. @returns what ends that */
  listen(key: string, listener: (draft: Draft) => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  #ownName(key: string): string {
    return `${this.#prefix}${key}${APART}${this.#tab}`
  }

  #store(name: string, draft: Draft): void {
    if (isEmpty(draft)) return setItem(name, undefined)
    setItem(name, JSON.stringify(draft))
    const others = keysWithPrefix(this.#prefix).filter(each => each !== name)
    for (const extra of others.slice(MOST - 1)) setItem(extra, undefined)
  }

  /** Another tab has changed what all share. */
  #hear(key: string): void {
    this.#update()
    if (key.includes(APART) || getJson(this.#ownName(key), isDraft) !== undefined) return
    const typed = this.#typed.get(key)
    if (typed && document.hasFocus()) return this.#store(this.#ownName(key), typed)
    this.#typed.delete(key)
    for (const listener of this.#listeners.get(key) ?? []) listener(this.get(key))
  }

  #update(): void {
    const keys = this.#storedKeys()
    if (keys.size === this.#keys.size && keys.isSubsetOf(this.#keys)) return
    this.#keys = keys
    this.notify()
  }

  #storedKeys(): ReadonlySet<string> {
    const names = keysWithPrefix(this.#prefix).map(name => name.slice(this.#prefix.length))
    return new Set(
      names.filter(key => !key.includes(APART) || key.endsWith(APART + this.#tab)).map(sharedKey),
    )
  }
}

function sharedKey(key: string): string {
  return key.split(APART, 1)[0] ?? key
}
