// Commands about the connection and the server.

import { Refusal } from '../../../core/model/refusals.ts'
import { tell } from '../events/cluster-events.ts'
import { counts, motd, sayTokens } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import { gathered, lineOf } from '../wire/message.ts'
import { matches } from '../wire/names.ts'
import type { Asked, Commands } from './commands.ts'
import { personCalled } from './find-room.ts'

/** @param table of all commands, of which HELP tells */
export const aboutServer = (table: () => Commands): Commands => ({
  PING: {
    min: 1,
    when: 'always',
    run: ({ client, params, to }) => to.say(lineOf(client.host, 'PONG', [client.host, params[0] ?? ''])),
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
  MOTD: { min: 0, when: 'after', run: here(({ client, to }) => motd(client, to)) },
  LUSERS: { min: 0, when: 'after', run: ({ client, to }) => counts(client, to) },
  VERSION: { min: 0, when: 'after', run: here(version) },
  TIME: { min: 0, when: 'after', run: here(time) },
  ADMIN: { min: 0, when: 'after', run: here(admin) },
  INFO: { min: 0, when: 'after', run: info },
  LINKS: { min: 0, when: 'after', run: links },
  HELP: { min: 0, when: 'after', run: asked => help(asked, table()) },
  HELPOP: { min: 0, when: 'after', run: asked => help(asked, table()) },
  OPER: { min: 2, when: 'after', run: oper },
  KILL: { min: 1, when: 'after', run: kill },
  WALLOPS: { min: 1, when: 'after', run: wallops },
  REHASH: { min: 0, when: 'after', run: rehash },
})

/** Of this server, or of the one that a client is on: there is no other. */
function here(run: (asked: Asked) => void): (asked: Asked) => void {
  return asked => {
    const { client, params, to } = asked
    const [server] = params
    if (server === undefined || matches(server, client.host) || matches(server, client.name)) run(asked)
    else to.numeric('ERR_NOSUCHSERVER', server)
  }
}

function version({ client, to }: Asked): void {
  const { version: number } = client.parts
  const { host } = client
  to.numeric('RPL_VERSION', `tertulia-${number}`, host, 'https://modern.ircdocs.horse')
  sayTokens(client, to)
}

function time({ client, to }: Asked): void {
  to.numeric('RPL_TIME', client.host, new Date().toISOString())
}

function admin({ client, to }: Asked): void {
  to.numeric('RPL_ADMINME', client.host)
  to.numeric('RPL_ADMINLOC1', client.parts.settings.network)
  to.numeric('RPL_ADMINLOC2', client.wording.irc.admin)
  to.numeric('RPL_ADMINEMAIL', '-')
}

function info({ client, to }: Asked): void {
  for (const line of client.wording.irc.info) to.numeric('RPL_INFO', line)
  to.numeric('RPL_ENDOFINFO')
}

function links({ client, to }: Asked): void {
  const { host, network } = client.parts.settings
  to.numeric('RPL_LINKS', host, host, `0 ${network}`)
  to.numeric('RPL_ENDOFLINKS', '*')
}

function help({ client, params, to }: Asked, commands: Commands): void {
  const [asked = ''] = params
  // What could stand in no other place than the last is not repeated.
  const subject = /^[^ :][^ ]*$/.test(asked) ? asked : '*'
  const known = commands[asked.toUpperCase()]
  if (known) return explain(subject, asked.toUpperCase(), [client.wording.irc.needs(known.min)], to)
  if (asked !== '' && asked.toUpperCase() !== 'INDEX') return to.numeric('ERR_HELPNOTFOUND', subject)
  explain(subject, client.wording.irc.help, [...gathered(Object.keys(commands).sort(), ' ')], to)
}

/** A title, an empty line, and the lines. */
function explain(subject: string, title: string, lines: readonly string[], to: Reply): void {
  to.numeric('RPL_HELPSTART', subject, title)
  for (const line of ['', ...lines]) to.numeric('RPL_HELPTXT', subject, line)
  to.numeric('RPL_ENDOFHELP', subject)
}

// --- operators -------------------------------------------------------------------------------------------

/** Who owns the server or looks after it is known by their account; others by a password of the configuration. */
async function oper({ client, params, to }: Asked): Promise<void> {
  const [name = '', password = ''] = params
  const { settings, chat } = client.parts
  if (!client.isPrivileged) {
    if (settings.operators.size === 0) return to.numeric('ERR_NOOPERHOST')
    try {
      await chat.logIns.proveOperator(settings.operators.get(name), password, client.link.address)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.code === 'wrong-credentials') return to.refused(error, [], 'ERR_PASSWDMISMATCH')
      return to.tell('NOTICE', client.name, client.refused(error)) // nobody has compared it
    }
  }
  client.isOper = true
  to.numeric('RPL_YOUREOPER', client.wording.irc.operatorIs)
  to.say(lineOf(client.source, 'MODE', [client.name, '+o']))
}

/** Ends their connections to this door; whoever may comes back. */
async function kill({ client, params, to }: Asked): Promise<void> {
  const [nick = '', why = ''] = params
  if (!client.isPrivileged) return to.numeric('ERR_NOPRIVILEGES')
  const { chat, clients } = client.parts
  const person = await personCalled(chat, nick)
  // Of whoever is on another node this one does not know through which door.
  const isHere = [...clients].some(each => each.person?.id === person?.id)
  if (!person || !(isHere || chat.isElsewhere(person.id))) return to.numeric('ERR_NOSUCHNICK', nick)
  // An admin does not send out who stands above.
  if (!client.isOper && person.role === 'owner' && client.person?.role !== 'owner')
    return to.numeric('ERR_NOPRIVILEGES')
  tell(client.parts, { is: 'killed', nick, by: client.name, why })
}

/** To all who have asked for that (user mode w). */
function wallops({ client, params, to }: Asked): void {
  const [text = ''] = params
  if (!client.isPrivileged) return to.numeric('ERR_NOPRIVILEGES')
  if (text === '') return to.numeric('ERR_NEEDMOREPARAMS', 'WALLOPS')
  tell(client.parts, { is: 'wallops', source: client.source, text })
}

/** Certificates are looked at by themselves; all else is read when the server starts. */
function rehash({ client, to }: Asked): void {
  if (client.isPrivileged) to.fail('REHASH', 'CANNOT_REHASH', client.wording.irc.noRehash)
  else to.numeric('ERR_NOPRIVILEGES')
}
