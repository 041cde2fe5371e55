// Emoji by name, in the page's language. The list is fetched on first use.

import type { Language } from '../model/preferences.ts'

export interface NamedEmoji {
  readonly emoji: string
  readonly name: string
}

/** An entry of emojibase's data.json, as far as it is used. */
interface EmojibaseEntry {
  readonly emoji: string
  readonly label: string
  readonly tags?: readonly string[]
}

const MOST = 8
const lists = new Map<Language, Promise<readonly EmojibaseEntry[]>>()

/** Where our server serves emojibase's data. */
export const EMOJI_URL = '/emoji'

async function loadList(language: Language): Promise<readonly EmojibaseEntry[]> {
  const known = lists.get(language)
  if (known) return known
  const request = fetch(`${EMOJI_URL}/${language}/data.json`).then(
    answer => answer.json() as Promise<EmojibaseEntry[]>,
  )
  lists.set(language, request)
  request.catch(() => lists.delete(language))
  return request
}

/** @returns up to 8 emoji whose name or tag begins with what was typed, the best match first */
export async function findEmoji(typed: string, language: Language): Promise<NamedEmoji[]> {
  const wanted = folded(typed)
  const found: (NamedEmoji & { rank: number })[] = []
  for (const { emoji, label, tags = [] } of await loadList(language)) {
    const name = folded(label)
    const rank = name.startsWith(wanted)
      ? 0
      : tags.some(tag => folded(tag) === wanted)
        ? 1
        : tags.some(tag => folded(tag).startsWith(wanted)) || name.includes(` ${wanted}`)
          ? 2
          : undefined
    if (rank !== undefined) found.push({ emoji, name: label, rank })
  }
  return found.sort((a, b) => a.rank - b.rank || a.name.length - b.name.length).slice(0, MOST)
}

function folded(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll(/[_-]/g, ' ')
}
