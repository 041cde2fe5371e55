// Where one is: the path says which room and message, the hash what stands beside or above it. The browser's Back
// closes a panel or a dialog, as everywhere.

import { Observable } from './observable.ts'

export interface Place {
  /** A name, or for rooms of a few people a number. */
  readonly room: string | undefined
  /** A message that one was shown the way to. */
  readonly seq: number | undefined
  /** The panel or dialog, and what it is about: thread/41. */
  readonly beside: string
}

const PATH = /^\/r\/([^/]+)(?:\/(\d{1,10}))?$/

function placeOf({ pathname, hash }: Location): Place {
  const [, room, seq] = PATH.exec(pathname) ?? []
  return {
    room: room === undefined ? undefined : decoded(room),
    seq: seq === undefined ? undefined : Number(seq),
    beside: decoded(hash.slice(1)),
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

export function pathOf(room: string, seq?: number): string {
  return `/r/${encodeURIComponent(room)}${seq === undefined ? '' : `/${seq}`}`
}

export class Route extends Observable {
  place: Place = placeOf(location)

  constructor() {
    super()
    addEventListener('popstate', () => this.#look())
  }

  go(path: string, how: 'push' | 'replace' = 'push'): void {
    if (how === 'replace') history.replaceState(history.state, '', path)
    else history.pushState({ ours: true }, '', path)
    this.#look()
  }

  /** Opens a panel or a dialog; '' closes what is open. */
  beside(what: string, how: 'push' | 'replace' = 'push'): void {
    if (what === this.place.beside) return
    if (what === '' && history.state?.ours === true && history.state.beside === true) return history.back()
    const url = `${location.pathname}${what === '' ? '' : `#${what.split('/').map(encodeURIComponent).join('/')}`}`
    const replaces = how === 'replace' || (what !== '' && this.place.beside !== '')
    if (replaces) history.replaceState(history.state, '', url)
    else history.pushState({ ours: true, beside: what !== '' }, '', url)
    this.#look()
  }

  #look(): void {
    this.place = placeOf(location)
    this.changedNow()
  }
}
