// The two drafts of IRCv3 metadata differ in how a client is answered, not in what is stored: draft/metadata-2 as
// published, draft/metadata-3 as in pull request 613 of ircv3-specifications.

import { type Caps, METADATA } from '../wire/caps.ts'
import type { Reply } from './reply.ts'

/** Everybody may see every key. */
const VISIBILITY = '*'

/** One key of a user or a channel. */
export interface MetadataEntry {
  readonly name: string
  readonly key: string
  /** Empty for a key that is not set any more. */
  readonly value: string
}

/** A code of standard replies, and the parameters between it and the text. */
type Coded = readonly [code: string, ...about: string[]]

export interface Draft {
  /** Tells a subscriber a value, present or changed. */
  notify(reply: Reply, entry: MetadataEntry): void
  /** Tells a value to the client that asked for it or set it. */
  answer(reply: Reply, entry: MetadataEntry): void
  /** Tells that there is too much to send without a SYNC. */
  syncLater(reply: Reply, target: string, text: string): void
  readonly noSubcommand: (subcommand: string) => Coded
  readonly badKey: (key: string) => Coded
  readonly badValue: (key: string) => Coded
  readonly manyKeys: (target: string) => Coded
  readonly manySubscriptions: (key: string) => Coded
  /** How one bad key is refused while the others are handled. */
  readonly partly: 'fail' | 'warn'
}

const second: Draft = {
  notify: (reply, { name, key, value }) => reply.command('METADATA', name, key, VISIBILITY, value),
  answer: (reply, { name, key, value }) => reply.numeric('RPL_KEYVALUE', name, key, VISIBILITY, value),
  syncLater: (reply, target) => reply.numeric('RPL_METADATASYNCLATER', target),
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
  syncLater: (reply, target, text) => reply.numeric('RPL_METADATASYNCLATER', target, '0', text),
  noSubcommand: subcommand => ['INVALID_PARAMS', /^[^: ][^ ]*$/.test(subcommand) ? subcommand : '*'],
  badKey: key => ['INVALID_KEY', key],
  badValue: key => ['INVALID_VALUE', key],
  manyKeys: target => ['LIMIT_REACHED', 'SET', target, `${METADATA.keys}`],
  manySubscriptions: key => ['LIMIT_REACHED', 'SUB', key, `${METADATA.subs}`],
  partly: 'warn',
}

/** Sends a key with its value, or that it is not set. */
function keyValue(reply: Reply, { name, key, value }: MetadataEntry): void {
  if (value === '') reply.numeric('RPL_KEYNOTSET', name, key)
  else reply.numeric('RPL_KEYVALUE', name, key, VISIBILITY, value)
}

/** The newer draft of those that the client has negotiated; draft/metadata-2 without either. */
export function draftOf(caps: Caps): Draft {
  return usesMetadata3(caps) ? third : second
}

export function usesMetadata3(caps: Caps): boolean {
  return caps.has('draft/metadata-3')
}

export function knowsMetadata(caps: Caps): boolean {
  return usesMetadata3(caps) || caps.has('draft/metadata-2')
}
