// How far one has come into a picture, and to where. Pure.

const [SMALLEST, LARGEST] = [1, 8]

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Zoom {
  readonly scale: number
  /** From the middle, in pixels. */
  readonly x: number
  readonly y: number
}

/** The whole picture. */
export const FIT: Zoom = { scale: 1, x: 0, y: 0 }

/** Zooms by a factor about a point, which stays where it is. */
export function scaled(zoom: Zoom, factor: number, about: Point = { x: 0, y: 0 }): Zoom {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, zoom.scale * factor))
  if (scale === SMALLEST) return FIT
  const grown = scale / zoom.scale
  return { scale, x: about.x + (zoom.x - about.x) * grown, y: about.y + (zoom.y - about.y) * grown }
}
