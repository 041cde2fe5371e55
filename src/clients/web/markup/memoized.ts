/** Wraps `make` with a cache of the `most` keys used last, for rows that come and go while one scrolls. */
export function memoized<Made>(most: number, make: (key: string) => Made): (key: string) => Made {
  const kept = new Map<string, Made>()
  return key => {
    const made = kept.get(key) ?? make(key)
    kept.delete(key)
    kept.set(key, made)
    if (kept.size > most) forgetOldest(kept)
    return made
  }
}

function forgetOldest(kept: Map<string, unknown>): void {
  for (const oldest of kept.keys()) {
    kept.delete(oldest)
    return
  }
}
