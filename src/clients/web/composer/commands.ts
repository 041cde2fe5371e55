// Slash commands, in both languages. A text that begins with two slashes is posted with one.

import { newKey } from '../../client/client.ts'
import { type App, attempt, openConversation } from '../app.tsx'
import { joinRoom } from '../messages/join-room.ts'
import type { Room } from '../model/room.ts'
import { pathOf } from '../model/route.ts'
import { refusalText, type Words } from '../words.ts'

interface CommandContext {
  readonly app: App
  readonly room: Room
  readonly words: Words
}

type Outcome =
  | { readonly is: 'text'; readonly text: string; readonly action?: true }
  | { readonly is: 'done' }
  | { readonly is: 'wrong'; readonly why: string }

type Name = keyof Words['commands']
type CommandAction = (argument: string, context: CommandContext) => unknown

const ARGUMENT_OPTIONAL: ReadonlySet<Name> = new Set([
  'help',
  'rooms',
  'leave',
  'move',
  'teams',
  'threads',
  'notify',
  'status',
  'topic',
  'search',
  'poll',
])

const ACTIONS: Record<Exclude<Name, 'act'>, CommandAction> = {
  help: (_, { app }) => app.route.open('keys'),
  rooms: (_, { app }) => app.route.open('rooms'),
  join,
  leave: (_, { app, room }) => app.route.open(`leave/${room.id}`),
  direct,
  topic: (topic, { app, room }) => request(app, 'PATCH', `/rooms/${room.id}`, { topic }),
  status: (status, { app }) => updateProfile(app, { status }),
  search: (query, { app }) => app.route.open(`search/${query}`),
  bring: (who, { app, room }) => request(app, 'PUT', memberPath(room, who)),
  ask: (who, { app, room }) =>
    request(app, 'PUT', `/rooms/${room.id}/asked/${encodeURIComponent(who.replace(/^@/, '').trim())}`),
  kick(argument, { app, room }) {
    const [who = '', ...reason] = argument.split(/\s+/)
    const query = reason.length === 0 ? '' : `?reason=${encodeURIComponent(reason.join(' '))}`
    return request(app, 'DELETE', memberPath(room, who) + query)
  },
  notify: (_, { app }) => app.route.open('level'),
  poll,
  move: (_, { app }) => app.route.open('move'),
  teams: (_, { app }) => app.route.open('teams'),
  threads: (_, { app }) => app.route.open('threads'),
}

/** Runs the command that a text is. @returns `text`, what is left to post; `wrong`, why it is no command */
export function runCommand(typed: string, context: CommandContext): Outcome {
  if (typed.startsWith('//')) return { is: 'text', text: typed.slice(1) }
  const [, word, argument = ''] = /^\/(\p{L}+)(?:\s+([\s\S]*))?$/u.exec(typed.trimEnd()) ?? []
  if (word === undefined) return { is: 'text', text: typed }
  const { words } = context
  const name = commandNamed(word, words)
  if (!name) return { is: 'wrong', why: words.composer.noCommand(`/${word}`) }
  if (argument.trim() === '' && !ARGUMENT_OPTIONAL.has(name))
    return { is: 'wrong', why: `/${words.commands[name].word} ${words.commands[name].args}` }
  if (name === 'act') return { is: 'text', text: argument, action: true }
  void ACTIONS[name](argument.trim(), context)
  return { is: 'done' }
}

export function commandsStartingWith(typed: string, words: Words): Words['commands'][Name][] {
  const folded = typed.toLowerCase()
  return Object.values(words.commands).filter(({ word }) => word.startsWith(folded))
}

function commandNamed(word: string, { commands }: Words): Name | undefined {
  const folded = word.toLowerCase()
  const names = Object.keys(commands) as Name[]
  return names.find(name => commands[name].word === folded || commands[name].also === folded)
}

async function join(argument: string, { app }: CommandContext): Promise<void> {
  const { chat, route } = app
  const [typed = '', key] = argument.split(/\s+/)
  const name = typed.replace(/^#/, '')
  const joined = chat.roomOf(name)
  // If the room has a key, its page asks for it.
  const outcome = joined ? 'in' : await joinRoom({ app, room: `#${name}`, key })
  if (outcome === 'refused') return
  if (outcome === 'wrong') app.toasts.add(refusalText(app.wording.words, 'wrong-key'), 'error')
  if (outcome !== 'in') route.locked = name
  route.go(pathOf(joined?.slug ?? name))
}

function direct(argument: string, { app }: CommandContext): Promise<boolean> {
  const [who = '', ...rest] = argument.split(/\s+/)
  return openConversation(app, who.split(',').map(withoutAt), rest.join(' '))
}

/** ¿Cuándo? | Lunes | Martes; without options, the dialog asks for them. */
function poll(argument: string, { app, room }: CommandContext): unknown {
  const [question = '', ...options] = argument.split('|')
  if (options.length === 0) return app.route.open('poll')
  return attempt(app, () => app.chat.api.post(`/rooms/${room.id}/polls`, { question, options }, newKey()))
}

export async function updateProfile(app: App, change: object): Promise<void> {
  await attempt(app, async () => app.chat.setPerson(await app.chat.api.do('PATCH', '/me', change)))
}

function request(
  app: App,
  method: 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<boolean> {
  return attempt(app, () => app.chat.api.do(method, path, body))
}

function memberPath(room: Room, who: string): string {
  return `/rooms/${room.id}/members/${encodeURIComponent(withoutAt(who))}`
}

function withoutAt(name: string): string {
  return name.replace(/^@/, '')
}
