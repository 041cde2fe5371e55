// The IRC door's settings, from those of the server.

import { readFileSync } from 'node:fs'
import { LONGEST_HOST } from '../config/decode.ts'
import type { Config } from '../config/settings.ts'
import { hasTls } from '../config.ts'
import type { IrcSettings } from '../doors/irc/settings.ts'
import type { Wording } from '../wording/es.ts'
import { codeOf, reasonOf, StartFailed } from './start-failed.ts'

const DAY_SECONDS = 86_400
/** Lines of the message of the day; more are left out. */
const MOST_LINES = 200

/** Throws StartFailed if the message of the day can't be read. */
export function ircSettings(config: Config, wording: Wording): IrcSettings {
  const { ircNetwork, ircPassword, ircOperators, ircMotd, ircNickLength, ircRegister, ircEmail, ircGuests } =
    config
  return {
    host: hostOf(config),
    network: ircNetwork,
    password: ircPassword,
    operators: ircOperators,
    motd: ircMotd === undefined ? undefined : linesOf(ircMotd, wording),
    longestNick: ircNickLength,
    register: ircRegister,
    email: ircEmail,
    guests: ircGuests,
    sts: stsOf(config),
  }
}

/** The server's name in IRC. It has a dot, which tells a server from a nick. */
function hostOf({ ircHost, publicUrl }: Config): string {
  const named = publicUrl === undefined ? 'tertulia.local' : new URL(publicUrl).hostname
  return ircHost ?? named.slice(0, LONGEST_HOST)
}

function linesOf(path: string, wording: Wording): readonly string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split(/\r?\n/).slice(0, MOST_LINES)
  } catch (error) {
    throw new StartFailed(wording.startFailed.motd(path, reasonOf(codeOf(error) ?? String(error), wording)))
  }
}

/** The STS policy. Clients are sent to the port of ircs://, if there is one, else to the main port. */
function stsOf(config: Config): IrcSettings['sts'] {
  const { ircSts, listen, port } = config
  if (ircSts === 0 || !hasTls(config)) return undefined
  const encrypted = listen.find(({ door, tls }) => door === 'irc' && tls)
  const where = encrypted?.port ?? port
  return where === 0 ? undefined : { port: where, seconds: ircSts * DAY_SECONDS }
}
