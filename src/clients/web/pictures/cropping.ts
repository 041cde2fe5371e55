// Which square of a picture is shown. Lengths are in pixels of the picture.

export interface Size {
  readonly width: number
  readonly height: number
}

/** The middle of the square, and how much smaller it is than the largest one. */
export interface Crop {
  readonly x: number
  readonly y: number
  /** From 1 to `mostZoom`. */
  readonly zoom: number
}

export interface Square {
  readonly left: number
  readonly top: number
  readonly side: number
}

/** A square is never smaller than this, unless the picture is. */
const SMALLEST_SIDE = 64
const MOST_ZOOM = 8

/** The largest square, in the middle. */
export function middleOf({ width, height }: Size): Crop {
  return { x: width / 2, y: height / 2, zoom: 1 }
}

export function mostZoom({ width, height }: Size): number {
  return Math.max(1, Math.min(MOST_ZOOM, Math.min(width, height) / SMALLEST_SIDE))
}

export function squareOf(size: Size, { x, y, zoom }: Crop): Square {
  const side = Math.min(size.width, size.height) / zoom
  return { left: x - side / 2, top: y - side / 2, side }
}

/**
 * Moves the picture under the square, which stays within it.
 * @param right @param down in sides of the square
 */
export function moved(size: Size, crop: Crop, right: number, down: number): Crop {
  const { side } = squareOf(size, crop)
  return within(size, { ...crop, x: crop.x - right * side, y: crop.y - down * side })
}

/** Sets the zoom; the middle stays as far as there is picture around it. */
export function zoomed(size: Size, crop: Crop, zoom: number): Crop {
  return within(size, { ...crop, zoom: clamp(zoom, 1, mostZoom(size)) })
}

function within(size: Size, crop: Crop): Crop {
  const half = squareOf(size, crop).side / 2
  return { ...crop, x: clamp(crop.x, half, size.width - half), y: clamp(crop.y, half, size.height - half) }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}
