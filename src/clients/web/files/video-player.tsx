// A video, which plays in place. Until then only its poster is loaded, the picture that its sender's browser has made.

import { type CSSProperties, useState } from 'react'
import type { Attachment } from '../../../wire/attachment-schemas.ts'
import { useWords } from '../app.tsx'
import { addressOf } from './addresses.ts'
import FileCard, { FileHead } from './file-card.tsx'
import { placeholderImage } from './placeholder.ts'
import { pauseOthers } from './playing.ts'
import './video-player.css'

/** Of a video whose size is not known. */
const USUAL = 16 / 9
const TALLEST_REM = 21

export default function VideoPlayer({ file }: { file: Attachment }) {
  const words = useWords()
  const [failed, setFailed] = useState(false)
  const { id, name, alt, width, height, placeholder } = file
  const ratio = width !== undefined && height !== undefined ? width / height : USUAL
  const blurred = placeholder === undefined ? undefined : placeholderImage(placeholder)
  const style: CSSProperties = {
    aspectRatio: ratio,
    width: `min(100%, ${(TALLEST_REM * ratio).toFixed(2)}rem)`,
    ...(blurred !== undefined && { backgroundImage: `url(${blurred})` }),
  }
  if (failed)
    return (
      <FileCard file={file}>
        <p className="quiet not-played">{words.files.notPlayed}</p>
      </FileCard>
    )
  return (
    <figure className="video-player">
      {/* biome-ignore lint/a11y/useMediaCaption: whoever sent it has made none */}
      <video
        src={addressOf(id)}
        poster={width === undefined ? undefined : addressOf(id, 'screen')}
        style={style}
        controls
        playsInline
        preload="none"
        aria-label={alt ?? words.files.video(name)}
        onPlay={event => pauseOthers(event.currentTarget)}
        onError={() => setFailed(true)}
      />
      <FileHead file={file} />
    </figure>
  )
}
