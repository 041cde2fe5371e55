// The page before there is anything to show. After a while it says what it waits for.

import { useEffect, useState } from 'react'
import { useWords } from '../app.tsx'
import './loading.css'

const PATIENCE_MS = 1500

export function Loading({ state = 'connecting' }: { state?: string }) {
  const words = useWords()
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <main className="loading" aria-busy="true">
      <p role="status">{isSlow && (state === 'waiting' ? words.noServer : words.connecting)}</p>
    </main>
  )
}
