// Completions of the word at the caret: people, rooms, emoji, commands.

import type { App } from '../app.tsx'
import { foldUsername } from '../markup/names.ts'
import type { Room } from '../model/room.ts'
import type { Words } from '../words.ts'
import { commandsStartingWith } from './commands.ts'

export interface Completion {
  readonly key: string
  /** Replaces [from, to). */
  readonly insert: string
  readonly from: number
  readonly to: number
  readonly sign: string
  readonly label: string
  readonly hint: string
}

interface CompletionContext {
  readonly app: App
  readonly room: Room
  readonly words: Words
}

const MOST = 8
const WORD = /(?:^|[\s(])([@#:/])([\p{L}\p{M}\p{N}_.+-]*)$/u

export async function completionsAt(
  text: string,
  caret: number,
  context: CompletionContext,
): Promise<Completion[]> {
  const before = text.slice(0, caret)
  const [, sign, typed] = WORD.exec(before) ?? []
  if (sign === undefined || typed === undefined) return []
  const range = { from: caret - typed.length - 1, to: caret }
  const found = await FINDERS[sign]?.(typed, range.from, context)
  return (found ?? []).slice(0, MOST).map(each => ({ ...each, ...range, key: `${sign}${each.label}` }))
}

/** @returns the text with the completion in it, and the caret after it */
export function applyCompletion(
  text: string,
  { insert, from, to }: Completion,
): { text: string; caret: number } {
  return { text: text.slice(0, from) + insert + text.slice(to), caret: from + insert.length }
}

type Candidate = Pick<Completion, 'insert' | 'sign' | 'label' | 'hint'>
type Finder = (typed: string, from: number, context: CompletionContext) => Promise<Candidate[]>

const FINDERS: Readonly<Record<string, Finder>> = {
  '@': people,
  '#': async (typed, _, { app }) => rooms(typed, app),
  ':': emoji,
  '/': async (typed, from, { words }) =>
    from === 0 ? commandsStartingWith(typed, words).map(commandCandidate) : [],
}

async function people(
  typed: string,
  _: number,
  { app, room, words }: CompletionContext,
): Promise<Candidate[]> {
  const folded = foldUsername(typed)
  const members = await app.chat.members(room).catch(() => [])
  const found = members
    .filter(({ person, disabled }) => !disabled && person.id !== app.chat.me)
    .filter(
      ({ person }) => foldUsername(person.username).startsWith(folded) || startsName(person.name, folded),
    )
    .sort((a, b) => order(a.status) - order(b.status) || a.person.username.localeCompare(b.person.username))
    .map(({ person }) => ({
      insert: `@${person.username} `,
      sign: '@',
      label: person.username,
      hint: person.name,
    }))
  for (const { name, people } of app.chat.teams.all)
    if (foldUsername(name).startsWith(folded))
      found.push({ insert: `@${name} `, sign: '@', label: name, hint: words.teams.people(people) })
  if (!room.mayModerate) return found
  const everyone = words.composer.everyone
  return everyone.startsWith(folded)
    ? [...found, { insert: `@${everyone} `, sign: '@', label: everyone, hint: words.composer.everyoneHint }]
    : found
}

function order(status: string): number {
  return status === 'online' ? 0 : status === 'away' ? 1 : 2
}

function startsName(name: string, folded: string): boolean {
  return foldUsername(name)
    .split(' ')
    .some(part => part.startsWith(folded))
}

function rooms(typed: string, { chat }: App): Candidate[] {
  const folded = foldUsername(typed)
  return [...chat.rooms.values()]
    .filter(room => !room.isDirect && foldUsername(room.listing.name).startsWith(folded))
    .map(({ listing: { name, topic } }) => ({ insert: `#${name} `, sign: '#', label: name, hint: topic }))
}

async function emoji(typed: string, _: number, { app }: CompletionContext): Promise<Candidate[]> {
  if (typed.length < 2) return []
  const part = await import('./emoji.ts').catch(() => undefined)
  const found = (await part?.findEmoji(typed, app.wording.language).catch(() => [])) ?? []
  return found.map(({ emoji, name }) => ({ insert: `${emoji} `, sign: emoji, label: name, hint: '' }))
}

function commandCandidate({ word, args, help }: { word: string; args: string; help: string }): Candidate {
  return {
    insert: `/${word}${args === '' ? '' : ' '}`,
    sign: '/',
    label: `${word} ${args}`.trim(),
    hint: help,
  }
}
