// Reading a chosen picture, and making the square of it that is sent.

import type { Square } from './cropping.ts'

/** Sides of what is sent, and of what is kept while it is cropped, in pixels. */
const [SENT, KEPT] = [512, 2048]
const QUALITY = 0.92

/** Upright. Rejects for what this browser cannot read. */
export async function readPicture(file: Blob): Promise<ImageBitmap> {
  const whole = await createImageBitmap(file)
  const { width, height } = whole
  const scale = KEPT / Math.max(width, height)
  if (scale >= 1) return whole
  try {
    return await createImageBitmap(whole, {
      resizeWidth: Math.max(1, Math.round(width * scale)),
      resizeHeight: Math.max(1, Math.round(height * scale)),
      resizeQuality: 'high',
    })
  } finally {
    whole.close()
  }
}

/** The square as WebP, or as PNG by a browser that writes none; never enlarged. */
export async function cut(picture: ImageBitmap, { left, top, side }: Square): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = Math.max(1, Math.min(SENT, Math.round(side)))
  const drawing = canvas.getContext('2d')
  if (!drawing) throw new Error('this browser draws nothing')
  drawing.imageSmoothingQuality = 'high'
  drawing.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height)
  const drawn = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/webp', QUALITY))
  if (!drawn) throw new Error('this browser made no picture')
  return drawn
}
