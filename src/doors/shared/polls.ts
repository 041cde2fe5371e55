// How doors that show text show polls, and how one is typed: -2h ¿Cuándo? | Lunes | Martes

import type { Instant, Message } from '../../core/model/model.ts'
import type { Poll } from '../../core/model/polls.ts'
import type { NewPoll } from '../../core/polls/polls.ts'
import { printableLine } from '../../wire/printable.ts'
import type { Wording } from '../../wording/es.ts'
import { languages } from '../../wording/languages.ts'
import { until } from '../../wording/times.ts'

type PollWording = Pick<Wording, 'poll' | 'until' | 'forEver'>

/** People who are named beside an option, at most. */
const MOST_NAMES = 30

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Parses what is typed, in any language. @returns undefined where there are no options */
export function pollTyped(typed: string, now: Instant): NewPoll | undefined {
  const words = typed.trim().split(/\s+/)
  const rules: { multiple?: true; named?: true; until?: Instant } = {}
  let taken = 0
  for (const word of words) {
    const [, digits, unit = ''] = /^-(\d{1,5})([mhd])$/.exec(word) ?? []
    const mode = modeOf(word)
    if (digits !== undefined) rules.until = (now + Number(digits) * (UNITS[unit] ?? 0)) as Instant
    else if (mode) rules[mode] = true
    else break
    taken++
  }
  const [question = '', ...options] = words.slice(taken).join(' ').split('|')
  return options.length === 0 ? undefined : { question, options, ...rules }
}

function modeOf(word: string): 'multiple' | 'named' | undefined {
  const modes = ['multiple', 'named'] as const
  return modes.find(mode =>
    Object.values(languages).some(({ poll }) => `-${poll.modes[mode]}` === word.toLowerCase()),
  )
}

/** Parses the numbers of options; the word for none takes a vote back. @returns undefined for anything else */
export function choiceTyped(words: readonly string[]): readonly number[] | undefined {
  const isNone = Object.values(languages).some(({ poll }) => poll.none === words[0]?.toLowerCase())
  if (words.length === 1 && isNone) return []
  const numbers = words.flatMap(word => word.split(',')).filter(word => word !== '')
  if (numbers.length === 0 || !numbers.every(word => /^\d{1,3}$/.test(word))) return undefined
  return numbers.map(Number)
}

/** Lunes 3, Martes 5 */
export function results({ options, voters }: Poll, { poll }: PollWording): string {
  if (voters === 0) return poll.nobody
  return options.map(({ text, votes }) => `${printableLine(text)} ${votes}`).join(', ')
}

/** Whether it takes no votes any more. */
function isOver({ closed, until: end }: Poll, now: number): boolean {
  return closed === true || (end !== undefined && end <= now)
}

/** The line below a poll's message that says how it stands, and how to vote: /votar 41 or what else the door has. */
export function standing(poll: Poll, seq: number, context: { wording: PollWording; how: string }): string {
  const { wording, how } = context
  const words = wording.poll
  if (isOver(poll, Date.now())) return words.over(seq, results(poll, wording))
  const end = poll.until === undefined ? '' : until(poll.until, wording)
  const ask = words.ask(`${how} ${poll.multiple ? words.numbers : words.number}`, end)
  return poll.voters === 0 ? words.untouched(seq, ask) : words.open(seq, results(poll, wording), ask)
}

/** How a poll stands, an option a line, for somebody who has asked. @param names who has chosen what, by option */
export function ballotLines(
  { seq, poll }: Pick<Message, 'seq'> & { readonly poll: Poll },
  wording: PollWording,
  names: ReadonlyMap<number, readonly string[]>,
): readonly string[] {
  const words = wording.poll
  const mine = new Set(poll.mine)
  const options = poll.options.map(({ text, votes }, i) => {
    const line = `${i + 1}. ${printableLine(text)}: ${votes}${mine.has(i + 1) ? ` ${words.yours}` : ''}`
    const people = names.get(i + 1) ?? []
    const more = people.length > MOST_NAMES ? ', …' : ''
    return people.length === 0 ? line : `${line} — ${people.slice(0, MOST_NAMES).join(', ')}${more}`
  })
  const over = isOver(poll, Date.now()) ? words.closed : ''
  return [words.title(seq, printableLine(poll.question)), ...options, words.voted(poll.voters, over)]
}
