import { useEffect, useState } from 'react'

/** In pixels: the shorter side, at which a photograph of 12 megapixels takes 100 KB instead of 48 MB. */
const SIDE = 160

/** @returns a small copy of the picture; undefined until it is there, and for what the browser cannot read */
export function useThumbnail(picture: Blob | undefined): ImageBitmap | undefined {
  const [bitmap, setBitmap] = useState<ImageBitmap>()
  useEffect(() => {
    if (!picture) return
    let made: ImageBitmap | undefined
    let isGone = false
    createImageBitmap(picture, { resizeHeight: SIDE, resizeQuality: 'medium' }).then(
      result => {
        made = result
        if (isGone) result.close()
        else setBitmap(result)
      },
      () => {}, // an icon stands for it
    )
    return () => {
      isGone = true
      setBitmap(undefined)
      made?.close()
    }
  }, [picture])
  return bitmap
}
