import { useEffect, useRef, useState } from 'react'

const [MOST_TRIES, AGAIN_MS] = [5, 2000]

/** Somebody who scrolls fast asks for more pictures than the server gives at once. `tries` is a key for the next try. */
export function useRetries(): { readonly tries: number; readonly tryAgain: () => void } {
  const [tries, setTries] = useState(1)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const tryAgain = () => {
    if (tries < MOST_TRIES) timer.current = setTimeout(setTries, AGAIN_MS * tries, tries + 1)
  }
  return { tries, tryAgain }
}
