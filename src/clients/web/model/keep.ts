// What the browser keeps for us between visits. It may be full, or forbidden: then it is kept for this visit.

const PREFIX = 'tertulia.'
const meanwhile = new Map<string, string>()

export function kept(name: string): string | undefined {
  const here = meanwhile.get(name)
  if (here !== undefined) return here
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined
  } catch {
    return undefined
  }
}

/** @param value undefined: nothing is kept any more */
export function keep(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name)
    else localStorage.setItem(PREFIX + name, value)
    meanwhile.delete(name)
  } catch {
    meanwhile.set(name, value ?? '')
  }
}

/** What is kept may be of another version, or somebody's joke. */
export function keptJson<Value>(
  name: string,
  isValue: (value: unknown) => value is Value,
): Value | undefined {
  const text = kept(name)
  if (text === undefined || text === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isValue(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Who logs out leaves nothing behind but how they like the page to look. */
export function forgetAllBut(names: readonly string[]): void {
  meanwhile.clear()
  try {
    const all = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '')
    for (const key of all) {
      if (key.startsWith(PREFIX) && !names.includes(key.slice(PREFIX.length))) localStorage.removeItem(key)
    }
  } catch {
    // nothing was kept
  }
}
