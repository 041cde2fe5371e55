import { useCallback, useRef, useState } from 'react'
import { Gestures } from './gestures.ts'
import { FIT, scaled, type Zoom } from './zoom.ts'

/** How far a key or button zooms. */
const STEP = 1.5

interface ZoomOptions {
  /** Another picture is shown: it begins to fit. */
  readonly picture: string
  /** @param by 1 for the next one, -1 for the one before */
  swiped(by: -1 | 1): void
}

/** `stage` is the ref of the element on which a wheel, a mouse and fingers zoom into the picture and move it. */
export function useZoom({ picture, swiped }: ZoomOptions) {
  const [state, setState] = useState({ picture, zoom: FIT })
  const zoom = state.picture === picture ? state.zoom : FIT
  const latest = useRef({ zoom, picture, swiped })
  latest.current = { zoom, picture, swiped }
  const set = useCallback((next: Zoom) => {
    latest.current.zoom = next
    setState({ picture: latest.current.picture, zoom: next })
  }, [])
  const stage = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return undefined
      const gestures = new Gestures(element, {
        get zoom() {
          return latest.current.zoom
        },
        zoomTo: set,
        swipe: by => latest.current.swiped(by),
      })
      return () => gestures.end()
    },
    [set],
  )
  return {
    zoom,
    stage,
    closer: () => set(scaled(latest.current.zoom, STEP)),
    farther: () => set(scaled(latest.current.zoom, 1 / STEP)),
    fit: () => set(FIT),
  }
}
