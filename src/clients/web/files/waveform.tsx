// The loudness of a recording as bars, of which the heard ones have another colour.

/** Bars of a recording without a waveform. */
const FLAT = Array.from({ length: 48 }, () => 0.1)

/** @param waveform up to 128 bytes in base64; @param share how much was heard, from 0 to 1 */
export function Waveform({ waveform, share }: { waveform: string | undefined; share: number }) {
  const bars = barsOf(waveform)
  const heard = Math.round(share * bars.length)
  return (
    <svg
      className="waveform"
      viewBox={`0 0 ${bars.length * 3} 32`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={drawn(bars, 0, heard)} className="heard" />
      <path d={drawn(bars, heard, bars.length)} />
    </svg>
  )
}

/** The bars from one to before another, each as a line from below to above the middle. */
function drawn(bars: readonly number[], from: number, to: number): string {
  return bars
    .slice(from, to)
    .map((loudness, at) => {
      const half = 1 + loudness * 14
      return `M${(from + at) * 3 + 1} ${16 + half}V${16 - half}`
    })
    .join('')
}

function barsOf(waveform: string | undefined): readonly number[] {
  if (waveform === undefined) return FLAT
  try {
    const bars = Array.from(atob(waveform), letter => letter.charCodeAt(0) / 255)
    return bars.length === 0 ? FLAT : bars
  } catch {
    return FLAT
  }
}
