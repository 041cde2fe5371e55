// What people and channels say of themselves for clients (draft/metadata-2, draft/metadata-3). It is stored with the
// account or the room.

import type { Person } from '../../core/model.ts'
import type { Datum } from '../../core/ports.ts'
import { Refusal } from '../../core/refusals.ts'
import { isDatumKey } from '../../core/rules.ts'
import { gathered } from './arriving.ts'
import { METADATA } from './caps.ts'
import type { Client } from './client.ts'
import type { Asked, Command } from './commands.ts'
import { personCalled } from './finding.ts'
import { draftOf, isThird } from './metadata-drafts.ts'
import { foldName, isChannel } from './names.ts'
import { tell } from './news.ts'
import type { Reply } from './reply.ts'
import { ALL, showOfAll, showOfEach, sync, syncAll, type Target, targetFor } from './show-metadata.ts'

export const aboutMetadata: Readonly<Record<string, Command>> = {
  METADATA: { min: 2, when: 'after', run: metadata },
}

interface Wanted {
  readonly asked: Asked
  readonly person: Person
  readonly target: Target
  readonly words: readonly string[]
}

interface Subcommand {
  readonly run: (wanted: Wanted) => Promise<void> | void
  /** Words behind it, at least and at most: draft/metadata-3 has those refused who say others. */
  readonly words: readonly [least: number, most: number]
  /** Whether it is about oneself alone, in that draft. */
  readonly isOwn?: true
  /** Of all that one hears about, which that draft lets one ask for. */
  readonly ofAll?: (client: Client, to: Reply) => Promise<void>
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  GET: { run: get, words: [1, Infinity] },
  LIST: { run: list, words: [0, 0] },
  SET: { run: set, words: [1, 2] },
  CLEAR: { run: clear, words: [0, 0] },
  SUB: { run: subscribe, words: [1, Infinity], isOwn: true },
  UNSUB: { run: unsubscribe, words: [1, Infinity], isOwn: true },
  SUBS: { run: subscriptions, words: [0, 0], isOwn: true },
  SYNC: { run: ({ asked, target }) => sync(asked.client, target, asked.to), words: [0, 0], ofAll: syncAll },
}

async function metadata(asked: Asked): Promise<void> {
  const { client, params, to } = asked
  const [name = '', said = '', ...words] = params
  const { irc } = client.wording
  const third = isThird(client.caps)
  const subcommand = Object.hasOwn(SUBCOMMANDS, said.toUpperCase()) && SUBCOMMANDS[said.toUpperCase()]
  if (!subcommand) return to.fail('METADATA', ...draftOf(client.caps).noSubcommand(said), irc.noSubcommand)
  const wrong = third ? miscounted(words, subcommand) : undefined
  if (wrong) return to.fail('METADATA', 'INVALID_PARAMS', said, irc[wrong])
  const { session } = client
  if (!session) return to.fail('METADATA', 'KEY_NO_PERMISSION', name, '*', irc.identify[0] ?? '')
  if (third && subcommand.isOwn && !isOneself(client, name))
    return to.fail('METADATA', 'INVALID_TARGET', name, irc.onlyOneself)
  if (third && name === ALL && subcommand.ofAll) return subcommand.ofAll(client, to)
  const target = await targetOf(client, name)
  if (!target) return to.fail('METADATA', 'INVALID_TARGET', name, irc.nothingThere)
  await subcommand.run({ asked, person: session.person, target, words })
}

function miscounted(
  { length }: readonly string[],
  { words: [least, most] }: Subcommand,
): 'fewParameters' | 'manyParameters' | undefined {
  if (length < least) return 'fewParameters'
  return length > most ? 'manyParameters' : undefined
}

function isOneself({ name: own }: Client, name: string): boolean {
  return name === '*' || foldName(name) === foldName(own)
}

async function targetOf(client: Client, name: string): Promise<Target | undefined> {
  const { person } = client
  if (person && isOneself(client, name)) return { name: person.username, bearer: { person: person.id } }
  const room = client.channelCalled(name)
  if (room) return targetFor(client, room)
  const found = isChannel(name) ? undefined : await personCalled(client.parts.chat, name)
  return found && { name: found.username, bearer: { person: found.id } }
}

function sayValue(
  { asked: { client }, target: { name } }: Wanted,
  { key, value }: Pick<Datum, 'key' | 'value'>,
  to: Reply,
): void {
  draftOf(client.caps).answer(to, { name, key, value })
}

/** The values, or what is wrong, in a batch that names the target. */
function inBatch({ asked: { to }, target }: Wanted, say: (inside: Reply) => void): void {
  to.inBatch(['metadata', target.name], say)
}

async function valuesOf({ asked, person, target }: Wanted): Promise<readonly Datum[]> {
  return asked.client.parts.chat.metadata.of(person, [target.bearer])
}

async function get(wanted: Wanted): Promise<void> {
  const values = await valuesOf(wanted)
  inBatch(wanted, to => {
    for (const key of wanted.words) {
      const found = values.find(each => each.key === key)
      if (!isDatumKey(key)) badKey(wanted.asked.client, key, to)
      else if (found) sayValue(wanted, found, to)
      else to.numeric('RPL_KEYNOTSET', wanted.target.name, key)
    }
  })
}

async function list(wanted: Wanted): Promise<void> {
  const values = await valuesOf(wanted)
  inBatch(wanted, to => {
    for (const value of values) sayValue(wanted, value, to)
  })
}

/** One of several. */
function badKey({ caps, wording }: Client, key: string, to: Reply): void {
  const draft = draftOf(caps)
  to[draft.partly]('METADATA', ...draft.badKey(key), wording.irc.badKey)
}

// --- changing --------------------------------------------------------------------------------------------

async function set(wanted: Wanted): Promise<void> {
  const { asked, target, words } = wanted
  const { client, to } = asked
  const [key = '', said] = words
  const value = said === '' && isThird(client.caps) ? undefined : said
  if (!isDatumKey(key))
    return to.fail('METADATA', ...draftOf(client.caps).badKey(key), client.wording.irc.badKey)
  if (!(await change(wanted, key, value))) return
  if (value === undefined) to.numeric('RPL_KEYNOTSET', target.name, key)
  else sayValue(wanted, { key, value }, to)
}

/** @returns whether it was done */
async function change(
  { asked, person, target }: Wanted,
  key: string,
  value: string | undefined,
): Promise<boolean> {
  const { client, to } = asked
  const draft = draftOf(client.caps)
  try {
    const changed = await client.parts.chat.metadata.set(person, target.bearer, { key, value })
    if (changed) tellOthers(client, target, { key, value: value ?? '' })
    // In draft/metadata-3 what is not there has been taken away.
    if (changed || isThird(client.caps)) return true
    to.fail('METADATA', 'KEY_NOT_SET', target.name, key, client.wording.irc.keyNotSet)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'too-many') to.fail('METADATA', ...draft.manyKeys(target.name), client.refused(error))
    else if (error.code === 'long-text')
      to.fail('METADATA', ...draft.badValue(key), client.wording.irc.longValue)
    else to.fail('METADATA', 'KEY_NO_PERMISSION', target.name, key, client.refused(error))
  }
  return false
}

async function clear(wanted: Wanted): Promise<void> {
  const { asked, person, target } = wanted
  const values = await valuesOf(wanted)
  const { chat } = asked.client.parts
  try {
    for (const { key } of values) {
      await chat.metadata.set(person, target.bearer, { key, value: undefined })
      tellOthers(asked.client, target, { key, value: '' })
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return asked.to.fail('METADATA', 'KEY_NO_PERMISSION', target.name, '*', asked.client.refused(error))
  }
  inBatch(wanted, to => {
    for (const { key } of values) sayValue(wanted, { key, value: '' }, to)
  })
}

/** All others who want to know. */
function tellOthers(client: Client, target: Target, datum: Pick<Datum, 'key' | 'value'>): void {
  tell(client.parts, { is: 'datum', ...target, ...datum, by: client.session?.id })
}

// --- wanting to know -------------------------------------------------------------------------------------

async function subscribe({ asked, words }: Wanted): Promise<void> {
  const { client, to } = asked
  const done: string[] = []
  const before = new Set(client.subscriptions)
  for (const key of words) {
    if (!isDatumKey(key)) badKey(client, key, to)
    else if (!client.subscriptions.has(key) && client.subscriptions.size >= METADATA.subs) {
      const code = draftOf(client.caps).manySubscriptions(key)
      to.fail('METADATA', ...code, client.wording.irc.manySubscriptions)
      break
    } else {
      client.subscriptions.add(key)
      done.push(key)
    }
  }
  for (const line of gathered(done, ' ')) to.numeric('RPL_METADATASUBOK', ...line.split(' '))
  const wanted = new Set(done)
  if (!isThird(client.caps)) return showOfEach(client, wanted, to)
  const added = wanted.difference(before)
  if (added.size > 0) await showOfAll(client, added, to)
}

function unsubscribe({ asked: { client, to }, words }: Wanted): void {
  const done = words.filter(key => {
    if (!isDatumKey(key)) badKey(client, key, to)
    return isDatumKey(key)
  })
  for (const key of done) client.subscriptions.delete(key)
  for (const line of gathered(done, ' ')) to.numeric('RPL_METADATAUNSUBOK', ...line.split(' '))
}

function subscriptions({ asked: { client, to } }: Wanted): void {
  to.inBatch(['metadata-subs'], inside => {
    for (const line of gathered([...client.subscriptions], ' '))
      inside.numeric('RPL_METADATASUBS', ...line.split(' '))
  })
}
