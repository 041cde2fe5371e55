// Zooming into a picture and moving it: with a wheel, two fingers or keys. Where it is not larger than its frame, a finger
// or mouse that moves sideways goes to the next one instead.

import { type RefObject, useEffect, useRef, useState } from 'react'

const [SMALLEST, LARGEST] = [1, 8]
const STEP = 1.5
/** How far a swipe goes, in pixels. */
const SWIPE_PX = 60
/** A double click zooms this far. */
const CLOSER = 2.5

export interface Zoom {
  readonly scale: number
  /** From the middle, in pixels. */
  readonly x: number
  readonly y: number
}

const FIT: Zoom = { scale: 1, x: 0, y: 0 }

interface ZoomOptions {
  /** Another picture is shown: it begins to fit. */
  readonly picture: string
  /** @param by 1 for the next one, -1 for the one before */
  swiped(by: -1 | 1): void
}

export function useZoom(stage: RefObject<HTMLElement | null>, { picture, swiped }: ZoomOptions) {
  const [state, setState] = useState({ picture, zoom: FIT })
  const zoom = state.picture === picture ? state.zoom : FIT
  const latest = useRef({ zoom, picture, swiped })
  latest.current = { zoom, picture, swiped }
  const set = (next: Zoom) => {
    latest.current.zoom = next
    setState({ picture: latest.current.picture, zoom: next })
  }
  const api = {
    zoom,
    closer: () => set(scaled(latest.current.zoom, STEP)),
    farther: () => set(scaled(latest.current.zoom, 1 / STEP)),
    fit: () => set(FIT),
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the listeners read what is latest
  useEffect(() => {
    const element = stage.current
    if (!element) return
    const ended = new AbortController()
    const { signal } = ended
    const pointers = new Map<number, { x: number; y: number }>()
    let start: { zoom: Zoom; at: { x: number; y: number }; spread: number; most: number } | undefined
    const begin = () => {
      const points = [...pointers.values()]
      start =
        points.length === 0
          ? undefined
          : { zoom: latest.current.zoom, at: middleOf(points), spread: spreadOf(points), most: points.length }
    }
    const fromMiddle = ({ x, y }: { x: number; y: number }) => {
      const box = element.getBoundingClientRect()
      return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 }
    }
    element.addEventListener(
      'wheel',
      event => {
        event.preventDefault()
        const factor = 2 ** (-event.deltaY / (event.deltaMode === 0 ? 240 : 6))
        set(scaled(latest.current.zoom, factor, fromMiddle({ x: event.clientX, y: event.clientY })))
      },
      { signal, passive: false },
    )
    element.addEventListener(
      'dblclick',
      event => {
        const { zoom } = latest.current
        if (event.target instanceof Element && event.target.closest('button, a')) return
        if (zoom.scale > 1) set(FIT)
        else set(scaled(FIT, CLOSER, fromMiddle({ x: event.clientX, y: event.clientY })))
      },
      { signal },
    )
    element.addEventListener(
      'pointerdown',
      event => {
        if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button, a')))
          return
        element.setPointerCapture(event.pointerId)
        pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
        begin()
      },
      { signal },
    )
    element.addEventListener(
      'pointermove',
      event => {
        if (!pointers.has(event.pointerId) || !start) return
        pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
        const points = [...pointers.values()]
        const at = middleOf(points)
        const moved = { x: at.x - start.at.x, y: at.y - start.at.y }
        const pinched =
          points.length > 1
            ? scaled(start.zoom, spreadOf(points) / start.spread, fromMiddle(start.at))
            : start.zoom
        if (points.length > 1 || start.zoom.scale > 1)
          set({ ...pinched, x: pinched.x + moved.x, y: pinched.y + moved.y })
      },
      { signal },
    )
    const end = (event: PointerEvent) => {
      if (!pointers.has(event.pointerId)) return
      const dx = event.clientX - (start?.at.x ?? 0)
      const dy = event.clientY - (start?.at.y ?? 0)
      const isSwipe =
        event.type === 'pointerup' &&
        pointers.size === 1 &&
        start?.zoom.scale === 1 &&
        latest.current.zoom.scale === 1
      pointers.delete(event.pointerId)
      if (latest.current.zoom.scale <= 1) set(FIT)
      begin()
      if (isSwipe && Math.abs(dx) > SWIPE_PX && Math.abs(dx) > 2 * Math.abs(dy))
        latest.current.swiped(dx < 0 ? 1 : -1)
    }
    element.addEventListener('pointerup', end, { signal })
    element.addEventListener('pointercancel', end, { signal })
    return () => ended.abort()
  }, [])
  return api
}

/** Zooms by a factor about a point, which stays where it is. */
function scaled(zoom: Zoom, factor: number, about = { x: 0, y: 0 }): Zoom {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, zoom.scale * factor))
  if (scale === SMALLEST) return FIT
  const grown = scale / zoom.scale
  return { scale, x: about.x + (zoom.x - about.x) * grown, y: about.y + (zoom.y - about.y) * grown }
}

function middleOf(points: readonly { x: number; y: number }[]): { x: number; y: number } {
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 })
  return { x: sum.x / points.length, y: sum.y / points.length }
}

function spreadOf([a, b]: readonly { x: number; y: number }[]): number {
  return a && b ? Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) : 1
}
