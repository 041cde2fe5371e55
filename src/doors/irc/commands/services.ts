// NickServ and ChanServ: a few commands, for clients that know neither SASL nor REGISTER.

import { Refusal } from '../../../core/model/refusals.ts'
import type { Client } from '../client.ts'
import { logIn, parseCredentials } from '../credentials.ts'
import type { Reply } from '../replies/reply.ts'
import { serviceNotice } from '../replies/service-notice.ts'
import { startSession } from '../start-session.ts'
import { LONGEST_LINE, pieces } from '../wire/message.ts'
import { foldName } from '../wire/names.ts'
import { registerAccount, sendLoggedIn } from './accounts.ts'
import type { CommandContext } from './commands.ts'
import { fileServices } from './file-services.ts'
import { pollServices } from './poll-services.ts'
import { putOffServices } from './put-off-services.ts'
import { roomServices } from './room-services.ts'

const SERVICES = ['NickServ', 'ChanServ'] as const
type Service = (typeof SERVICES)[number]

export function isService(target: string): boolean {
  return serviceNamed(target) !== undefined
}

function serviceNamed(target: string): Service | undefined {
  const folded = foldName(target)
  return SERVICES.find(name => name.toLowerCase() === folded)
}

export async function runService(context: CommandContext, target: string, text: string): Promise<void> {
  const { client, reply } = context
  const service = serviceNamed(target) ?? 'NickServ'
  const typed = text.trim()
  const [word = '', ...words] = typed.split(/\s+/)
  const rest = typed.slice(word.length).trimStart()
  const line = (text: string) => serviceNotice(client, service, text)
  const most = LONGEST_LINE - 2 - Buffer.byteLength(line(''))
  const notice = (text: string) => {
    for (const piece of pieces(text, most)) reply.send(line(piece))
  }
  const run = COMMANDS[service][word.toUpperCase()]
  if (run) return run({ client, words, rest, reply, notice })
  for (const line of client.wording.irc.services[service]) notice(line)
}

export interface ServiceContext {
  readonly client: Client
  /** The words after the command. */
  readonly words: readonly string[]
  /** The same, as it was typed. */
  readonly rest: string
  readonly reply: Reply
  readonly notice: (line: string) => void
}

const COMMANDS: Record<Service, Readonly<Record<string, (context: ServiceContext) => Promise<void>>>> = {
  NickServ: { IDENTIFY: identify, REGISTER: register, PASSWORD: changePassword },
  ChanServ: {
    REGISTER: registerChannel,
    UNREAD: unread,
    READ: read,
    ...fileServices,
    ...pollServices,
    ...putOffServices,
    ...roomServices,
  },
}

async function identify({ client, rest, reply, notice }: ServiceContext): Promise<void> {
  if (client.account) return notice(client.wording.irc.alreadyIn(client.name))
  if (rest === '') return notice(client.wording.irc.services.NickServ[0] ?? '')
  try {
    const admitted = await logIn(client, await parseCredentials(client, rest, /\s+/))
    client.registration.admitted = admitted
    await startSession(client, { admitted, begun: () => sendLoggedIn(client, reply) }, reply)
    notice(client.wording.welcome(client.name))
  } catch (error) {
    client.registration.admitted = undefined
    if (!(error instanceof Refusal)) throw error
    notice(client.refused(error))
  }
}

async function register({ client, words, reply, notice }: ServiceContext): Promise<void> {
  if (client.account) return notice(client.wording.irc.alreadyIn(client.name))
  const [password = '', code = ''] = words
  if (password === '') return notice(client.wording.irc.services.NickServ[1] ?? '')
  const wanted = { account: client.name, code: code === '*' ? '' : code, password }
  await registerAccount(client, wanted, reply, {
    registered: notice,
    refused(error) {
      if (!(error instanceof Refusal)) throw error
      notice(client.refused(error))
    },
  })
}

/** The current password may have spaces only where nobody has to give it: after a log-in with a one-time code. */
async function changePassword({ client, words, rest, notice }: ServiceContext): Promise<void> {
  const { session, registration, deps, socket, wording } = client
  const [before = '', ...others] = registration.hasNoPassword ? ['', rest] : words
  const after = others.join(' ')
  if (!session || after === '') return notice(wording.irc.services.NickServ[2] ?? '')
  try {
    await deps.chat.profiles.changePassword(session, { before, after }, socket.address)
    registration.hasNoPassword = false
    notice(wording.passwordChanged)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    notice(client.refused(error))
  }
}

async function unread({ client, words, reply, notice }: ServiceContext): Promise<void> {
  const [target] = words
  if (target === undefined) return client.unread.list(reply, notice)
  const room = client.rooms.named(target)
  if (room) await client.unread.more(room, reply, notice)
  else notice(client.refused({ code: 'no-such-room' }))
}

/** ChanServ READ: marks a room as read. */
async function read({ client, words, notice }: ServiceContext): Promise<void> {
  const { session, deps, wording } = client
  const room = client.rooms.named(words[0] ?? '')
  const seat = room && session?.seat(room.id)
  if (!session || !seat) return notice(client.refused({ code: 'no-such-room' }))
  const { lastShown } = seat
  await deps.chat.readMarks.move(session.person, seat.room, lastShown)
  seat.caughtUp(lastShown)
  notice(wording.irc.nothingUnread)
}

/** ChanServ REGISTER: channels belong to those who create them, so there is nothing to do. */
async function registerChannel({ client, words, notice }: ServiceContext): Promise<void> {
  const room = client.rooms.channelNamed(words[0] ?? '')
  notice(room ? client.wording.irc.channelIsKept : client.wording.refusals['no-such-room'])
}
