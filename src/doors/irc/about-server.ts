// Commands about the connection and the server.

import { isAdmin } from '../../core/permissions.ts'
import { gathered } from './arriving.ts'
import type { Asked, Command } from './commands.ts'
import { commands } from './commands.ts'
import { lineOf } from './message.ts'
import { matches } from './names.ts'
import type { Reply } from './reply.ts'
import { counts, motd, sayTokens } from './welcome.ts'

export const aboutServer: Readonly<Record<string, Command>> = {
  PING: {
    min: 1,
    when: 'always',
    run: ({ client, params, to }) => to.say(lineOf(client.host, 'PONG', [client.host, params[0] ?? ''])),
  },
  PONG: { min: 0, when: 'always', run: () => {} },
  QUIT: {
    min: 0,
    when: 'always',
    run: ({ client, params }) => client.close(`Quit: ${params[0] ?? ''}`),
  },
  ERROR: { min: 0, when: 'always', run: () => {} },
  MOTD: { min: 0, when: 'after', run: here(({ client, to }) => motd(client, to)) },
  LUSERS: { min: 0, when: 'after', run: ({ client, to }) => counts(client, to) },
  VERSION: { min: 0, when: 'after', run: here(version) },
  TIME: { min: 0, when: 'after', run: here(time) },
  ADMIN: { min: 0, when: 'after', run: here(admin) },
  INFO: { min: 0, when: 'after', run: info },
  LINKS: { min: 0, when: 'after', run: links },
  HELP: { min: 0, when: 'after', run: help },
  HELPOP: { min: 0, when: 'after', run: help },
  OPER: { min: 2, when: 'after', run: oper },
  KILL: { min: 1, when: 'after', run: privileged },
  WALLOPS: { min: 1, when: 'after', run: privileged },
  REHASH: { min: 0, when: 'after', run: privileged },
}

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
  const { host, version: number } = client.parts
  to.numeric('RPL_VERSION', `tertulia-${number}`, host, 'https://modern.ircdocs.horse')
  sayTokens(client, to)
}

function time({ client, to }: Asked): void {
  to.numeric('RPL_TIME', client.host, new Date().toISOString())
}

function admin({ client, to }: Asked): void {
  to.numeric('RPL_ADMINME', client.host)
  to.numeric('RPL_ADMINLOC1', client.parts.network)
  to.numeric('RPL_ADMINLOC2', client.wording.irc.admin)
  to.numeric('RPL_ADMINEMAIL', '-')
}

function info({ client, to }: Asked): void {
  for (const line of client.wording.irc.info) to.numeric('RPL_INFO', line)
  to.numeric('RPL_ENDOFINFO')
}

function links({ client, to }: Asked): void {
  const { host, network } = client.parts
  to.numeric('RPL_LINKS', host, host, `0 ${network}`)
  to.numeric('RPL_ENDOFLINKS', '*')
}

function help({ client, params, to }: Asked): void {
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

/** Who runs the server is known by their account, not by a password of its own. */
function oper({ to }: Asked): void {
  to.numeric('ERR_NOOPERHOST')
}

/** The web app and the line door have what admins need; here it is refused to everybody. */
function privileged({ client, message, to }: Asked): void {
  const { role = 'member' } = client.person ?? {}
  if (isAdmin(role)) to.numeric('ERR_UNKNOWNCOMMAND', message.command)
  else to.numeric('ERR_NOPRIVILEGES')
}
