// The pictures of a message: one as large as fits, several as a grid of squares.

import { type CSSProperties, useEffect, useRef, useState } from 'react'
import CirclePause from '~icons/circle-pause'
import CirclePlay from '~icons/circle-play'
import { useWords } from '../app.tsx'
import { addressOf } from './addresses.ts'
import type { Picture } from './file-kind.ts'
import { placeholderImage } from './placeholder.ts'
import { useAnimation } from './use-animation.ts'
import './picture-grid.css'

/** In rem: the largest box of a picture. */
const [WIDEST, TALLEST] = [26, 21]
/** A panorama is cut to this many times its height, a strip to this part of it. */
const [FLATTEST, SLIMMEST] = [4, 0.4]

interface GridProps {
  readonly pictures: readonly Picture[]
  readonly onView: (id: string) => void
}

export function PictureGrid({ pictures, onView }: GridProps) {
  const [only] = pictures
  if (pictures.length === 1 && only) return <OnePicture picture={only} style={boxOf(only)} onView={onView} />
  const columns = pictures.length === 2 || pictures.length === 4 ? 2 : 3
  return (
    <ul className={`picture-grid of${columns}`}>
      {pictures.map(picture => (
        <li key={picture.id}>
          <OnePicture picture={picture} onView={onView} />
        </li>
      ))}
    </ul>
  )
}

/** Never larger than the picture itself. */
function boxOf({ width, height }: Picture): CSSProperties {
  const ratio = Math.min(FLATTEST, Math.max(SLIMMEST, width / height))
  return {
    aspectRatio: ratio,
    width: `min(100%, ${WIDEST}rem, ${(TALLEST * ratio).toFixed(2)}rem, max(${width}px, 3rem))`,
  }
}

const [MOST_TRIES, AGAIN_MS] = [5, 2000]

/** Somebody who scrolls fast asks for more pictures than the server gives at once. `tries` is a key for the next try. */
function useRetries(): { readonly tries: number; readonly tryAgain: () => void } {
  const [tries, setTries] = useState(1)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const tryAgain = () => {
    if (tries < MOST_TRIES) timer.current = setTimeout(setTries, AGAIN_MS * tries, tries + 1)
  }
  return { tries, tryAgain }
}

interface PictureProps {
  readonly picture: Picture
  readonly style?: CSSProperties
  readonly onView: (id: string) => void
}

function OnePicture({ picture, style, onView }: PictureProps) {
  const words = useWords()
  const { id, name, alt, placeholder, width, height } = picture
  const { tries, tryAgain } = useRetries()
  /** What is transparent shows no placeholder. */
  const [isLoaded, setLoaded] = useState(false)
  const { isAnimated, isMoving, toggle } = useAnimation(picture, isLoaded)
  const blurred = placeholder === undefined ? undefined : placeholderImage(placeholder)
  return (
    <span
      className="picture"
      style={{ ...style, ...(blurred !== undefined && !isLoaded && { backgroundImage: `url(${blurred})` }) }}
    >
      <a
        href={addressOf(id)}
        target="_blank"
        rel="noreferrer"
        onClick={event => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          onView(id)
        }}
      >
        <img
          key={tries}
          src={addressOf(id, isMoving ? undefined : 'thumb')}
          onLoad={() => setLoaded(true)}
          onError={tryAgain}
          alt={alt ?? words.files.picture(name)}
          title={alt}
          width={width}
          height={height}
          loading="lazy"
          decoding="async"
        />
      </a>
      {isAnimated && (
        <button
          type="button"
          className="icon animate"
          onClick={toggle}
          aria-label={isMoving ? words.files.still : words.files.animate}
          title={isMoving ? words.files.still : words.files.animate}
        >
          {isMoving ? <CirclePause size={22} /> : <CirclePlay size={22} />}
        </button>
      )}
    </span>
  )
}
