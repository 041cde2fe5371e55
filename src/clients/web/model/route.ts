// Where one is. The path names the room and the message, the hash the panel beside the room and the overlay above it:
// /r/general/41#thread/12~settings. The browser's Back closes a panel or a dialog.

import { Observable } from './observable.ts'

export interface RouteLocation {
  /** The room's slug: its name, or the number of a direct room. */
  readonly room: string | undefined
  /** The message to go to. */
  readonly seq: number | undefined
  /** The path leads nowhere. */
  readonly isUnknown: boolean
  /** The panel beside the room and its argument: thread/41. Empty for none. */
  readonly panel: string
  /** The dialog above the page and its argument, or `menu`, the sidebar on a phone. Empty for none. */
  readonly overlay: string
}

/** All other names are overlays. */
const PANELS: ReadonlySet<string> = new Set([
  'thread',
  'threads',
  'members',
  'pins',
  'files',
  'search',
  'saved',
  'person',
  'log',
  'banned',
  'reports',
])

function isPanel(what: string): boolean {
  return PANELS.has(what.split('/', 1)[0] ?? '')
}

const PATH = /^\/r\/([^/]+)(?:\/(\d{1,10}))?$/

/** Paths that lead to the first room, as in src/doors/web/app/files.ts. */
const HOMES: ReadonlySet<string> = new Set([
  '/',
  '/index.html',
  '/r',
  '/r/',
  '/settings',
  '/people',
  '/search',
  '/join',
])

function parseLocation({ pathname, hash }: Location): RouteLocation {
  const [, room, seq] = PATH.exec(pathname) ?? []
  const parts = hash.slice(1).split('~').map(decoded)
  return {
    room: room === undefined ? undefined : decoded(room),
    seq: seq === undefined ? undefined : Number(seq),
    isUnknown: room === undefined && !HOMES.has(pathname),
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

/** `~` separates the panel from the overlay. */
function encoded(part: string): string {
  return encodeURIComponent(part).replaceAll('~', '%7E')
}

export function pathOf(room: string, seq?: number): string {
  return `/r/${encodeURIComponent(room)}${seq === undefined ? '' : `/${seq}`}`
}

export class Route extends Observable {
  /** The slug of the last room that has asked for its key: its page shows the field at once. */
  locked: string | undefined
  location: RouteLocation = parseLocation(location)
  /** While `history.back()` is under way: what is to be done after it. Closing twice goes back once. */
  #closing: (() => void)[] | undefined

  constructor() {
    super()
    addEventListener('popstate', () => {
      const wanted = this.#closing ?? []
      this.#closing = undefined
      this.#sync()
      for (const each of wanted) each()
    })
  }

  /** Goes to another path. An open overlay is closed, and Back does not lead to it. */
  go(path: string, how: 'push' | 'replace' = 'push'): void {
    if (this.#closing) this.#closing.push(() => this.go(path, how))
    else this.#goNow(path, how)
  }

  #goNow(path: string, how: 'push' | 'replace'): void {
    if (how === 'replace' || this.location.overlay !== '') history.replaceState({ ours: true }, '', path)
    else history.pushState({ ours: true }, '', path)
    this.#sync()
  }

  /** Opens a panel or a dialog. */
  open(what: string): void {
    if (this.#closing) this.#closing.push(() => this.open(what))
    else this.#openNow(what)
  }

  #openNow(what: string): void {
    const { panel, overlay } = this.location
    if (isPanel(what)) this.#navigate({ panel: what, overlay: '' }, panel === '' && overlay === '')
    else this.#navigate({ panel, overlay: what }, overlay === '')
  }

  /** Closes the dialog, or else the panel. */
  close(): void {
    const { panel, overlay } = this.location
    if ((panel === '' && overlay === '') || this.#closing) return
    if (history.state?.opened === true) {
      this.#closing = []
      return history.back()
    }
    this.#navigate({ panel: overlay === '' ? '' : panel, overlay: '' }, false)
  }

  /** @param isMore pushes a history entry, so that Back closes it; else replaces what is open */
  #navigate({ panel, overlay }: Pick<RouteLocation, 'panel' | 'overlay'>, isMore: boolean): void {
    const parts = [panel, overlay]
      .filter(part => part !== '')
      .map(part => part.split('/').map(encoded).join('/'))
    const url = `${location.pathname}${parts.length === 0 ? '' : `#${parts.join('~')}`}`
    if (isMore) history.pushState({ ours: true, opened: true }, '', url)
    else history.replaceState({ ...history.state, ...(parts.length === 0 && { opened: false }) }, '', url)
    this.#sync()
  }

  #sync(): void {
    this.location = parseLocation(location)
    this.notifyNow()
  }
}
