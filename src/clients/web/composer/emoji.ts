// Emoji by name, in both languages. The list is fetched on first use.

import { withoutCode } from '../../../wire/marks.ts'
import type { Language } from '../model/preferences.ts'
import { getJson, setItem } from '../model/storage.ts'

export interface Emoji {
  readonly emoji: string
  /** The number of its group. */
  readonly group: number
  readonly names: Readonly<Record<Language, string>>
  /** Folded: what else it is called, in both languages. */
  readonly tags: Readonly<Record<Language, readonly string[]>>
  /** Names between colons, in English: tada, +1. */
  readonly codes: readonly string[]
  /** With each of the five tones of skin, from light to dark; empty for most. */
  readonly tones: readonly string[]
}

export interface EmojiList {
  /** The names of the groups. */
  readonly groups: Readonly<Record<Language, readonly string[]>>
  readonly emoji: readonly Emoji[]
}

export interface NamedEmoji {
  readonly emoji: string
  readonly name: string
}

/** As vite.config.ts writes it. */
interface Written {
  readonly groups: EmojiList['groups']
  readonly emoji: readonly (readonly [string, number, string, string, string, string, string, string])[]
}

const MOST_FOUND = 8
const MOST_RECENT = 16
let request: Promise<EmojiList> | undefined

export function loadEmoji(): Promise<EmojiList> {
  request ??= fetch('/emoji/names.json')
    .then(answer => answer.json() as Promise<Written>)
    .then(({ groups, emoji }) => ({ groups, emoji: emoji.map(emojiFrom) }))
  request.catch(() => {
    request = undefined
  })
  return request
}

function emojiFrom([emoji, group, es, esTags, en, enTags, codes, tones]: Written['emoji'][number]): Emoji {
  const tags = { es: esTags.split('|').map(folded), en: enTags.split('|').map(folded) }
  return { emoji, group, names: { es, en }, tags, codes: words(codes), tones: words(tones) }
}

function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ')
}

const OTHER: Readonly<Record<Language, Language>> = { es: 'en', en: 'es' }

/** How well the name fits, 0 best; undefined if it does not. @param wanted folded */
function rankOf({ names, tags, codes }: Emoji, wanted: string, language: Language): number | undefined {
  const code = wanted.replaceAll(' ', '_')
  if (codes.includes(code)) return 0
  const ranks = [language, OTHER[language]].flatMap((each, i) => {
    const name = folded(names[each])
    if (name === wanted || tags[each].includes(wanted)) return [1 + i]
    if (name.startsWith(wanted)) return [3 + i]
    if (tags[each].some(tag => tag.startsWith(wanted)) || name.includes(` ${wanted}`)) return [5 + i]
    return []
  })
  if (codes.some(each => each.startsWith(code))) ranks.push(4)
  return ranks.length === 0 ? undefined : Math.min(...ranks)
}

/** @returns those whose name, tag or shortcode begins with what was typed, in any of the languages, the best match first */
export function searchEmoji({ emoji }: EmojiList, typed: string, language: Language): Emoji[] {
  const wanted = folded(typed.replaceAll(':', '')).trim()
  if (wanted === '') return []
  return emoji
    .flatMap((each, i) => {
      const rank = rankOf(each, wanted, language)
      return rank === undefined ? [] : [{ each, rank, i }]
    })
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map(({ each }) => each)
}

/** @returns up to 8 emoji, with the tone of skin that was chosen last */
export async function findEmoji(typed: string, language: Language): Promise<NamedEmoji[]> {
  const found = searchEmoji(await loadEmoji(), typed, language).slice(0, MOST_FOUND)
  return found.map(each => ({ emoji: toned(each, chosenTone()), name: each.names[language] }))
}

function folded(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll(/[_-]/g, ' ')
}

// --- what is typed out -----------------------------------------------------------------------------------

/** A name between colons right before the caret, not after another word: 12:30: is a time. */
const TYPED_OUT = /(?<![\p{L}\p{N}:]):([\p{L}\p{M}\p{N}_+-]{2,40}):$/u
/** Ranks up to here are exact names. */
const EXACT = 2

/**
 * Puts the emoji in the place of its name that was just typed: `:tada:`, `:fiesta:`. In code nothing is replaced.
 * @returns the text, and the caret after the emoji; undefined where there is nothing to replace
 */
export async function replaceTypedOut(
  text: string,
  caret: number,
  language: Language,
): Promise<{ text: string; caret: number } | undefined> {
  const before = text.slice(0, caret)
  const [typed, name] = TYPED_OUT.exec(before) ?? []
  if (typed === undefined || name === undefined || isInCode(before, typed)) return undefined
  const list = await loadEmoji()
  const [found] = searchEmoji(list, name, language)
  const rank = found && rankOf(found, folded(name), language)
  if (!found || rank === undefined || rank > EXACT) return undefined
  const from = caret - typed.length
  const emoji = toned(found, chosenTone())
  return { text: text.slice(0, from) + emoji + text.slice(caret), caret: from + emoji.length }
}

/** Whether the end of the text is in code, also in code that is not closed yet. */
function isInCode(text: string, end: string): boolean {
  const fences = text.match(/^ {0,3}(?:```|~~~)/gm)?.length ?? 0
  if (fences % 2 === 1 || !withoutCode(text).endsWith(end)) return true
  const line = withoutCode(text).slice(text.lastIndexOf('\n') + 1)
  return (line.match(/`/g)?.length ?? 0) % 2 === 1
}

// --- what is remembered --------------------------------------------------------------------------------

const isTone = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 5

/** 0 for none, 1–5 from light to dark. */
export function chosenTone(): number {
  return getJson('emoji.tone', isTone) ?? 0
}

export function chooseTone(tone: number): void {
  setItem('emoji.tone', String(tone))
}

export function toned({ emoji, tones }: Pick<Emoji, 'emoji' | 'tones'>, tone: number): string {
  return tone === 0 ? emoji : (tones[tone - 1] ?? emoji)
}

const areTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string' && each.length <= 64)

/** The ones that were chosen last, the latest first. */
export function recentEmoji(): readonly string[] {
  return (getJson('emoji.recent', areTexts) ?? []).slice(0, MOST_RECENT)
}

export function noteRecent(emoji: string): void {
  const recent = [emoji, ...recentEmoji().filter(each => each !== emoji)].slice(0, MOST_RECENT)
  setItem('emoji.recent', JSON.stringify(recent))
}
