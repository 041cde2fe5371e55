// Records a voice message: a bar above the box, with what is heard as a waveform.

import { useEffect, useEffectEvent, useRef, useState } from 'react'
import Check from '~icons/check'
import Trash from '~icons/trash'
import { lengthText } from '../../../wording/sizes.ts'
import { focusComposer, useApp, useWords } from '../app.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { timeNow } from './attach.ts'
import { type Ended, type RecordingFailed, type RecordingFault, record, type Voice } from './record.ts'
import { Waveform } from './waveform.tsx'
import './voice-recorder.css'

const LONGEST_MIN = 30
const LONGEST_MS = LONGEST_MIN * 60_000
/** Bars of the waveform that runs along while one speaks. */
const SHOWN = 64

interface RecorderProps {
  readonly draft: string
  readonly onDone: () => void
}

export default function VoiceRecorder({ draft, onDone }: RecorderProps) {
  const { chat, toasts } = useApp()
  const words = useWords()
  const [heard, setHeard] = useState<{ length: number; loudness: readonly number[] }>()
  const [fault, setFault] = useState<RecordingFault>()
  const stop = useRef<(how: Ended) => void>(() => {})
  const finish = useRef<HTMLButtonElement>(null)
  const finished = useEffectEvent((draft: string, voice: Voice | undefined) => {
    if (voice) {
      const { extension, ...rest } = voice
      chat.files.add(draft, [{ ...rest, name: `${words.voice.name(timeNow())}.${extension}` }])
      if (voice.duration >= LONGEST_MS) toasts.add(words.voice.longest(LONGEST_MIN))
    }
    onDone()
    focusComposer(draft)
  })
  useEffect(() => {
    const recording = record({
      longest: LONGEST_MS,
      heard: (length, loudness) => setHeard({ length, loudness: loudness.slice(-SHOWN) }),
    })
    stop.current = recording.stop
    finish.current?.focus()
    let isGone = false
    recording.ended.then(
      voice => isGone || finished(draft, voice),
      (error: RecordingFailed) => isGone || setFault(error.fault),
    )
    return () => {
      isGone = true
      recording.stop('cancelled')
    }
  }, [draft])
  if (fault !== undefined)
    return (
      <p className="voice-recorder error" role="alert">
        <span>{words.voice[fault]}</span>
        <button type="button" onClick={onDone}>
          {words.close}
        </button>
      </p>
    )
  return (
    <div className="voice-recorder" role="group" aria-label={words.voice.title}>
      <IconButton
        icon={Trash}
        size={18}
        label={words.voice.cancel}
        onClick={() => stop.current('cancelled')}
      />
      <span className="on-air" role="status">
        <span className="lamp" aria-hidden="true" />
        {words.voice.recording}
      </span>
      <span className="length" aria-hidden="true">
        {lengthText(heard?.length ?? 0)}
      </span>
      <LiveWaveform loudness={heard?.loudness ?? []} />
      <IconButton
        icon={Check}
        size={20}
        label={words.voice.done}
        ref={finish}
        className="finish"
        onClick={() => stop.current('finished')}
      />
    </div>
  )
}

function LiveWaveform({ loudness }: { loudness: readonly number[] }) {
  const silence = Array.from({ length: Math.max(0, SHOWN - loudness.length) }, () => 0)
  const bytes = [...silence, ...loudness].map(each => String.fromCharCode(Math.round(each * 255)))
  return <Waveform waveform={btoa(bytes.join(''))} share={1} />
}
