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
    run: ({ client, params, to }) => to.send(lineOf(client.host, 'PONG', [client.host, params[0] ?? ''])),
  },
  PONG: { min: 0, when: 'always', run: ({ client }) => client.pings.answered() },
  QUIT: {
    min: 0,
    when: 'always',
    run({ client, params }) {
      client.hasQuit = true
      client.close(`Quit: ${params[0] ?? ''}`)
    },
  },
  ERROR: { min: 0, when: 'always', run: () => {} },
  MOTD: { min: 0, when: 'after', run: onThisServer(({ client, to }) => sendMotd(client, to)) },
  LUSERS: { min: 0, when: 'after', run: ({ client, to }) => sendLusers(client, to) },
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
    const { client, params, to } = context
    const [server] = params
    if (server === undefined || matches(server, client.host) || matches(server, client.name)) run(context)
    else to.numeric('ERR_NOSUCHSERVER', server)
  }
}

function version({ client, to }: CommandContext): void {
  const { version: number } = client.deps
  const { host } = client
  to.numeric('RPL_VERSION', `tertulia-${number}`, host, 'https://modern.ircdocs.horse')
  sendIsupport(client, to)
}

function time({ client, to }: CommandContext): void {
  to.numeric('RPL_TIME', client.host, new Date().toISOString())
}

function admin({ client, to }: CommandContext): void {
  to.numeric('RPL_ADMINME', client.host)
  to.numeric('RPL_ADMINLOC1', client.deps.settings.network)
  to.numeric('RPL_ADMINLOC2', client.wording.irc.admin)
  to.numeric('RPL_ADMINEMAIL', '-')
}

function info({ client, to }: CommandContext): void {
  for (const line of client.wording.irc.info) to.numeric('RPL_INFO', line)
  to.numeric('RPL_ENDOFINFO')
}

function links({ client, to }: CommandContext): void {
  const { host, network } = client.deps.settings
  to.numeric('RPL_LINKS', host, host, `0 ${network}`)
  to.numeric('RPL_ENDOFLINKS', '*')
}

function help({ client, params, to }: CommandContext, commands: Commands): void {
  const [topic = ''] = params
  // A text that could only be a last parameter is not repeated.
  const subject = /^[^ :][^ ]*$/.test(topic) ? topic : '*'
  const known = commands[topic.toUpperCase()]
  if (known) return explain(subject, topic.toUpperCase(), [client.wording.irc.needs(known.min)], to)
  if (topic !== '' && topic.toUpperCase() !== 'INDEX') return to.numeric('ERR_HELPNOTFOUND', subject)
  explain(subject, client.wording.irc.help, [...listLines(Object.keys(commands).sort(), ' ')], to)
}

/** Sends a title, an empty line, and the lines. */
function explain(subject: string, title: string, lines: readonly string[], to: Reply): void {
  to.numeric('RPL_HELPSTART', subject, title)
  for (const line of ['', ...lines]) to.numeric('RPL_HELPTXT', subject, line)
  to.numeric('RPL_ENDOFHELP', subject)
}

// --- operators -------------------------------------------------------------------------------------------

/** OPER: owners and admins have it by their account, others by a password of the configuration. */
async function oper({ client, params, to }: CommandContext): Promise<void> {
  const [name = '', password = ''] = params
  const { settings, chat } = client.deps
  if (!client.isPrivileged) {
    if (settings.operators.size === 0) return to.numeric('ERR_NOOPERHOST')
    try {
      await chat.logIns.proveOperator(settings.operators.get(name), password, client.socket.address)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.code === 'wrong-credentials') return to.refused(error, [], 'ERR_PASSWDMISMATCH')
      return to.command('NOTICE', client.name, client.refused(error)) // the password was not compared
    }
  }
  client.isOper = true
  to.numeric('RPL_YOUREOPER', client.wording.irc.operatorIs)
  to.send(lineOf(client.source, 'MODE', [client.name, '+o']))
}

/** KILL: ends somebody's IRC connections; they may connect again. */
async function kill({ client, params, to }: CommandContext): Promise<void> {
  const [nick = '', why = ''] = params
  if (!client.isPrivileged) return to.numeric('ERR_NOPRIVILEGES')
  const { chat, clients } = client.deps
  const person = await findPerson(chat, nick)
  // This node does not know through which doors people are connected to other nodes.
  const isHere = [...clients].some(each => each.person?.id === person?.id)
  if (!person || !(isHere || chat.isElsewhere(person.id))) return to.numeric('ERR_NOSUCHNICK', nick)
  // An admin cannot kill an owner.
  if (!client.isOper && person.role === 'owner' && client.person?.role !== 'owner')
    return to.numeric('ERR_NOPRIVILEGES')
  publish(client.deps, { is: 'killed', nick, by: client.name, why })
}

/** WALLOPS: sent to clients with user mode w. */
function wallops({ client, params, to }: CommandContext): void {
  const [text = ''] = params
  if (!client.isPrivileged) return to.numeric('ERR_NOPRIVILEGES')
  if (text === '') return to.numeric('ERR_NEEDMOREPARAMS', 'WALLOPS')
  publish(client.deps, { is: 'wallops', source: client.source, text })
}

/** REHASH is refused: certificates are reloaded by themselves, and settings are read when the server starts. */
function rehash({ client, to }: CommandContext): void {
  if (client.isPrivileged) to.fail('REHASH', 'CANNOT_REHASH', client.wording.irc.noRehash)
  else to.numeric('ERR_NOPRIVILEGES')
}
