// Commands about the connection and the server.

import { Refusal } from '../../../core/model/refusals.ts'
import { publish } from '../events/cluster-events.ts'
import { sendIsupport, sendLusers, sendMotd } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import { lineOf, listLines } from '../wire/message.ts'
import { matches } from '../wire/names.ts'
import type { CommandContext, Commands } from './commands.ts'
import { findPerson } from './find-room.ts'

/** @param table of all commands, for HELP */
export const serverCommands = (table: () => Commands): Commands => ({
  PING: {
    min: 1,
    when: 'always',
    run: ({ client, params, reply }) =>
      reply.send(lineOf(client.host, 'PONG', [client.host, params[0] ?? ''])),
  },
  PONG: { min: 0, when: 'always', run: ({ client }) => client.pings.ponged() },
  QUIT: {
    min: 0,
    when: 'always',
    run({ client, params }) {
      client.hasQuit = true
      client.close(`Quit: ${params[0] ?? ''}`)
    },
  },
  ERROR: { min: 0, when: 'always', run: () => {} },
  MOTD: { min: 0, when: 'after', run: onThisServer(({ client, reply }) => sendMotd(client, reply)) },
  LUSERS: { min: 0, when: 'after', run: ({ client, reply }) => sendLusers(client, reply) },
  VERSION: { min: 0, when: 'after', run: onThisServer(version) },
  TIME: { min: 0, when: 'after', run: onThisServer(time) },
  ADMIN: { min: 0, when: 'after', run: onThisServer(admin) },
  INFO: { min: 0, when: 'after', run: info },
  LINKS: { min: 0, when: 'after', run: links },
  HELP: { min: 0, when: 'after', run: context => help(context, table()) },
  HELPOP: { min: 0, when: 'after', run: context => help(context, table()) },
  OPER: { min: 2, when: 'after', run: oper },
  KILL: { min: 1, when: 'after', run: kill },
  WALLOPS: { min: 1, when: 'after', run: wallops },
  REHASH: { min: 0, when: 'after', run: rehash },
})

/** Guards a command whose first parameter names a server, or a client on it: there is no other server. */
function onThisServer(run: (context: CommandContext) => void): (context: CommandContext) => void {
  return context => {
    const { client, params, reply } = context
    const [server] = params
    if (server === undefined || matches(server, client.host) || matches(server, client.name)) run(context)
    else reply.numeric('ERR_NOSUCHSERVER', server)
  }
}

function version({ client, reply }: CommandContext): void {
  const { version: number } = client.deps
  const { host } = client
  reply.numeric('RPL_VERSION', `tertulia-${number}`, host, 'https://modern.ircdocs.horse')
  sendIsupport(client, reply)
}

function time({ client, reply }: CommandContext): void {
  reply.numeric('RPL_TIME', client.host, new Date().toISOString())
}

function admin({ client, reply }: CommandContext): void {
  reply.numeric('RPL_ADMINME', client.host)
  reply.numeric('RPL_ADMINLOC1', client.deps.settings.network)
  reply.numeric('RPL_ADMINLOC2', client.wording.irc.admin)
  reply.numeric('RPL_ADMINEMAIL', '-')
}

function info({ client, reply }: CommandContext): void {
  for (const line of client.wording.irc.info) reply.numeric('RPL_INFO', line)
  reply.numeric('RPL_ENDOFINFO')
}

function links({ client, reply }: CommandContext): void {
  const { host, network } = client.deps.settings
  reply.numeric('RPL_LINKS', host, host, `0 ${network}`)
  reply.numeric('RPL_ENDOFLINKS', '*')
}

function help({ client, params, reply }: CommandContext, commands: Commands): void {
  const [topic = ''] = params
  // A text that could only be a last parameter is not repeated.
  const subject = /^[^ :][^ ]*$/.test(topic) ? topic : '*'
  const known = commands[topic.toUpperCase()]
  if (known) return explain(subject, topic.toUpperCase(), [client.wording.irc.needs(known.min)], reply)
  if (topic !== '' && topic.toUpperCase() !== 'INDEX') return reply.numeric('ERR_HELPNOTFOUND', subject)
  explain(subject, client.wording.irc.help, [...listLines(Object.keys(commands).sort(), ' ')], reply)
}

/** Sends a title, an empty line, and the lines. */
function explain(subject: string, title: string, lines: readonly string[], reply: Reply): void {
  reply.numeric('RPL_HELPSTART', subject, title)
  for (const line of ['', ...lines]) reply.numeric('RPL_HELPTXT', subject, line)
  reply.numeric('RPL_ENDOFHELP', subject)
}

// --- operators -------------------------------------------------------------------------------------------

/** OPER: owners and admins have it by their account, others by a password of the configuration. */
async function oper({ client, params, reply }: CommandContext): Promise<void> {
  const [name = '', password = ''] = params
  const { settings, chat } = client.deps
  if (!client.isPrivileged) {
    if (settings.operators.size === 0) return reply.numeric('ERR_NOOPERHOST')
    try {
      await chat.logIns.proveOperator(settings.operators.get(name), password, client.socket.address)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.code === 'wrong-credentials') return reply.refused(error, [], 'ERR_PASSWDMISMATCH')
      return reply.command('NOTICE', client.name, client.refused(error)) // the password was not compared
    }
  }
  client.isOper = true
  reply.numeric('RPL_YOUREOPER', client.wording.irc.operatorIs)
  reply.send(lineOf(client.source, 'MODE', [client.name, '+o']))
}

/** KILL: ends somebody's IRC connections; they may connect again. */
async function kill({ client, params, reply }: CommandContext): Promise<void> {
  const [nick = '', why = ''] = params
  if (!client.isPrivileged) return reply.numeric('ERR_NOPRIVILEGES')
  const { chat, clients } = client.deps
  const person = await findPerson(chat, nick)
  // This node does not know through which doors people are connected to other nodes.
  const isHere = [...clients].some(each => each.person?.id === person?.id)
  if (!person || !(isHere || chat.isElsewhere(person.id))) return reply.numeric('ERR_NOSUCHNICK', nick)
  // An admin cannot kill an owner.
  if (!client.isOper && person.role === 'owner' && client.person?.role !== 'owner')
    return reply.numeric('ERR_NOPRIVILEGES')
  publish(client.deps, { is: 'killed', nick, by: client.name, why })
}

/** WALLOPS: sent to clients with user mode w. */
function wallops({ client, params, reply }: CommandContext): void {
  const [text = ''] = params
  if (!client.isPrivileged) return reply.numeric('ERR_NOPRIVILEGES')
  if (text === '') return reply.numeric('ERR_NEEDMOREPARAMS', 'WALLOPS')
  publish(client.deps, { is: 'wallops', source: client.source, text })
}

/** REHASH is refused: certificates are reloaded by themselves, and settings are read when the server starts. */
function rehash({ client, reply }: CommandContext): void {
  if (client.isPrivileged) reply.fail('REHASH', 'CANNOT_REHASH', client.wording.irc.noRehash)
  else reply.numeric('ERR_NOPRIVILEGES')
}
