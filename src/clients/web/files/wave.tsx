// The loudness of a recording as bars, of which the heard ones have another colour.

/** Bars of a recording without a wave. */
const FLAT = Array.from({ length: 48 }, () => 0.1)

/** @param wave up to 128 bytes in base64; @param share how much was heard, from 0 to 1 */
export function Wave({ wave, share }: { wave: string | undefined; share: number }) {
  const bars = barsOf(wave)
  const heard = Math.round(share * bars.length)
  return (
    <svg className="wave" viewBox={`0 0 ${bars.length * 3} 32`} preserveAspectRatio="none" aria-hidden="true">
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

function barsOf(wave: string | undefined): readonly number[] {
  if (wave === undefined) return FLAT
  try {
    const bars = Array.from(atob(wave), letter => letter.charCodeAt(0) / 255)
    return bars.length === 0 ? FLAT : bars
  } catch {
    return FLAT
  }
}
