// The commands of `tertulia users`, `tertulia rooms`, `tertulia settings` and `tertulia check`, as the running server carries them out.

import { hash as digest } from 'node:crypto'
import type { Chat } from '../core/chat.ts'
import { LONGEST_LIST } from '../core/rooms/rooms.ts'
import { settingIn, settingLines } from '../doors/line/commands/server.ts'
import { invitationOf, meaning } from '../doors/line/commands/words.ts'
import { printableLine } from '../wire/printable.ts'
import { rosterRows } from '../wire/roster.ts'
import type { Wording } from '../wording/es.ts'
import { clockTime } from '../wording/times.ts'
import { checkReport } from './check-report.ts'

/** The authority of the server's operator: no account, and everything is allowed. */
const OPERATOR = undefined

export interface CommandContext {
  readonly chat: Chat
  readonly wording: Wording
  /** Typed without echo, for a command that asks for it; else empty. */
  readonly secret: string
  /** The text of the file that a command reads; else empty. */
  readonly input: string
  readonly refused: Readonly<Record<string, string>>
  /** The client has hung up. */
  readonly signal: AbortSignal
}

/** The lines of a reply, by a command that looks whether all is well. */
interface Report {
  readonly isWell: boolean
  readonly lines: readonly string[]
}

interface Command {
  readonly args: string
  /** Fewest arguments; with fewer the reply is the usage. */
  readonly least: number
  /** @returns the lines of the reply; undefined for arguments that it does not understand */
  run(context: CommandContext, words: readonly string[]): Promise<readonly string[] | Report | undefined>
}

export const adminCommands: Readonly<Record<string, Command>> = {
  'users list': { args: '[from]', least: 0, run: listUsers },
  'users password': { args: '<user>', least: 1, run: setPassword },
  'users code': { args: '<user>', least: 1, run: loginCode },
  'users import': { args: '<file> [#room…]', least: 1, run: importRoster },
  'users role': { args: '<user> <owner|admin|member|guest|bot>', least: 2, run: setRole },
  'users disable': { args: '<user>', least: 1, run: disable },
  'users enable': { args: '<user>', least: 1, run: enable },
  'users invite': { args: '[uses] [30m|2h|7d] [#room…]', least: 0, run: invite },
  'users invitations': { args: '', least: 0, run: listInvitations },
  'users withdraw': { args: '<code>', least: 1, run: withdraw },
  'rooms list': { args: '', least: 0, run: listRooms },
  'rooms role': { args: '<room> <user> <owner|moderator|helper|speaker|member>', least: 3, run: setRoomRole },
  'rooms archive': { args: '<room>', least: 1, run: (context, [room = '']) => archive(context, room, true) },
  settings: { args: '[setting value]', least: 0, run: settings },
  check: { args: '[--digests] [--delete-orphans]', least: 0, run: check },
  'rooms reopen': { args: '<room>', least: 1, run: (context, [room = '']) => archive(context, room, false) },
}

/** The command that the words begin with, which is one word or two, and its arguments. */
export function commandIn(words: readonly string[]) {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const command = Object.hasOwn(adminCommands, name) ? adminCommands[name] : undefined
    if (command) return { name, command, args: words.slice(length) }
  }
  return undefined
}

/** The command as it is typed, with its arguments. */
export function usageOf(name: string, { args }: Command): string {
  return `npm run -s tertulia ${args.includes('--') ? '-- ' : ''}${name} ${args}`.trim()
}

/** The usage of every command, one a line. */
export function adminHelp(): string[] {
  return Object.entries(adminCommands).map(([name, command]) => usageOf(name, command))
}

async function listUsers(
  { chat, wording }: CommandContext,
  [from = '']: readonly string[],
): Promise<string[]> {
  const lines: string[] = []
  for (let after = from; ; ) {
    const accounts = await chat.administration.list(OPERATOR, { after, limit: LONGEST_LIST })
    for (const { person, disabled, since, email } of accounts) {
      const marks = [wording.serverRoles[person.role], ...(disabled ? [wording.disabledMark] : [])]
      const day = clockTime(since).slice(0, 10)
      const columns = [person.username, printableLine(person.name), marks.join(', '), day]
      lines.push([...columns, ...(email === '' ? [] : [email])].join('\t'))
    }
    const last = accounts.at(-1)
    if (accounts.length < LONGEST_LIST || !last) return lines
    after = last.person.username
  }
}

async function setPassword({ chat, wording, secret }: CommandContext, [username = '']: readonly string[]) {
  await chat.administration.setPassword(username, secret)
  return [wording.passwordSet(username)]
}

async function loginCode({ chat, wording }: CommandContext, [username = '']: readonly string[]) {
  const { person, code, until } = await chat.loginCodes.make(OPERATOR, username)
  return [wording.loginCodeIs(person.username, code), wording.loginCodeUntil(clockTime(until))]
}

/** The codes follow from what the file says: the same file, imported again, has the same ones until they are used. */
async function importRoster(
  { chat, wording, input, refused }: CommandContext,
  [, ...rooms]: readonly string[],
): Promise<string[] | undefined> {
  if (rooms.some(name => !name.startsWith('#'))) return undefined
  const key = digest('sha256', input)
  const rows = await chat.rosters.enroll(OPERATOR, { rows: rosterRows(input), rooms, key })
  const { roster } = wording
  return rows.map(({ is, name, username, code = '', why = '', like = 0 }) => {
    const person = [username, printableLine(name)].join('\t')
    if (is === 'made') return `${person}\t${code}`
    if (is === 'there') return `${person}\t${roster.there}`
    return `${person}\t${is === 'repeated' ? roster.repeated(like + 1) : (refused[why] ?? why)}`
  })
}

async function setRole({ chat, wording }: CommandContext, [username = '', typed = '']: readonly string[]) {
  const role = meaning(each => each.serverRoles, typed)
  if (!role) return undefined
  const changed = await chat.administration.setRole(OPERATOR, username, role)
  return [wording.roleIs(changed.username, wording.serverRoles[role])]
}

async function disable({ chat, wording }: CommandContext, [username = '']: readonly string[]) {
  const disabled = await chat.administration.disable(OPERATOR, username, true)
  return [wording.accountDisabled(disabled.username)]
}

async function enable({ chat, wording }: CommandContext, [username = '']: readonly string[]) {
  const enabled = await chat.administration.disable(OPERATOR, username, false)
  return [wording.accountEnabled(enabled.username)]
}

async function invite({ chat, wording }: CommandContext, words: readonly string[]) {
  const wanted = invitationOf(words)
  return wanted && [wording.invitationIs(await chat.administration.invite(OPERATOR, wanted))]
}

async function listInvitations({ chat, wording }: CommandContext): Promise<string[]> {
  const all = await chat.administration.invitations(OPERATOR)
  return all.map(({ code, left, until, by, rooms }) => {
    const terms = wording.invitation(left, clockTime(until), by ?? wording.theOperator)
    return [code, terms, ...rooms.map(name => `#${name}`)].join('\t')
  })
}

async function withdraw({ chat, wording }: CommandContext, [code = '']: readonly string[]) {
  await chat.administration.withdraw(OPERATOR, code)
  return [wording.invitationWithdrawn]
}

async function listRooms({ chat, wording }: CommandContext): Promise<string[]> {
  const rooms = await chat.rooms.all()
  return rooms.map(({ name, kind, people, head, archived }) => {
    const marks = [wording.kindNames[kind]]
    if (archived) marks.push(wording.roomMarks.archived)
    return `#${name}\t${marks.join(', ')}\t${wording.people(people)}\t${head}`
  })
}

async function setRoomRole(
  { chat, wording }: CommandContext,
  [room = '', username = '', typed = '']: readonly string[],
) {
  const role = meaning(each => each.roleNames, typed)
  if (!role) return undefined
  const done = await chat.moderation.appointIn(room, username, role)
  return [done ? wording.appointed[role](wording.theOperator, username) : wording.alreadySo]
}

async function archive({ chat, wording }: CommandContext, room: string, on: boolean) {
  const done = await chat.moderation.archiveRoom(room, on)
  if (!done) return [wording.alreadySo]
  return [(on ? wording.archivedRoom : wording.unarchivedRoom)(wording.theOperator, room)]
}

async function settings({ chat, wording }: CommandContext, words: readonly string[]) {
  if (words.length > 0) {
    const wanted = settingIn(words)
    if (!wanted || words.length > 2) return undefined
    if (!(await chat.settings.change(OPERATOR, wanted))) return [wording.alreadySo]
  }
  return settingLines(await chat.settings.read(), wording)
}

async function check({ chat, wording, signal }: CommandContext, words: readonly string[]) {
  const options = new Set(words)
  const [digests, deleteOrphans] = [options.delete('--digests'), options.delete('--delete-orphans')]
  if (options.size > 0) return undefined
  return checkReport(await chat.files.check({ digests, deleteOrphans }, signal), wording)
}
