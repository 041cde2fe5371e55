// Before there is anything to show: the page's own shape, and after a while what it waits for.

import { useEffect, useState } from 'react'
import { useWords } from '../app.tsx'

const PATIENCE_MS = 1500

export function Boot({ state = 'connecting' }: { state?: string }) {
  const words = useWords()
  const [waited, setWaited] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setWaited(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <main className="boot" aria-busy="true">
      <p role="status">{waited && (state === 'waiting' ? words.noServer : words.connecting)}</p>
    </main>
  )
}
