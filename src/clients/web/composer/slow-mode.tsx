// In slow mode: how often one may write, and the seconds until one may again.

import { useEffect, useState } from 'react'
import Hourglass from '~icons/hourglass'
import { useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'

export default function SlowMode({ room }: { room: Room }) {
  const words = useWords()
  const { standing } = useObservable(room)
  const seconds = Math.ceil(standing.wait / 1000)
  const [, setTick] = useState(0)
  useEffect(() => {
    if (seconds === 0) return
    // At the end the button of the composer is enabled, too.
    const tick = () => (standing.wait > 0 ? setTick(before => before + 1) : room.notifyNow())
    const timer = setTimeout(tick, standing.wait % 1000 || 1000)
    return () => clearTimeout(timer)
  })
  return (
    <p className="slow-mode quiet">
      <Hourglass size={14} />
      <span>{words.composer.slow(standing.current?.slow ?? 0)}</span>
      {seconds > 0 && <strong role="timer">{words.composer.wait(seconds)}</strong>}
    </p>
  )
}
