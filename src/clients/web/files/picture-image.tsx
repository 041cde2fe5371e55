// A picture in its place: blurred until it is there, tried again if it fails, still until somebody sets it in motion.

import { useState } from 'react'
import CirclePause from '~icons/circle-pause'
import CirclePlay from '~icons/circle-play'
import { useWords } from '../app.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { useRetries } from '../ui/use-retries.ts'
import { addressOf } from './addresses.ts'
import type { Picture } from './file-kind.ts'
import { placeholderImage } from './placeholder.ts'
import { useAnimation } from './use-animation.ts'
import './picture-image.css'

interface ImageProps {
  readonly picture: Picture
  readonly onView: (id: string) => void
}

/** Fills the space that it is put into. */
export default function PictureImage({ picture, onView }: ImageProps) {
  const words = useWords()
  const { id, name, alt, placeholder, width, height } = picture
  const { tries, tryAgain } = useRetries()
  /** What is transparent shows no placeholder. */
  const [isLoaded, setLoaded] = useState(false)
  const { isAnimated, isMoving, toggle } = useAnimation(picture)
  const blurred = placeholder === undefined ? undefined : placeholderImage(placeholder)
  return (
    <span
      className="picture-image"
      style={blurred !== undefined && !isLoaded ? { backgroundImage: `url(${blurred})` } : {}}
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
        <IconButton
          icon={isMoving ? CirclePause : CirclePlay}
          size={22}
          label={isMoving ? words.files.still : words.files.animate}
          className="animate"
          onClick={toggle}
        />
      )}
    </span>
  )
}
