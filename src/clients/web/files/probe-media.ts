// What a browser finds out about a sound or a video before it is uploaded: how long it is, and a picture of it.

/** A browser that cannot read the file may never say so. */
const LONGEST_MS = 10_000
/** The first moment is often black. */
const POSTER_AT_S = 1
/** The longer side of a poster, in pixels. */
const POSTER_SIDE = 1280
const POSTER_QUALITY = 0.8

/** @returns nothing for other files, and for those that the browser cannot play. `duration` in milliseconds. */
export async function probeMedia(file: Blob): Promise<{ duration?: number; poster?: Blob }> {
  const isVideo = file.type.startsWith('video/')
  if (!isVideo && !file.type.startsWith('audio/')) return {}
  const player = document.createElement(isVideo ? 'video' : 'audio')
  const url = URL.createObjectURL(file)
  try {
    player.muted = true
    player.preload = isVideo ? 'auto' : 'metadata'
    player.src = url
    await happens(player, isVideo ? 'loadeddata' : 'loadedmetadata')
    const duration = Number.isFinite(player.duration) ? Math.round(player.duration * 1000) : undefined
    const poster = player instanceof HTMLVideoElement ? await posterOf(player) : undefined
    return { ...(duration !== undefined && { duration }), ...(poster && { poster }) }
  } catch {
    return {}
  } finally {
    player.removeAttribute('src')
    player.load()
    URL.revokeObjectURL(url)
  }
}

async function posterOf(video: HTMLVideoElement): Promise<Blob | undefined> {
  const { duration, videoWidth, videoHeight } = video
  if (videoWidth === 0 || videoHeight === 0) return undefined // sound alone
  const at = Math.min(POSTER_AT_S, Number.isFinite(duration) ? duration / 2 : 0)
  if (at > 0) {
    video.currentTime = at
    await happens(video, 'seeked')
  }
  const scale = Math.min(1, POSTER_SIDE / Math.max(videoWidth, videoHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(videoWidth * scale))
  canvas.height = Math.max(1, Math.round(videoHeight * scale))
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height)
  const drawn = await new Promise<Blob | null>(resolve =>
    canvas.toBlob(resolve, 'image/jpeg', POSTER_QUALITY),
  )
  return drawn ?? undefined
}

function happens(player: HTMLMediaElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(reject, LONGEST_MS)
    const settle = (then: () => void) => () => {
      clearTimeout(late)
      then()
    }
    player.addEventListener(event, settle(resolve), { once: true })
    player.addEventListener('error', settle(reject), { once: true })
  })
}
