// A voice message or other sound, which plays in place, with its waveform if there is one.

import { useRef, useState } from 'react'
import Download from '~icons/download'
import Pause from '~icons/pause'
import Play from '~icons/play'
import type { Attachment } from '../../../wire/attachment-schemas.ts'
import { lengthText, sizeText } from '../../../wording/sizes.ts'
import { useWords } from '../app.tsx'
import { useLocale } from '../ui/locale.ts'
import { addressOf, downloadOf } from './addresses.ts'
import { pauseOthers } from './playing.ts'
import { Waveform } from './waveform.tsx'
import './file-card.css'
import './audio-player.css'

const SPEEDS = [1, 1.5, 2]
/** How far an arrow key moves, in seconds. */
const STEP_S = 1

export default function AudioPlayer({ file }: { file: Attachment }) {
  const words = useWords()
  const { language } = useLocale()
  const { id, name, size, alt } = file
  const [failed, setFailed] = useState(false)
  return (
    <div className="audio-player" role="group" aria-label={alt ?? words.files.audio(name)}>
      <AudioControls src={addressOf(id)} {...file} onFailed={() => setFailed(true)} />
      <div className="below">
        <small className="quiet">
          <bdi>{name}</bdi> · {sizeText(language, size)}
          {alt !== undefined && ` · ${alt}`}
        </small>
        <a href={downloadOf(id)} download={name} aria-label={words.files.download(name)}>
          <Download size={16} />
        </a>
      </div>
      {failed && (
        <p className="quiet not-played" role="status">
          {words.files.notPlayed}
        </p>
      )}
    </div>
  )
}

interface AudioControlsProps {
  readonly src: string
  /** In milliseconds. */
  readonly duration?: number | undefined
  readonly waveform?: string | undefined
  readonly onFailed?: () => void
}

export function AudioControls({ src, duration: told, waveform, onFailed }: AudioControlsProps) {
  const words = useWords()
  const { language } = useLocale()
  const audio = useRef<HTMLAudioElement>(null)
  const [isPlaying, setPlaying] = useState(false)
  const [position, setPosition] = useState(0)
  const [measured, setMeasured] = useState<number>()
  const [speed, setSpeed] = useState(1)
  /** In seconds. What a browser has recorded does not say how long it is: its sender's measure goes first. */
  const duration = told === undefined ? (measured ?? 0) : told / 1000
  const toggle = () => {
    const element = audio.current
    if (!element) return
    if (!element.paused) return element.pause()
    element.playbackRate = speed
    element.play().catch(() => {}) // `onError` tells
  }
  const times = new Intl.NumberFormat(language).format(speed)
  const share = duration > 0 ? Math.min(1, position / duration) : 0
  return (
    <div className="audio-controls">
      {/* biome-ignore lint/a11y/useMediaCaption: whoever sent it has made none */}
      <audio
        ref={audio}
        src={src}
        preload="none"
        onPlay={event => {
          pauseOthers(event.currentTarget)
          setPlaying(true)
        }}
        onPause={() => setPlaying(false)}
        onEnded={() => setPosition(0)}
        onTimeUpdate={event => setPosition(event.currentTarget.currentTime)}
        onDurationChange={({ currentTarget }) =>
          Number.isFinite(currentTarget.duration) && setMeasured(currentTarget.duration)
        }
        onError={() => onFailed?.()}
      />
      <button
        type="button"
        className="icon play"
        onClick={toggle}
        aria-label={isPlaying ? words.files.pause : words.files.play}
      >
        {isPlaying ? <Pause size={20} /> : <Play size={20} />}
      </button>
      <span className="track">
        <Waveform waveform={waveform} share={share} />
        <input
          type="range"
          min={0}
          max={Math.max(1, duration)}
          step={STEP_S}
          value={Math.min(position, Math.max(1, duration))}
          aria-label={words.files.position}
          aria-valuetext={words.files.at(lengthText(position * 1000), lengthText(duration * 1000))}
          onChange={({ currentTarget }) => {
            const seconds = Number(currentTarget.value)
            setPosition(seconds)
            if (audio.current) audio.current.currentTime = seconds
          }}
        />
      </span>
      <span className="length">{lengthText((isPlaying || position > 0 ? position : duration) * 1000)}</span>
      <button
        type="button"
        className="speed"
        aria-label={words.files.speed(`${times}×`)}
        title={words.files.speed(`${times}×`)}
        onClick={() => {
          const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1
          setSpeed(next)
          if (audio.current) audio.current.playbackRate = next
        }}
      >
        {times}×
      </button>
    </div>
  )
}
