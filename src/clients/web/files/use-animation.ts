// Pictures that move. Their smaller sizes stand still, so those are shown where nothing is to move by itself.

import { useEffect, useState } from 'react'
import { useReducedMotion } from '../ui/reduced-motion.ts'
import { addressOf } from './addresses.ts'
import type { Picture } from './file-kind.ts'

/** A larger one moves only when one asks for it; in bytes. */
const LARGEST = 4 << 20
/** In the header of a WebP: the first chunk is VP8X, whose flags say that there is an animation. */
const [WEBP_HEADER, WEBP_CHUNK, WEBP_FLAGS, WEBP_ANIMATION] = [21, 12, 20, 2]

export interface Animation {
  readonly isAnimated: boolean
  readonly isMoving: boolean
  readonly toggle: () => void
}

/** @param isSeen it is near the window: before that, nothing is read of it */
export function useAnimation({ id, type, size }: Picture, isSeen: boolean): Animation {
  const isStill = useReducedMotion()
  const [isMovingWebp, setMovingWebp] = useState(false)
  const [chosen, setChosen] = useState<boolean>()
  const mayMove = type === 'image/webp' && isSeen
  useEffect(() => {
    if (!mayMove) return
    const stopped = new AbortController()
    isAnimatedWebp(id, stopped.signal).then(setMovingWebp, () => {}) // it stands still
    return () => stopped.abort()
  }, [id, mayMove])
  const isAnimated = type === 'image/gif' || type === 'image/apng' || isMovingWebp
  const isMoving = isAnimated && (chosen ?? (!isStill && size <= LARGEST))
  return { isAnimated, isMoving, toggle: () => setChosen(!isMoving) }
}

async function isAnimatedWebp(id: string, signal: AbortSignal): Promise<boolean> {
  const answer = await fetch(addressOf(id), { headers: { Range: `bytes=0-${WEBP_HEADER - 1}` }, signal })
  const header = new Uint8Array(await answer.arrayBuffer())
  const chunk = new TextDecoder().decode(header.subarray(WEBP_CHUNK, WEBP_CHUNK + 4))
  return answer.ok && chunk === 'VP8X' && ((header[WEBP_FLAGS] ?? 0) & WEBP_ANIMATION) !== 0
}
