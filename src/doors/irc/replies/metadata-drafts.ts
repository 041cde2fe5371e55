// The two drafts of IRCv3's metadata ask and keep the same. How a client is told depends on which of them it knows:
// draft/metadata-2 as it is published, draft/metadata-3 as ircv3-specifications' pull request 613 has it.

import { type Caps, METADATA } from '../wire/caps.ts'
import type { Reply } from './reply.ts'

/** Everybody sees all of it. */
const VISIBILITY = '*'

/** What somebody or a channel says of themselves. */
export interface MetadataEntry {
  readonly name: string
  readonly key: string
  /** Empty where nothing is said any more. */
  readonly value: string
}

/** A code of standard replies, and what stands between it and the text. */
type Coded = readonly [code: string, ...about: string[]]

export interface Draft {
  /** What is so now, or changes. */
  notify(to: Reply, said: MetadataEntry): void
  /** The same, to who asked for it or did it. */
  answer(to: Reply, said: MetadataEntry): void
  /** There is too much to be told unasked. */
  syncLater(to: Reply, target: string, text: string): void
  readonly noSubcommand: (subcommand: string) => Coded
  readonly badKey: (key: string) => Coded
  readonly badValue: (key: string) => Coded
  readonly manyKeys: (target: string) => Coded
  readonly manySubscriptions: (key: string) => Coded
  /** What is said of one key where the others are dealt with. */
  readonly partly: 'fail' | 'warn'
}

const second: Draft = {
  notify: (to, { name, key, value }) => to.command('METADATA', name, key, VISIBILITY, value),
  answer: (to, { name, key, value }) => to.numeric('RPL_KEYVALUE', name, key, VISIBILITY, value),
  syncLater: (to, target) => to.numeric('RPL_METADATASYNCLATER', target),
  noSubcommand: subcommand => ['SUBCOMMAND_INVALID', subcommand],
  badKey: key => ['KEY_INVALID', key],
  badValue: () => ['VALUE_INVALID'],
  manyKeys: target => ['LIMIT_REACHED', target],
  manySubscriptions: key => ['TOO_MANY_SUBS', key],
  partly: 'fail',
}

const third: Draft = {
  notify: keyValue,
  answer: keyValue,
  syncLater: (to, target, text) => to.numeric('RPL_METADATASYNCLATER', target, '0', text),
  noSubcommand: subcommand => ['INVALID_PARAMS', /^[^: ][^ ]*$/.test(subcommand) ? subcommand : '*'],
  badKey: key => ['INVALID_KEY', key],
  badValue: key => ['INVALID_VALUE', key],
  manyKeys: target => ['LIMIT_REACHED', 'SET', target, `${METADATA.keys}`],
  manySubscriptions: key => ['LIMIT_REACHED', 'SUB', key, `${METADATA.subs}`],
  partly: 'warn',
}

/** An empty value is none. */
function keyValue(to: Reply, { name, key, value }: MetadataEntry): void {
  if (value === '') to.numeric('RPL_KEYNOTSET', name, key)
  else to.numeric('RPL_KEYVALUE', name, key, VISIBILITY, value)
}

/** Who has asked for both has the newer one; who has asked for none is answered as ever. */
export function draftOf(caps: Caps): Draft {
  return usesMetadata3(caps) ? third : second
}

export function usesMetadata3(caps: Caps): boolean {
  return caps.has('draft/metadata-3')
}

export function knowsMetadata(caps: Caps): boolean {
  return usesMetadata3(caps) || caps.has('draft/metadata-2')
}
