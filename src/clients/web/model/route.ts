// Where one is: the path says which room and message, the hash what stands beside or above it. The browser's Back
// closes a panel or a dialog, as everywhere.

import { Observable } from './observable.ts'

export interface RouteLocation {
  /** A name, or for rooms of a few people a number. */
  readonly room: string | undefined
  /** A message that one was shown the way to. */
  readonly seq: number | undefined
  /** The panel beside the room, and what it is about: thread/41. */
  readonly panel: string
  /** What stands above all: a dialog, or on a phone the rooms. */
  readonly overlay: string
}

/** What stands beside the room; all else stands above it. */
const PANELS: ReadonlySet<string> = new Set(['thread', 'members', 'pins', 'search', 'person'])

function isPanel(what: string): boolean {
  return PANELS.has(what.split('/', 1)[0] ?? '')
}

const PATH = /^\/r\/([^/]+)(?:\/(\d{1,10}))?$/

function parseLocation({ pathname, hash }: Location): RouteLocation {
  const [, room, seq] = PATH.exec(pathname) ?? []
  const parts = hash.slice(1).split('~').map(decoded)
  return {
    room: room === undefined ? undefined : decoded(room),
    seq: seq === undefined ? undefined : Number(seq),
    panel: parts.find(isPanel) ?? '',
    overlay: parts.find(part => part !== '' && !isPanel(part)) ?? '',
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

/** The sign between the two parts is no part of them. */
function encoded(part: string): string {
  return encodeURIComponent(part).replaceAll('~', '%7E')
}

export function pathOf(room: string, seq?: number): string {
  return `/r/${encodeURIComponent(room)}${seq === undefined ? '' : `/${seq}`}`
}

export class Route extends Observable {
  location: RouteLocation = parseLocation(location)
  /** Back is on its way: closing twice is closing once, and what is wanted meanwhile comes after it. */
  #closing: (() => void)[] | undefined

  constructor() {
    super()
    addEventListener('popstate', () => {
      const wanted = this.#closing ?? []
      this.#closing = undefined
      this.#look()
      for (const each of wanted) each()
    })
  }

  /** Somewhere else; what stood above is gone, and Back does not lead to it. */
  go(path: string, how: 'push' | 'replace' = 'push'): void {
    if (this.#closing) this.#closing.push(() => this.go(path, how))
    else this.#goNow(path, how)
  }

  #goNow(path: string, how: 'push' | 'replace'): void {
    if (how === 'replace' || this.location.overlay !== '') history.replaceState({ ours: true }, '', path)
    else history.pushState({ ours: true }, '', path)
    this.#look()
  }

  /** Opens a panel or a dialog. */
  open(what: string): void {
    if (this.#closing) this.#closing.push(() => this.open(what))
    else this.#openNow(what)
  }

  #openNow(what: string): void {
    const { panel, overlay } = this.location
    if (isPanel(what)) this.#show({ panel: what, overlay: '' }, panel === '' && overlay === '')
    else this.#show({ panel, overlay: what }, overlay === '')
  }

  /** Closes the dialog, or else the panel. */
  close(): void {
    const { panel, overlay } = this.location
    if ((panel === '' && overlay === '') || this.#closing) return
    if (history.state?.opened === true) {
      this.#closing = []
      return history.back()
    }
    this.#show({ panel: overlay === '' ? '' : panel, overlay: '' }, false)
  }

  /** @param isMore it closes by Back; else it takes the place of what is open */
  #show({ panel, overlay }: Pick<RouteLocation, 'panel' | 'overlay'>, isMore: boolean): void {
    const parts = [panel, overlay]
      .filter(part => part !== '')
      .map(part => part.split('/').map(encoded).join('/'))
    const url = `${location.pathname}${parts.length === 0 ? '' : `#${parts.join('~')}`}`
    if (isMore) history.pushState({ ours: true, opened: true }, '', url)
    else history.replaceState({ ...history.state, ...(parts.length === 0 && { opened: false }) }, '', url)
    this.#look()
  }

  #look(): void {
    this.location = parseLocation(location)
    this.notifyNow()
  }
}
