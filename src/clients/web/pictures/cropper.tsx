// Choosing the square of a picture: it is moved and brought closer with a finger, a mouse, or keys.

import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'
import ZoomIn from '~icons/zoom-in'
import ZoomOut from '~icons/zoom-out'
import { useWords } from '../app.tsx'
import { type Crop, middleOf, mostZoom, moved, type Square, squareOf, zoomed } from './cropping.ts'
import './cropper.css'

/** Sides of the stage and of the square on it, in pixels of the canvas: two for each of the page. */
const [STAGE, WINDOW] = [576, 464]
const EDGE = (STAGE - WINDOW) / 2
/** The corners of pictures (avatar.css). */
const ROUNDNESS = 0.3
/** Keys move by a part of the square, and zoom by a factor. */
const [KEY_MOVES, KEY_ZOOMS] = [0.04, 1.15]
const ARROWS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

interface CropperProps {
  readonly picture: ImageBitmap
  readonly isBusy: boolean
  readonly onUse: (square: Square) => void
  readonly onCancel: () => void
}

export function Cropper({ picture, isBusy, onUse, onCancel }: CropperProps) {
  const words = useWords()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [crop, setCrop] = useState(() => middleOf(picture))
  const zoomBy = useCallback(
    (factor: number) => setCrop(now => zoomed(picture, now, now.zoom * factor)),
    [picture],
  )
  const drag = useDrag((right, down) => setCrop(now => moved(picture, now, right, down)), zoomBy)

  useEffect(() => {
    const drawing = canvas.current?.getContext('2d')
    if (drawing) draw(drawing, picture, crop)
  }, [picture, crop])

  const stage = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return undefined
      element.focus()
      const turn = (event: WheelEvent) => {
        event.preventDefault()
        zoomBy(2 ** (-event.deltaY / (event.deltaMode === 0 ? 300 : 8)))
      }
      element.addEventListener('wheel', turn, { passive: false })
      return () => element.removeEventListener('wheel', turn)
    },
    [zoomBy],
  )

  const onKeyDown = (event: KeyboardEvent) => {
    const [right, down] = ARROWS[event.key] ?? []
    if (right !== undefined && down !== undefined)
      setCrop(now => moved(picture, now, right * KEY_MOVES, down * KEY_MOVES))
    else if (event.key === '+' || event.key === '=') zoomBy(KEY_ZOOMS)
    else if (event.key === '-') zoomBy(1 / KEY_ZOOMS)
    else if (event.key === '0' || event.key === 'Home') setCrop(middleOf(picture))
    else if (event.key === 'Enter' && !isBusy) onUse(squareOf(picture, crop))
    else return
    event.preventDefault()
  }

  const most = mostZoom(picture)
  return (
    <div className="cropper">
      <div
        ref={stage}
        className="stage"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the picture is moved with keys
        tabIndex={0}
        role="application"
        aria-label={words.avatar.crop}
        aria-describedby="crop-hint"
        onKeyDown={onKeyDown}
        {...drag}
      >
        <canvas ref={canvas} width={STAGE} height={STAGE} />
      </div>
      <p id="crop-hint" className="quiet">
        {words.avatar.cropHint}
      </p>
      <label className="zoom">
        <ZoomOut size={18} />
        <span className="visually-hidden">{words.avatar.zoom}</span>
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          disabled={most === 1}
          value={most === 1 ? 0 : Math.log(crop.zoom) / Math.log(most)}
          aria-valuetext={`${Math.round(crop.zoom * 100)} %`}
          onChange={({ currentTarget }) => {
            const zoom = most ** Number(currentTarget.value)
            setCrop(now => zoomed(picture, now, zoom))
          }}
        />
        <ZoomIn size={18} />
      </label>
      <div className="buttons end">
        <button type="button" onClick={onCancel}>
          {words.cancel}
        </button>
        <button
          type="button"
          className="primary"
          disabled={isBusy}
          onClick={() => onUse(squareOf(picture, crop))}
        >
          {isBusy ? words.avatar.saving : words.avatar.use}
        </button>
      </div>
    </div>
  )
}

/** The picture, darker outside the square, whose corners are those that others will see. */
function draw(drawing: CanvasRenderingContext2D, picture: ImageBitmap, crop: Crop): void {
  const { left, top, side } = squareOf(picture, crop)
  const scale = WINDOW / side
  drawing.clearRect(0, 0, STAGE, STAGE)
  drawing.imageSmoothingQuality = 'high'
  const [x, y] = [EDGE - left * scale, EDGE - top * scale]
  drawing.drawImage(picture, x, y, picture.width * scale, picture.height * scale)
  const shade = new Path2D()
  shade.rect(0, 0, STAGE, STAGE)
  shade.roundRect(EDGE, EDGE, WINDOW, WINDOW, WINDOW * ROUNDNESS)
  drawing.fillStyle = 'rgb(0 0 0 / 0.55)'
  drawing.fill(shade, 'evenodd')
  const frame = new Path2D()
  frame.roundRect(EDGE, EDGE, WINDOW, WINDOW, WINDOW * ROUNDNESS)
  drawing.strokeStyle = 'rgb(255 255 255 / 0.9)'
  drawing.lineWidth = 3
  drawing.stroke(frame)
}

interface Point {
  readonly x: number
  readonly y: number
}

/** One pointer moves the picture, two also bring it closer. @param move in sides of the square */
function useDrag(move: (right: number, down: number) => void, zoomBy: (factor: number) => void) {
  const pointers = useRef(new Map<number, Point>()).current
  const end = ({ pointerId }: PointerEvent) => void pointers.delete(pointerId)
  return {
    onPointerDown: ({ pointerId, clientX, clientY, currentTarget }: PointerEvent) => {
      currentTarget.setPointerCapture(pointerId)
      pointers.set(pointerId, { x: clientX, y: clientY })
    },
    onPointerMove: ({ pointerId, clientX, clientY, currentTarget }: PointerEvent) => {
      const before = pointers.get(pointerId)
      if (!before) return
      const spread = spreadOf(pointers)
      pointers.set(pointerId, { x: clientX, y: clientY })
      const side = (currentTarget.clientWidth * WINDOW) / STAGE
      move((clientX - before.x) / pointers.size / side, (clientY - before.y) / pointers.size / side)
      if (spread > 0) zoomBy(spreadOf(pointers) / spread)
    },
    onPointerUp: end,
    onPointerCancel: end,
  }
}

/** How far two fingers are apart; 0 for one. */
function spreadOf(pointers: ReadonlyMap<number, Point>): number {
  const [one, other] = [...pointers.values()]
  return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0
}
