// What the browser keeps for us between visits. It may be full, or forbidden: then it is kept for this visit. Each
// thing has a key of its own, so that two tabs don't overwrite each other's.

const PREFIX = 'tertulia.'
const memory = new Map<string, string>()

export function getItem(name: string): string | undefined {
  const here = memory.get(name)
  if (here !== undefined) return here
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined
  } catch {
    return undefined
  }
}

/** @param value undefined: nothing is kept any more */
export function setItem(name: string, value: string | undefined): void {
  memory.delete(name)
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name)
    else localStorage.setItem(PREFIX + name, value)
  } catch {
    if (value !== undefined) memory.set(name, value)
  }
}

/** What is kept may be of another version, or somebody's joke. */
export function getJson<Value>(name: string, isValue: (value: unknown) => value is Value): Value | undefined {
  const text = getItem(name)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isValue(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** All names that begin so. */
export function keysWithPrefix(start: string): string[] {
  const here = [...memory.keys()]
  return [...new Set([...here, ...storedKeys()])].filter(name => name.startsWith(start))
}

function storedKeys(): string[] {
  try {
    const all = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '')
    return all.filter(key => key.startsWith(PREFIX)).map(key => key.slice(PREFIX.length))
  } catch {
    return []
  }
}

/** Told of what other tabs keep and drop. */
export function watchItems(listener: (name: string, value: string | undefined) => void): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key?.startsWith(PREFIX)) listener(key.slice(PREFIX.length), newValue ?? undefined)
  })
}

/** Who logs out leaves nothing behind but how they like the page to look. */
export function clearExcept(names: readonly string[]): void {
  for (const name of keysWithPrefix('')) if (!names.includes(name)) setItem(name, undefined)
}
