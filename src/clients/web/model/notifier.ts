// Getting the attention of somebody who looks elsewhere: the page's title and icon, system notifications, a sound.

import type { Wording, Words } from '../words.ts'
import { rootOf } from './answers.ts'
import type { Chat, ChatListener } from './chat.ts'
import { excerpt } from './excerpt.ts'
import type { Preferences } from './preferences.ts'
import type { Room } from './room.ts'
import { pathOf, type Route } from './route.ts'
import { type Locale, untilOf } from './times.ts'
import type { Toasts } from './toasts.ts'
import { unreadTotals } from './unread-totals.ts'

interface NotifierDeps {
  readonly preferences: Preferences
  readonly route: Route
  readonly toasts: Toasts
  readonly wording: Wording
}

/** A hidden page counts as away after this long. */
const AWAY_MS = 5 * 60_000
/** Between two sounds. */
const SOUND_REST_MS = 2000
/** Nobody is notified of a message that is read within this long, here or on another device. */
const READING_MS = 500
const NAME = 'Tertulia'

export class Notifier implements ChatListener {
  readonly #deps: NotifierDeps
  #isRead: Chat['threads']['isRead'] = () => false
  #away: ReturnType<typeof setTimeout> | undefined
  #soundedAt = -SOUND_REST_MS
  #badge = ''

  constructor(deps: NotifierDeps) {
    this.#deps = deps
  }

  /** Until the chat is closed. */
  start(chat: Chat): void {
    this.#isRead = (room, message) => chat.threads.isRead(room, message)
    const stopped = new AbortController()
    const { signal } = stopped
    const update = () => {
      if (chat.state.is !== 'closed') return this.#update(chat)
      stopped.abort()
      document.title = NAME
      showIcon('')
    }
    signal.addEventListener('abort', chat.subscribe(update))
    signal.addEventListener('abort', this.#deps.route.subscribe(update))
    document.addEventListener('visibilitychange', () => this.#updateAway(chat), { signal })
    addEventListener('online', () => chat.client.tryNow(), { signal })
    addEventListener('offline', () => chat.client.doubt(), { signal })
    addEventListener('focus', () => chat.client.tryNow(), { signal })
    update()
  }

  messagePosted(room: Room, message: Parameters<ChatListener['messagePosted']>[1], isMention: boolean): void {
    const { notices } = this.#deps.preferences.values
    const isWanted = isMention || (notices === 'everything' && room.listing.level === 'everything')
    if (notices === 'nothing' || !isWanted || room.isQuiet) return
    setTimeout(() => this.#isRead(room, message) || this.#alert(room, message), READING_MS)
  }

  #alert(room: Room, message: Parameters<ChatListener['messagePosted']>[1]): void {
    if (this.#deps.preferences.values.sound) this.#sound()
    if (document.hasFocus()) return
    const title = room.isDirect
      ? message.author.username
      : `${message.author.username} · #${room.listing.name}`
    this.#notify(title, excerpt(message), placeOf(room, message))
  }

  removedFromRoom(room: Room, zone: string): void {
    const { route, toasts, wording } = this.#deps
    if (!room.isDirect) toasts.add(removalText(room, wording.words, { language: wording.language, zone }))
    if (route.location.room === room.slug) route.go('/', 'replace')
  }

  settingsChanged(now: Chat['settings'], before: Chat['settings']): void {
    const { toasts, wording } = this.#deps
    const { keptNow, notKept } = wording.words.versions
    if (now.editHistory !== before.editHistory) toasts.add(now.editHistory === 'on' ? keptNow : notKept)
  }

  #updateAway(chat: Chat): void {
    clearTimeout(this.#away)
    if (document.hidden) this.#away = setTimeout(() => chat.client.away(true), AWAY_MS)
    else {
      chat.client.away(false)
      chat.client.tryNow()
    }
  }

  // --- output --------------------------------------------------------------------------------------------

  #update(chat: Chat): void {
    const { unread, mentions } = unreadTotals(chat)
    const room = chat.roomOf(this.#deps.route.location.room)
    const name = room && (room.isDirect ? room.listing.name : `#${room.listing.name}`)
    const title = `${mentions > 0 ? `(${mentions}) ` : unread > 0 ? '• ' : ''}${name ? `${name} · ` : ''}${NAME}`
    const badge = mentions > 0 ? String(Math.min(mentions, 99)) : unread > 0 ? '•' : ''
    if (document.title !== title) document.title = title
    if (badge !== this.#badge) showIcon((this.#badge = badge))
  }

  #notify(title: string, body: string, path: string): void {
    if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
    try {
      const notice = new Notification(title, { body, tag: path.split('/')[2] ?? '', icon: '/icon.svg' })
      notice.onclick = () => {
        focus()
        this.#deps.route.go(path)
        notice.close()
      }
    } catch {
      // Some phones show notifications of installed pages only.
    }
  }

  #sound(): void {
    const now = performance.now()
    if (now - this.#soundedAt < SOUND_REST_MS) return
    this.#soundedAt = now
    const audio = new AudioContext()
    const [tone, volume] = [audio.createOscillator(), audio.createGain()]
    tone.frequency.setValueAtTime(660, audio.currentTime)
    tone.frequency.setValueAtTime(880, audio.currentTime + 0.09)
    volume.gain.setValueAtTime(0.06, audio.currentTime)
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.28)
    tone.connect(volume).connect(audio.destination)
    tone.start()
    tone.stop(audio.currentTime + 0.3)
    tone.onended = () => void audio.close()
  }
}

/** Where a message is shown: in its room, or in its thread alone. */
function placeOf(
  room: Room,
  { seq, reply, threadOnly }: Parameters<ChatListener['messagePosted']>[1],
): string {
  return threadOnly && reply ? `${pathOf(room.slug)}#thread/${rootOf({ reply })}` : pathOf(room.slug, seq)
}

function removalText({ listing, removal }: Room, words: Words, locale: Locale): string {
  if (!removal || removal.how === 'left')
    return words.youAreOut(listing.kind === 'direct' ? listing.name : `#${listing.name}`)
  const { author, how, reason, until } = removal
  const lasting = until === undefined ? '' : untilOf(until, words, locale)
  if (how === 'banned') return words.youWereBanned(author.username, listing.name, reason, lasting)
  return words.youWereSentOut(author.username, listing.name, reason)
}

/** Sets the page's icon, with the badge in its corner. */
function showIcon(badge: string): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (!link) return
  if (badge === '') {
    link.href = '/icon.svg'
    return
  }
  const size = badge === '•' ? 14 : 22
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M8 10h48a4 4 0 0 1 4 4v30a4 4 0 0 1-4 4H30L16 60V48H8a4 4 0 0 1-4-4V14a4 4 0 0 1 4-4z" fill="#0f6b5c"/><circle cx="46" cy="18" r="${size - 4}" fill="#c62f2f"/>${
    badge === '•'
      ? ''
      : `<text x="46" y="27" font-family="system-ui,sans-serif" font-size="26" font-weight="700" text-anchor="middle" fill="#fff">${badge}</text>`
  }</svg>`
  link.href = `data:image/svg+xml,${encodeURIComponent(svg)}`
}
