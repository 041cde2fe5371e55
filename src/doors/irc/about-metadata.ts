// What people and channels say of themselves for clients (draft/metadata-2). It is stored with the account or the room.

import type { Person, Room } from '../../core/model.ts'
import type { Bearer, Datum } from '../../core/ports.ts'
import { Refusal } from '../../core/refusals.ts'
import { isDatumKey } from '../../core/rules.ts'
import { gathered, online } from './arriving.ts'
import { METADATA, VISIBILITY } from './caps.ts'
import type { Client } from './client.ts'
import type { Asked, Command } from './commands.ts'
import { personCalled } from './finding.ts'
import { foldName, isChannel } from './names.ts'
import { tell } from './news.ts'
import { QUESTION, type Reply } from './reply.ts'

export const aboutMetadata: Readonly<Record<string, Command>> = {
  METADATA: { min: 2, when: 'after', run: metadata },
}

/** Whom or what it is about, as the client calls them. */
interface Target {
  readonly name: string
  readonly bearer: Bearer
}

interface Wanted {
  readonly asked: Asked
  readonly person: Person
  readonly target: Target
  readonly words: readonly string[]
}

/** What each needs behind it, and whether it is about oneself alone. */
const SUBCOMMANDS: Readonly<Record<string, (wanted: Wanted) => Promise<void> | void>> = {
  GET: get,
  LIST: list,
  SET: set,
  CLEAR: clear,
  SUB: subscribe,
  UNSUB: unsubscribe,
  SUBS: subscriptions,
  SYNC: ({ asked, target }) => sync(asked.client, target, asked.to),
}

async function metadata(asked: Asked): Promise<void> {
  const { client, params, to } = asked
  const [name = '', subcommand = '', ...words] = params
  const run = Object.hasOwn(SUBCOMMANDS, subcommand.toUpperCase()) && SUBCOMMANDS[subcommand.toUpperCase()]
  if (!run) return to.fail('METADATA', 'SUBCOMMAND_INVALID', subcommand, client.wording.irc.noSubcommand)
  const { session } = client
  if (!session)
    return to.fail('METADATA', 'KEY_NO_PERMISSION', name, '*', client.wording.irc.identify[0] ?? '')
  const target = await targetOf(client, name)
  if (!target) return to.fail('METADATA', 'INVALID_TARGET', name, client.wording.irc.nothingThere)
  await run({ asked, person: session.person, target, words })
}

async function targetOf(client: Client, name: string): Promise<Target | undefined> {
  const { person } = client
  if (person && (name === '*' || foldName(name) === foldName(person.username)))
    return { name: person.username, bearer: { person: person.id } }
  const room = client.channelCalled(name)
  if (room) return targetFor(client, room)
  const found = isChannel(name) ? undefined : await personCalled(client.parts.chat, name)
  return found && { name: found.username, bearer: { person: found.id } }
}

function targetFor({ parts }: Client, room: Room): Target {
  return { name: parts.channels.nameOf(room), bearer: { room: room.id } }
}

function sayValue(to: Reply, { name }: Target, { key, value }: Pick<Datum, 'key' | 'value'>): void {
  to.numeric('RPL_KEYVALUE', name, key, VISIBILITY, value)
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
      else if (found) sayValue(to, wanted.target, found)
      else to.numeric('RPL_KEYNOTSET', wanted.target.name, key)
    }
  })
}

async function list(wanted: Wanted): Promise<void> {
  const values = await valuesOf(wanted)
  inBatch(wanted, to => {
    for (const value of values) sayValue(to, wanted.target, value)
  })
}

function badKey({ wording }: Client, key: string, to: Reply): void {
  to.fail('METADATA', 'KEY_INVALID', key, wording.irc.badKey)
}

// --- changing --------------------------------------------------------------------------------------------

async function set(wanted: Wanted): Promise<void> {
  const { asked, target, words } = wanted
  const { to } = asked
  const [key = '', value] = words
  if (!isDatumKey(key)) return badKey(asked.client, key, to)
  if (!(await change(wanted, key, value))) return
  if (value === undefined) to.numeric('RPL_KEYNOTSET', target.name, key)
  else sayValue(to, target, { key, value })
}

/** @returns whether it was done */
async function change(
  { asked, person, target }: Wanted,
  key: string,
  value: string | undefined,
): Promise<boolean> {
  const { client, to } = asked
  try {
    if (await client.parts.chat.metadata.set(person, target.bearer, { key, value })) {
      tellOthers(client, target, { key, value: value ?? '' })
      return true
    }
    to.fail('METADATA', 'KEY_NOT_SET', target.name, key, client.wording.irc.keyNotSet)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'too-many') to.fail('METADATA', 'LIMIT_REACHED', target.name, client.refused(error))
    else if (error.code === 'long-text') to.fail('METADATA', 'VALUE_INVALID', client.wording.irc.longValue)
    else if (!isForbidden(error)) throw error
    else to.fail('METADATA', 'KEY_NO_PERMISSION', target.name, key, client.refused(error))
  }
  return false
}

function isForbidden({ code }: Refusal): boolean {
  return code === 'forbidden' || code === 'account-needed' || code === 'not-a-member'
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
    if (!(error instanceof Refusal && isForbidden(error))) throw error
    return asked.to.fail('METADATA', 'KEY_NO_PERMISSION', target.name, '*', asked.client.refused(error))
  }
  inBatch(wanted, to => {
    for (const { key } of values) sayValue(to, target, { key, value: '' })
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
  for (const key of words) {
    if (!isDatumKey(key)) badKey(client, key, to)
    else if (!client.subscriptions.has(key) && client.subscriptions.size >= METADATA.subs) {
      to.fail('METADATA', 'TOO_MANY_SUBS', key, client.wording.irc.manySubscriptions)
      break
    } else {
      client.subscriptions.add(key)
      done.push(key)
    }
  }
  for (const line of gathered(done, ' ')) to.numeric('RPL_METADATASUBOK', ...line.split(' '))
  const wanted = new Set(done)
  const told = new Set<string>()
  for (const room of client.rooms.values()) await show(client, targetFor(client, room), { to, wanted, told })
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

// --- what is so now --------------------------------------------------------------------------------------

/** Beyond that a client has to ask for it. */
const MOST_PEOPLE = 200

interface Showing {
  readonly to: Reply
  /** Which keys. */
  readonly wanted: ReadonlySet<string>
  /** Of whom it was told already, as `keyOf` has them: those who are in several channels are told of once. */
  readonly told?: Set<string>
}

async function sync(client: Client, target: Target, to: Reply): Promise<void> {
  const bearers = await bearersOf(client, target)
  const values = client.session
    ? await client.parts.chat.metadata.of(client.session.person, [...bearers.keys()])
    : []
  to.inBatch(['metadata', target.name], inside =>
    sayAll(values, { bearers, wanted: client.subscriptions, to: inside }),
  )
}

/** What somebody is told who joins, or wants to know more. */
export async function show(client: Client, target: Target, showing: Showing): Promise<void> {
  const { to, wanted, told } = showing
  const { session } = client
  if (!session || wanted.size === 0) return
  to.costs(QUESTION)
  const all = await bearersOf(client, target)
  if (all.size > MOST_PEOPLE) return to.numeric('RPL_METADATASYNCLATER', target.name)
  const bearers = new Map([...all].filter(([bearer]) => !told?.has(keyOf(bearer))))
  for (const bearer of bearers.keys()) told?.add(keyOf(bearer))
  sayAll(await client.parts.chat.metadata.of(session.person, [...bearers.keys()]), { bearers, wanted, to })
}

export async function showOfRoom(client: Client, room: Room, to: Reply): Promise<void> {
  await show(client, targetFor(client, room), { to, wanted: client.subscriptions })
}

/** What they say of themselves, to who monitors them. */
export async function showOfPeople(client: Client, people: readonly Person[], to: Reply): Promise<void> {
  const { session, subscriptions: wanted } = client
  if (!session || wanted.size === 0 || people.length === 0) return
  const bearers = new Map(people.map(({ id, username }): [Bearer, string] => [{ person: id }, username]))
  sayAll(await client.parts.chat.metadata.of(session.person, [...bearers.keys()]), { bearers, wanted, to })
}

/** A channel, and who is there; each as it is called. */
async function bearersOf(client: Client, { name, bearer }: Target): Promise<ReadonlyMap<Bearer, string>> {
  const people = 'room' in bearer ? await online(client, bearer.room) : []
  const theirs = people.map(({ person }) => [{ person: person.id }, person.username] as const)
  return new Map<Bearer, string>([[bearer, name], ...theirs])
}

function sayAll(
  values: readonly Datum[],
  { bearers, wanted, to }: Showing & { readonly bearers: ReadonlyMap<Bearer, string> },
): void {
  const names = new Map([...bearers].map(([bearer, name]) => [keyOf(bearer), name]))
  for (const { bearer, key, value } of values) {
    const name = names.get(keyOf(bearer))
    if (name !== undefined && wanted.has(key)) to.tell('METADATA', name, key, VISIBILITY, value)
  }
}

function keyOf(bearer: Bearer): string {
  return 'room' in bearer ? `#${bearer.room}` : `${bearer.person}`
}

/** One's own, before the message of the day is over. */
export async function ownMetadata(client: Client, person: Person): Promise<readonly Datum[]> {
  return client.caps.has('draft/metadata-2')
    ? client.parts.chat.metadata.of(person, [{ person: person.id }])
    : []
}

export function sayOwn(client: Client, own: readonly Datum[], to: Reply): void {
  if (!client.caps.has('draft/metadata-2')) return
  to.inBatch(['metadata', client.name], inside => {
    for (const { key, value } of own) inside.tell('METADATA', client.name, key, VISIBILITY, value)
  })
}
