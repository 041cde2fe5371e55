// What one can write behind a slash, in either language. A text that begins with two slashes begins with one.

import { type App, attempt, writeTo } from '../app.tsx'
import { joinRoom } from '../messages/joining.ts'
import type { Room } from '../model/room.ts'
import { pathOf } from '../model/route.ts'
import type { Words } from '../words.ts'

interface Around {
  readonly app: App
  readonly room: Room
  readonly words: Words
}

type Outcome =
  | { readonly is: 'text'; readonly text: string; readonly action?: true }
  | { readonly is: 'done' }
  | { readonly is: 'wrong'; readonly why: string }

type Name = keyof Words['commands']
type Doing = (given: string, around: Around) => unknown

/** Those that need nothing behind them. */
const ALONE: ReadonlySet<Name> = new Set([
  'help',
  'rooms',
  'leave',
  'move',
  'notify',
  'status',
  'topic',
  'search',
])

const DOINGS: Record<Exclude<Name, 'act'>, Doing> = {
  help: (_, { app }) => app.route.open('keys'),
  rooms: (_, { app }) => app.route.open('rooms'),
  join,
  leave: (_, { app, room }) => app.route.open(`leave/${room.id}`),
  direct,
  topic: (topic, { app, room }) => doing(app, 'PATCH', `/rooms/${room.id}`, { topic }),
  status: (status, { app }) => amend(app, { status }),
  search: (query, { app }) => app.route.open(`search/${query}`),
  bring: (who, { app, room }) => doing(app, 'PUT', member(room, who)),
  ask: (who, { app, room }) =>
    doing(app, 'PUT', `/rooms/${room.id}/asked/${encodeURIComponent(who.replace(/^@/, '').trim())}`),
  kick(given, { app, room }) {
    const [who = '', ...reason] = given.split(/\s+/)
    const query = reason.length === 0 ? '' : `?reason=${encodeURIComponent(reason.join(' '))}`
    return doing(app, 'DELETE', member(room, who) + query)
  },
  notify: (_, { app }) => app.route.open('level'),
  move: (_, { app }) => app.route.open('move'),
}

/** Does the command that the text is, if it is one. */
export function run(typed: string, around: Around): Outcome {
  if (typed.startsWith('//')) return { is: 'text', text: typed.slice(1) }
  const [, word, given = ''] = /^\/(\p{L}+)(?:\s+([\s\S]*))?$/u.exec(typed.trimEnd()) ?? []
  if (word === undefined) return { is: 'text', text: typed }
  const { words } = around
  const name = namedBy(word, words)
  if (!name) return { is: 'wrong', why: words.composer.noCommand(`/${word}`) }
  if (given.trim() === '' && !ALONE.has(name))
    return { is: 'wrong', why: `/${words.commands[name].word} ${words.commands[name].args}` }
  if (name === 'act') return { is: 'text', text: given, action: true }
  void DOINGS[name](given.trim(), around)
  return { is: 'done' }
}

export function commandsLike(typed: string, words: Words): Words['commands'][Name][] {
  const folded = typed.toLowerCase()
  return Object.values(words.commands).filter(({ word }) => word.startsWith(folded))
}

function namedBy(word: string, { commands }: Words): Name | undefined {
  const folded = word.toLowerCase()
  const names = Object.keys(commands) as Name[]
  return names.find(name => commands[name].word === folded || commands[name].also === folded)
}

async function join(given: string, { app }: Around): Promise<void> {
  const { chat, route } = app
  const [typed = '', key] = given.split(/\s+/)
  const name = typed.replace(/^#/, '')
  const there = chat.roomOf(name)
  // Where it takes a key, that is asked for there.
  if (there || (await joinRoom({ app, room: `#${name}`, key })) !== 'refused')
    route.go(pathOf(there?.slug ?? name))
}

function direct(given: string, { app }: Around): Promise<boolean> {
  const [who = '', ...rest] = given.split(/\s+/)
  return writeTo(app, who.split(',').map(unsigned), rest.join(' '))
}

export async function amend(app: App, change: object): Promise<void> {
  await attempt(app, async () => app.chat.amend(await app.chat.api.do('PATCH', '/me', change)))
}

function doing(app: App, method: 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<boolean> {
  return attempt(app, () => app.chat.api.do(method, path, body))
}

function member(room: Room, who: string): string {
  return `/rooms/${room.id}/members/${encodeURIComponent(unsigned(who))}`
}

function unsigned(name: string): string {
  return name.replace(/^@/, '')
}
