// Polls. A poll is a message whose text is its question and its numbered options, each on a line, so every door shows it
// and every search finds it; what else it is stands beside the text.

import { normalized } from '../text/normal-forms.ts'
import type { Instant } from './model.ts'
import { refuse } from './refusals.ts'
import { oneLine } from './rules.ts'

/** Code points. */
const LONGEST_QUESTION = 300
const LONGEST_OPTION = 100
export const LEAST_OPTIONS = 2
export const MOST_OPTIONS = 20
/** A poll that ends by itself is open for at least this long, and at most: milliseconds. */
const SHORTEST_POLL_MS = 1000
const LONGEST_POLL_MS = 366 * 86_400_000

/** How a poll is voted on. */
export interface PollRules {
  /** One may choose several options. */
  readonly multiple?: true
  /** Everybody sees who chose what; otherwise only how many did. */
  readonly named?: true
  /** When it ends by itself. */
  readonly until?: Instant
}

export interface PollOption {
  readonly text: string
  /** How many people have chosen it. */
  readonly votes: number
}

export interface Poll extends PollRules {
  readonly question: string
  /** 2–20; people call them by their numbers, from 1. */
  readonly options: readonly PollOption[]
  /** How many people have voted. */
  readonly voters: number
  /** It takes no votes any more; it may also have ended by `until`. */
  readonly closed?: true
  /** The numbers of the options that the reader has chosen. Only in pages of messages, and only if there are some. */
  readonly mine?: readonly number[]
}

export interface PollText {
  readonly question: string
  readonly options: readonly string[]
}

/** @returns both on a line each. Refuses 'bad-question', 'option-count', 'bad-option', 'equal-options'. */
export function checkPoll({ question: asked, options: offered }: PollText): PollText {
  const question = oneLine(asked, LONGEST_QUESTION)
  if (question === '' || [...question].length > LONGEST_QUESTION) refuse('bad-question')
  if (offered.length < LEAST_OPTIONS || offered.length > MOST_OPTIONS) refuse('option-count')
  const options = offered.map(each => oneLine(each, LONGEST_OPTION))
  if (options.some(each => each === '' || [...each].length > LONGEST_OPTION)) refuse('bad-option')
  if (
    new Set(options.map(each => normalized(each, 'NFKC', LONGEST_OPTION).toLowerCase())).size < options.length
  )
    refuse('equal-options')
  return { question, options }
}

/** Refuses 'bad-poll-end'. */
export function checkPollEnd(until: Instant, now: Instant): Instant {
  const lasts = until - now
  return lasts >= SHORTEST_POLL_MS && lasts <= LONGEST_POLL_MS ? until : refuse('bad-poll-end')
}

/** The text of the poll's message. */
export function writePoll({ question, options }: PollText): string {
  return [question, ...options.map((each, i) => `${i + 1}. ${each}`)].join('\n')
}

/** Cheap, and true of every poll's text. */
export function mayBePoll(text: string): boolean {
  return text.includes('\n1. ')
}

/** Reads what `writePoll` wrote; undefined for any other text. */
export function readPoll(text: string): PollText | undefined {
  const [question = '', ...lines] = text.split('\n')
  if (question === '' || lines.length < LEAST_OPTIONS || lines.length > MOST_OPTIONS) return undefined
  const options: string[] = []
  for (const [i, line] of lines.entries()) {
    const mark = `${i + 1}. `
    if (!line.startsWith(mark) || line.length === mark.length) return undefined
    options.push(line.slice(mark.length))
  }
  return { question, options }
}

/** A poll that nobody has voted on. */
export function newPoll(text: string, rules: PollRules): Poll | undefined {
  const read = readPoll(text)
  if (!read) return undefined
  const { question, options } = read
  return { question, options: options.map(each => ({ text: each, votes: 0 })), voters: 0, ...rules }
}
