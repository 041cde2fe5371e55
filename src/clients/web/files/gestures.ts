// What a wheel, a mouse and fingers do to a picture. Where it is not larger than its frame, a finger or mouse that moves
// sideways goes to the next one instead of moving it.

import { FIT, type Point, scaled, type Zoom } from './zoom.ts'

/** How far a swipe goes, in pixels. */
const SWIPE_PX = 60
/** A double click zooms this far. */
const CLOSER = 2.5

interface GestureTarget {
  readonly zoom: Zoom
  zoomTo(zoom: Zoom): void
  /** @param by 1 for the next picture, -1 for the one before */
  swipe(by: -1 | 1): void
}

interface Start {
  readonly zoom: Zoom
  /** The middle of the fingers. */
  readonly at: Point
  readonly spread: number
}

/** The listeners of one element, until `end`. */
export class Gestures {
  readonly #element: HTMLElement
  readonly #target: GestureTarget
  readonly #ended = new AbortController()
  readonly #pointers = new Map<number, Point>()
  /** Where the fingers were when the last one came or went. */
  #start: Start | undefined

  constructor(element: HTMLElement, target: GestureTarget) {
    this.#element = element
    this.#target = target
    const { signal } = this.#ended
    element.addEventListener('wheel', event => this.#turn(event), { signal, passive: false })
    element.addEventListener('dblclick', event => this.#doubleClick(event), { signal })
    element.addEventListener('pointerdown', event => this.#press(event), { signal })
    element.addEventListener('pointermove', event => this.#move(event), { signal })
    element.addEventListener('pointerup', event => this.#release(event), { signal })
    element.addEventListener('pointercancel', event => this.#release(event), { signal })
  }

  end(): void {
    this.#ended.abort()
  }

  #turn(event: WheelEvent): void {
    event.preventDefault()
    const factor = 2 ** (-event.deltaY / (event.deltaMode === 0 ? 240 : 6))
    this.#target.zoomTo(scaled(this.#target.zoom, factor, this.#fromMiddle(pointOf(event))))
  }

  #doubleClick(event: MouseEvent): void {
    if (isControl(event)) return
    const isClose = this.#target.zoom.scale > 1
    this.#target.zoomTo(isClose ? FIT : scaled(FIT, CLOSER, this.#fromMiddle(pointOf(event))))
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0 || isControl(event)) return
    this.#element.setPointerCapture(event.pointerId)
    this.#pointers.set(event.pointerId, pointOf(event))
    this.#begin()
  }

  #move(event: PointerEvent): void {
    if (!this.#pointers.has(event.pointerId) || !this.#start) return
    this.#pointers.set(event.pointerId, pointOf(event))
    const { zoom, at, spread } = this.#start
    const points = [...this.#pointers.values()]
    if (points.length === 1 && zoom.scale === 1) return
    const middle = middleOf(points)
    const pinched = points.length > 1 ? scaled(zoom, spreadOf(points) / spread, this.#fromMiddle(at)) : zoom
    this.#target.zoomTo({ ...pinched, x: pinched.x + middle.x - at.x, y: pinched.y + middle.y - at.y })
  }

  #release(event: PointerEvent): void {
    if (!this.#pointers.has(event.pointerId)) return
    const by = this.#swipeOf(event)
    this.#pointers.delete(event.pointerId)
    if (this.#target.zoom.scale <= 1) this.#target.zoomTo(FIT)
    this.#begin()
    if (by !== undefined) this.#target.swipe(by)
  }

  /** One pointer that has moved sideways over a picture that fits. */
  #swipeOf(event: PointerEvent): -1 | 1 | undefined {
    const isAlone = event.type === 'pointerup' && this.#pointers.size === 1
    if (!isAlone || this.#start?.zoom.scale !== 1 || this.#target.zoom.scale !== 1) return undefined
    const dx = event.clientX - this.#start.at.x
    const dy = event.clientY - this.#start.at.y
    if (Math.abs(dx) <= SWIPE_PX || Math.abs(dx) <= 2 * Math.abs(dy)) return undefined
    return dx < 0 ? 1 : -1
  }

  #begin(): void {
    const points = [...this.#pointers.values()]
    this.#start =
      points.length === 0
        ? undefined
        : { zoom: this.#target.zoom, at: middleOf(points), spread: spreadOf(points) }
  }

  #fromMiddle({ x, y }: Point): Point {
    const box = this.#element.getBoundingClientRect()
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 }
  }
}

function isControl({ target }: Event): boolean {
  return target instanceof Element && target.closest('button, a') !== null
}

function pointOf({ clientX, clientY }: MouseEvent): Point {
  return { x: clientX, y: clientY }
}

function middleOf(points: readonly Point[]): Point {
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 })
  return { x: sum.x / points.length, y: sum.y / points.length }
}

function spreadOf([a, b]: readonly Point[]): number {
  return a && b ? Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) : 1
}
