// METADATA: keys of users and channels, and subscriptions to them (draft/metadata-2, draft/metadata-3).

import { Refusal } from '../../../core/model/refusals.ts'
import { isDatumKey } from '../../../core/model/rules.ts'
import type { Client } from '../client.ts'
import {
  ALL,
  sendAllMetadata,
  sendMetadataByRoom,
  sync,
  syncAll,
  type Target,
  targetFor,
} from '../replies/metadata.ts'
import { draftOf, usesMetadata3 } from '../replies/metadata-drafts.ts'
import type { Reply } from '../replies/reply.ts'
import { METADATA } from '../wire/caps.ts'
import { listLines } from '../wire/message.ts'
import { foldName, isChannel } from '../wire/names.ts'
import type { Command, CommandContext } from './commands.ts'
import { findPerson } from './find-room.ts'
import { type KeyValue, type MetadataStore, storedMetadata } from './metadata-store.ts'

export const metadataCommands: Readonly<Record<string, Command>> = {
  METADATA: { min: 2, when: 'after', beforeWith: 'draft/metadata-3', run: metadata },
}

interface MetadataRequest {
  readonly client: Client
  readonly reply: Reply
  /** The client's name for the target. */
  readonly name: string
  readonly store: MetadataStore
  /** Undefined before registration. */
  readonly target: Target | undefined
  readonly words: readonly string[]
}

interface Subcommand {
  readonly run: (request: MetadataRequest) => Promise<void> | void
  /** The fewest and the most words after it: draft/metadata-3 wants other numbers refused. */
  readonly words: readonly [least: number, most: number]
  /** Whether draft/metadata-3 allows it for oneself only. */
  readonly isOwn?: true
  /** What it does for the target *ALL (draft/metadata-3). */
  readonly ofAll?: (client: Client, reply: Reply) => Promise<void>
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  GET: { run: get, words: [1, Infinity] },
  LIST: { run: list, words: [0, 0] },
  SET: { run: set, words: [1, 2] },
  CLEAR: { run: clear, words: [0, 0] },
  SUB: { run: subscribe, words: [1, Infinity], isOwn: true },
  UNSUB: { run: unsubscribe, words: [1, Infinity], isOwn: true },
  SUBS: { run: subscriptions, words: [0, 0], isOwn: true },
  SYNC: { run: synchronize, words: [0, 0], ofAll: syncAll },
}

async function metadata(context: CommandContext): Promise<void> {
  const { client, params, reply } = context
  const [name = '', given = '', ...words] = params
  const { irc } = client.wording
  const third = usesMetadata3(client.caps)
  const subcommand = Object.hasOwn(SUBCOMMANDS, given.toUpperCase()) && SUBCOMMANDS[given.toUpperCase()]
  if (!subcommand)
    return reply.fail('METADATA', ...draftOf(client.caps).noSubcommand(given), irc.noSubcommand)
  const wrong = third ? miscounted(words, subcommand) : undefined
  if (wrong) return reply.fail('METADATA', 'INVALID_PARAMS', given, irc[wrong])
  if (!client.registration.isComplete) return beforeConnect({ client, reply, name, words }, subcommand)
  const { session } = client
  if (!session) return reply.fail('METADATA', 'KEY_NO_PERMISSION', name, '*', irc.identify[0] ?? '')
  if (third && subcommand.isOwn && !isOneself(client, name))
    return reply.fail('METADATA', 'INVALID_TARGET', name, irc.onlyOneself)
  if (third && name === ALL && subcommand.ofAll) return subcommand.ofAll(client, reply)
  const target = await targetOf(client, name)
  if (!target) return reply.fail('METADATA', 'INVALID_TARGET', name, irc.nothingThere)
  const store = storedMetadata(client, session.person, target)
  await subcommand.run({ client, reply, name: target.name, store, target, words })
}

/** Before registration, the only target is oneself, as *. */
async function beforeConnect(
  request: Pick<MetadataRequest, 'client' | 'reply' | 'name' | 'words'>,
  subcommand: Subcommand,
): Promise<void> {
  const { client, reply, name } = request
  if (name !== '*') return reply.fail('METADATA', 'INVALID_TARGET', name, client.wording.irc.onlyOneself)
  await subcommand.run({ ...request, store: client.registration.metadata, target: undefined })
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
  const room = client.rooms.channelNamed(name)
  if (room) return targetFor(client, room)
  const found = isChannel(name) ? undefined : await findPerson(client.deps.chat, name)
  return found && { name: found.username, bearer: { person: found.id } }
}

function sendValue({ client, name }: MetadataRequest, { key, value }: KeyValue, reply: Reply): void {
  draftOf(client.caps).answer(reply, { name, key, value })
}

/** Sends values and errors in a batch that names the target. */
function inBatch({ reply, name }: MetadataRequest, say: (inside: Reply) => void): void {
  reply.inBatch(['metadata', name], say)
}

async function get(request: MetadataRequest): Promise<void> {
  const values = await request.store.read()
  inBatch(request, reply => {
    for (const key of request.words) {
      const found = values.find(each => each.key === key)
      if (!isDatumKey(key)) badKey(request.client, key, reply)
      else if (found) sendValue(request, found, reply)
      else reply.numeric('RPL_KEYNOTSET', request.name, key)
    }
  })
}

async function list(request: MetadataRequest): Promise<void> {
  const values = await request.store.read()
  inBatch(request, reply => {
    for (const value of values) sendValue(request, value, reply)
  })
}

async function synchronize({ client, reply, target }: MetadataRequest): Promise<void> {
  if (target) await sync(client, target, reply)
  else reply.numeric('ERR_NOTREGISTERED')
}

/** Refuses one bad key of several. */
function badKey({ caps, wording }: Client, key: string, reply: Reply): void {
  const draft = draftOf(caps)
  reply[draft.partly]('METADATA', ...draft.badKey(key), wording.irc.badKey)
}

// --- changing --------------------------------------------------------------------------------------------

async function set(request: MetadataRequest): Promise<void> {
  const { client, reply, name, words } = request
  const [key = '', given] = words
  const value = given === '' && usesMetadata3(client.caps) ? undefined : given
  if (!isDatumKey(key))
    return reply.fail('METADATA', ...draftOf(client.caps).badKey(key), client.wording.irc.badKey)
  if (!(await change(request, key, value))) return
  if (value === undefined) reply.numeric('RPL_KEYNOTSET', name, key)
  else sendValue(request, { key, value }, reply)
}

/** Sets or removes a key. @returns whether it was done; else the client has been told why */
async function change(
  { client, reply, name, store }: Pick<MetadataRequest, 'client' | 'reply' | 'name' | 'store'>,
  key: string,
  value: string | undefined,
): Promise<boolean> {
  const draft = draftOf(client.caps)
  try {
    const changed = await store.set(key, value)
    // In draft/metadata-3 removing a key that is not set succeeds.
    if (changed || usesMetadata3(client.caps)) return true
    reply.fail('METADATA', 'KEY_NOT_SET', name, key, client.wording.irc.keyNotSet)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'too-many') reply.fail('METADATA', ...draft.manyKeys(name), client.refused(error))
    else if (error.code === 'long-text')
      reply.fail('METADATA', ...draft.badValue(key), client.wording.irc.longValue)
    else if (!isForbidden(error)) throw error
    else reply.fail('METADATA', 'KEY_NO_PERMISSION', name, key, client.refused(error))
  }
  return false
}

function isForbidden({ code }: Refusal): boolean {
  return (
    code === 'forbidden' || code === 'account-needed' || code === 'not-a-member' || code === 'has-picture'
  )
}

async function clear(request: MetadataRequest): Promise<void> {
  const { client, reply, name, store } = request
  const values = await store.read()
  try {
    for (const { key } of values) await store.set(key, undefined)
  } catch (error) {
    if (!(error instanceof Refusal && isForbidden(error))) throw error
    return reply.fail('METADATA', 'KEY_NO_PERMISSION', name, '*', client.refused(error))
  }
  inBatch(request, inside => {
    for (const { key } of values) sendValue(request, { key, value: '' }, inside)
  })
}

/** Stores the metadata from before registration with the account. Values that are stored already are not published. */
export async function applyPendingMetadata(client: Client, reply: Reply): Promise<void> {
  const { session, registration } = client
  const values = registration.metadata.take()
  if (!session || values.length === 0) return
  const { id, username: name } = session.person
  const store = storedMetadata(client, session.person, { name, bearer: { person: id } })
  const now = new Map((await store.read()).map(({ key, value }) => [key, value]))
  for (const { key, value } of values)
    if (now.get(key) !== value) await change({ client, reply, name, store }, key, value)
}

// --- subscriptions -------------------------------------------------------------------------------------

async function subscribe({ client, reply, words }: MetadataRequest): Promise<void> {
  const done: string[] = []
  const before = new Set(client.preferences.subscriptions)
  for (const key of words) {
    if (!isDatumKey(key)) badKey(client, key, reply)
    else if (
      !client.preferences.subscriptions.has(key) &&
      client.preferences.subscriptions.size >= METADATA.subs
    ) {
      const code = draftOf(client.caps).manySubscriptions(key)
      reply.fail('METADATA', ...code, client.wording.irc.manySubscriptions)
      break
    } else {
      client.preferences.subscriptions.add(key)
      done.push(key)
    }
  }
  for (const line of listLines(done, ' ')) reply.numeric('RPL_METADATASUBOK', ...line.split(' '))
  const wanted = new Set(done)
  if (!usesMetadata3(client.caps)) return sendMetadataByRoom(client, wanted, reply)
  const added = wanted.difference(before)
  if (added.size > 0) await sendAllMetadata(client, added, reply)
}

function unsubscribe({ client, reply, words }: MetadataRequest): void {
  const done = words.filter(key => {
    if (!isDatumKey(key)) badKey(client, key, reply)
    return isDatumKey(key)
  })
  for (const key of done) client.preferences.subscriptions.delete(key)
  for (const line of listLines(done, ' ')) reply.numeric('RPL_METADATAUNSUBOK', ...line.split(' '))
}

function subscriptions({ client, reply }: MetadataRequest): void {
  reply.inBatch(['metadata-subs'], inside => {
    for (const line of listLines([...client.preferences.subscriptions], ' '))
      inside.numeric('RPL_METADATASUBS', ...line.split(' '))
  })
}
