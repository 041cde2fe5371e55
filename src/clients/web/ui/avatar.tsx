// Pictures of people and rooms, and what stands in their place: the first letter of a username on a colour of its own, or the
// icon of a room.

import { type ReactNode, useCallback, useState, useSyncExternalStore } from 'react'
import { useApp } from '../app.tsx'
import { type Bearer, keyOf } from '../model/avatars.ts'
import { useRetries } from './use-retries.ts'
import './avatar.css'

const HUES = 24

/** In CSS pixels. */
type Side = 20 | 24 | 28 | 36 | 64

export function Avatar({ id, username, size = 36 }: { id: number; username: string; size?: Side }) {
  return (
    <Pictured bearer={{ person: id }} className="avatar" size={size} hue={id}>
      {letterOf(username)}
    </Pictured>
  )
}

/** For several people, who have no picture together. */
export function Initial({ id, name, size }: { id: number; name: string; size: Side }) {
  return (
    <span className={`avatar s${size} hue${hueOf(id)}`} aria-hidden="true">
      {letterOf(name)}
    </span>
  )
}

/** @param children the icon of a room that has no picture */
export function RoomIcon({ id, size, children }: { id: number; size: Side; children: ReactNode }) {
  return (
    <Pictured bearer={{ room: id }} className="room-icon" size={size}>
      {children}
    </Pictured>
  )
}

interface PicturedProps {
  readonly bearer: Bearer
  readonly className: string
  readonly size: Side
  readonly hue?: number
  /** Shown until the picture is there. */
  readonly children: ReactNode
}

function Pictured({ bearer, className, size, hue, children }: PicturedProps) {
  const picture = usePicture(bearer)
  const [loaded, setLoaded] = useState<string>()
  const isShown = picture !== undefined && picture === loaded
  return (
    <span
      className={`${className} s${size}${hue === undefined ? '' : ` hue${hueOf(hue)}`}${isShown ? ' pictured' : ''}`}
      aria-hidden="true"
    >
      {!isShown && children}
      {picture !== undefined && (
        <Picture key={picture} id={picture} bearer={bearer} size={size} onLoad={() => setLoaded(picture)} />
      )}
    </span>
  )
}

interface PictureProps {
  readonly id: string
  readonly bearer: Bearer
  readonly size: Side
  readonly onLoad: () => void
}

/** One that cannot be loaded may have been replaced, or the server may be busy: its id is asked for, and it is tried again. */
function Picture({ id, bearer, size, onLoad }: PictureProps) {
  const { avatars } = useApp().chat
  const { tries, tryAgain } = useRetries()
  return (
    <img
      key={tries}
      src={`/a/${id}`}
      width={size}
      height={size}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      onLoad={onLoad}
      onError={() => {
        avatars.renew(bearer)
        tryAgain()
      }}
    />
  )
}

/** The id of a picture. */
export function usePicture(bearer: Bearer): string | undefined {
  const { avatars } = useApp().chat
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is what the bearer is
  const subscribe = useCallback(
    (listener: () => void) => avatars.subscribe(bearer, listener),
    [avatars, keyOf(bearer)],
  )
  return useSyncExternalStore(subscribe, () => avatars.of(bearer))
}

function letterOf(name: string): string {
  const [letter = '?'] = name.toUpperCase()
  return letter
}

function hueOf(id: number): number {
  return (id * 7) % HUES
}
