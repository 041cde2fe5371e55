// Entries with another username of somebody, where they name that person.

import type { TimelineEntry } from './timeline.ts'

interface Named {
  readonly id: number
  readonly username: string
}

/** The entries under the new name; the same array if none names the person otherwise. */
export function renamedIn(
  entries: readonly TimelineEntry[],
  { id, username }: Named,
): readonly TimelineEntry[] {
  const before = entries
    .flatMap(entry => namesIn(entry))
    .find(each => each.id === id && each.username !== username)
  if (!before) return entries
  const renamed = (each: Named) => (each.id === id ? { id, username } : each)
  return entries.map(entry => {
    if (entry.kind === 'fold') return entry
    const author = renamed(entry.author)
    if ('person' in entry) return { ...entry, author, person: renamed(entry.person) }
    if (entry.kind === 'message' && entry.reply?.username === before.username)
      return { ...entry, author, reply: { ...entry.reply, username } }
    return { ...entry, author }
  })
}

function namesIn(entry: TimelineEntry): Named[] {
  if (entry.kind === 'fold') return []
  return 'person' in entry ? [entry.author, entry.person] : [entry.author]
}
