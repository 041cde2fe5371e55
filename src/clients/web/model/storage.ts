// localStorage. Where it is full or forbidden, items are kept in memory until the page is closed. Each item has a key of
// its own, so that two tabs do not overwrite each other's.

const PREFIX = 'tertulia.'
const memory = new Map<string, string>()

export function getItem(name: string): string | undefined {
  const inMemory = memory.get(name)
  if (inMemory !== undefined) return inMemory
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined
  } catch {
    return undefined
  }
}

/** @param value undefined removes the item */
export function setItem(name: string, value: string | undefined): void {
  memory.delete(name)
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name)
    else localStorage.setItem(PREFIX + name, value)
  } catch {
    if (value !== undefined) memory.set(name, value)
  }
}

/** @param isValue checks the parsed value, which another version or anybody may have written */
export function getJson<Value>(name: string, isValue: (value: unknown) => value is Value): Value | undefined {
  const text = getItem(name)
  return text === undefined ? undefined : parsedJson(text, isValue)
}

/** @param isValue as for getJson */
export function parsedJson<Value>(
  text: string,
  isValue: (value: unknown) => value is Value,
): Value | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isValue(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function keysWithPrefix(start: string): string[] {
  const inMemory = [...memory.keys()]
  return [...new Set([...inMemory, ...storedKeys()])].filter(name => name.startsWith(start))
}

function storedKeys(): string[] {
  try {
    const all = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '')
    return all.filter(key => key.startsWith(PREFIX)).map(key => key.slice(PREFIX.length))
  } catch {
    return []
  }
}

/** Tells what other tabs set and remove. */
export function onItemChange(listener: (name: string, value: string | undefined) => void): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key?.startsWith(PREFIX)) listener(key.slice(PREFIX.length), newValue ?? undefined)
  })
}

export function clearExcept(names: readonly string[]): void {
  for (const name of keysWithPrefix('')) if (!names.includes(name)) setItem(name, undefined)
}

/** A name of this tab that outlasts a reload; without sessionStorage it does not. */
export function tabName(): string {
  const name = crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? ''
  try {
    const known = sessionStorage.getItem(`${PREFIX}tab`)
    if (known === null) sessionStorage.setItem(`${PREFIX}tab`, name)
    return known ?? name
  } catch {
    return name
  }
}
