// The pictures of a message: one as large as fits, several as a grid of squares. Their space is kept from the first moment;
// what is in it is loaded after it.

import type { CSSProperties } from 'react'
import { lazyWithRetry } from '../ui/lazy.ts'
import type { Picture } from './file-kind.ts'
import './picture-grid.css'

const PictureImage = lazyWithRetry(() => import('./picture-image.tsx'))

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

interface PictureProps {
  readonly picture: Picture
  readonly style?: CSSProperties
  readonly onView: (id: string) => void
}

function OnePicture({ picture, style, onView }: PictureProps) {
  return (
    <span className="picture" style={style}>
      <PictureImage picture={picture} onView={onView} />
    </span>
  )
}
