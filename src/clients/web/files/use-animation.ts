// Pictures that move. Their smaller sizes stand still, so those are shown where nothing is to move by itself.

import { useState } from 'react'
import { useReducedMotion } from '../ui/reduced-motion.ts'
import type { Picture } from './file-kind.ts'

/** A larger one moves only when one asks for it; in bytes. */
const LARGEST = 4 << 20

interface Animation {
  readonly isAnimated: boolean
  readonly isMoving: boolean
  readonly toggle: () => void
}

export function useAnimation(picture: Picture): Animation {
  const isStill = useReducedMotion()
  const [chosen, setChosen] = useState<boolean>()
  const isAnimated = picture.animated === true
  const isMoving = isAnimated && (chosen ?? (!isStill && picture.size <= LARGEST))
  return { isAnimated, isMoving, toggle: () => setChosen(!isMoving) }
}
