// Every setting: its meaning, its default and its decoder.

import { isLanguage, type Language } from '../wording/languages.ts'
import {
  boolean,
  type Decoded,
  hostName,
  hostsWithPorts,
  integer,
  matching,
  mediaTypes,
  networkName,
  networks,
  oneOf,
  origin,
  port,
  size,
  text,
  urls,
} from './decode.ts'
import { type Listener, listeners } from './listeners.ts'
import { operators } from './operators.ts'

export interface Config {
  readonly port: number
  readonly host: string
  /** Whether other machines may connect without TLS. */
  readonly allowPlaintext: boolean
  /** Whether machines with private addresses may. */
  readonly lan: boolean
  /** Files of a certificate, with its chain, and of its key: PEM. */
  readonly tlsCert: string | undefined
  readonly tlsKey: string | undefined
  /** self-signed: with a certificate that the server makes. */
  readonly tls: 'self-signed' | undefined
  /** The origin under which others reach the server, such as https://chat.example.org */
  readonly publicUrl: string | undefined
  /** Addresses and networks of proxies whose word on the client's address is taken. */
  readonly trustedProxies: readonly string[]
  /** URLs of PostgreSQL, one for each host that may be the primary; none: chat.db. */
  readonly store: readonly string[]
  /** URLs of NATS, by which the nodes on one store reach each other; none: a single node. */
  readonly bus: readonly string[]
  /** A credentials file of NATS: a JWT with its seed, or the seed of an nkey. */
  readonly busCredentials: string | undefined
  /** The folder of chat.db. */
  readonly data: string
  readonly lang: Language
  /** undefined: open if only this machine can connect, else by invitation (cli/policy.ts). */
  readonly registration: 'open' | 'invite' | 'closed' | undefined
  readonly limits: boolean
  /** Simultaneous connections; undefined: a share of the descriptors that the process may open. */
  readonly connectionsPerAddress: number | undefined
  /** undefined: `warn` on a terminal, `info` elsewhere. */
  readonly logLevel: string | undefined
  /** Additional ports, which have one door each. */
  readonly listen: readonly Listener[]
  /**
   * A port for browsers alone, where silence is not answered with the menu; undefined: a default one with `lan`, else
   * none.
   */
  readonly webPort: number | 'off' | undefined
  /** Days that the copies from before upgrades are kept beside chat.db. */
  readonly keepCopies: number
  /** Space for files, in bytes: for each, for those of one person and of one room, and for all. */
  readonly fileSize: number
  readonly filesPerPerson: number
  readonly filesPerRoom: number
  readonly filesInAll: number
  /** Media types that may be sent, such as image/png or image/*; none: all. */
  readonly fileTypes: readonly string[]
  /** What may be reached although it is not on the public Internet, as host:port (net/fetch/safe-fetch.ts). */
  readonly allowInternal: readonly string[]
  /** Whether links are looked at; undefined: only if nobody but this machine can connect (cli/policy.ts). */
  readonly previews: 'on' | 'off' | undefined
  /** The network's name in IRC. */
  readonly ircNetwork: string
  /** The server's name in IRC; undefined: the host of `publicUrl`, else tertulia.local. */
  readonly ircHost: string | undefined
  /** The password (PASS) that IRC clients without an account must give. */
  readonly ircPassword: string | undefined
  /** IRC operators (OPER): name → password hash, as `tertulia hash` prints it. */
  readonly ircOperators: ReadonlyMap<string, string>
  /** The file with the message of the day. */
  readonly ircMotd: string | undefined
  /** Longest name of a guest or a new account, in code points. */
  readonly ircNickLength: number
  /** When REGISTER is allowed: also before the connection is registered, only after, or never. */
  readonly ircRegister: 'before' | 'after' | 'off'
  /** Whether REGISTER takes an e-mail address, which admins then see. */
  readonly ircEmail: 'none' | 'optional' | 'required'
  /** Whether IRC clients may connect without an account. */
  readonly ircGuests: boolean
  /** Days that clients must use TLS from now on (STS); 0: no such policy. */
  readonly ircSts: number
}

export const DEFAULT_PORT = 8000
export const DEFAULT_WEB_PORT = 8080

const GB = 1_000_000_000

export const defaults: Config = {
  port: DEFAULT_PORT,
  host: '127.0.0.1',
  allowPlaintext: false,
  lan: false,
  tlsCert: undefined,
  tlsKey: undefined,
  tls: undefined,
  publicUrl: undefined,
  trustedProxies: [],
  store: [],
  bus: [],
  busCredentials: undefined,
  data: '.',
  lang: 'es',
  registration: undefined,
  limits: true,
  connectionsPerAddress: undefined,
  logLevel: undefined,
  listen: [],
  webPort: undefined,
  keepCopies: 30,
  fileSize: GB,
  filesPerPerson: 10 * GB,
  filesPerRoom: 50 * GB,
  filesInAll: 200 * GB,
  fileTypes: [],
  allowInternal: [],
  previews: undefined,
  ircNetwork: 'Tertulia',
  ircHost: undefined,
  ircPassword: undefined,
  ircOperators: new Map(),
  ircMotd: undefined,
  ircNickLength: 32,
  ircRegister: 'before',
  ircEmail: 'none',
  ircGuests: false,
  ircSts: 0,
}

const ANY_PORT = { least: 0, most: 65_535 }
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

interface Setting {
  readonly key: keyof Config
  readonly decode: (raw: unknown) => Decoded<Config[keyof Config]>
}

/** Keyed by the name that the flag and the file share; in the environment log-level is TERTULIA_LOG_LEVEL. */
export const settings: Readonly<Record<string, Setting>> = {
  port: { key: 'port', decode: port },
  host: { key: 'host', decode: text },
  'allow-plaintext': { key: 'allowPlaintext', decode: boolean },
  lan: { key: 'lan', decode: boolean },
  'tls-cert': { key: 'tlsCert', decode: text },
  'tls-key': { key: 'tlsKey', decode: text },
  tls: { key: 'tls', decode: raw => matching(raw, how => how === 'self-signed', 'tls') },
  'public-url': { key: 'publicUrl', decode: origin },
  'trusted-proxies': { key: 'trustedProxies', decode: networks },
  store: { key: 'store', decode: raw => urls(raw, /^postgres(ql)?:$/, 'stores') },
  bus: { key: 'bus', decode: raw => urls(raw, /^(nats|tls):$/, 'buses') },
  'bus-credentials': { key: 'busCredentials', decode: text },
  data: { key: 'data', decode: text },
  lang: { key: 'lang', decode: raw => matching(raw, isLanguage, 'lang') },
  registration: {
    key: 'registration',
    decode: raw => oneOf(raw, ['open', 'invite', 'closed'], 'registration'),
  },
  limits: { key: 'limits', decode: boolean },
  'connections-per-address': {
    key: 'connectionsPerAddress',
    decode: raw => integer(raw, { least: 1, most: 1_000_000 }, 'connections'),
  },
  listen: { key: 'listen', decode: listeners },
  'web-port': {
    key: 'webPort',
    decode: raw => (raw === 'off' ? { value: raw } : integer(raw, ANY_PORT, 'webPort')),
  },
  'keep-copies': {
    key: 'keepCopies',
    decode: raw => integer(raw, { least: 1, most: 3650 }, 'copyDays'),
  },
  'file-size': { key: 'fileSize', decode: size },
  'files-per-person': { key: 'filesPerPerson', decode: size },
  'files-per-room': { key: 'filesPerRoom', decode: size },
  'files-in-all': { key: 'filesInAll', decode: size },
  'file-types': { key: 'fileTypes', decode: mediaTypes },
  'allow-internal': { key: 'allowInternal', decode: hostsWithPorts },
  previews: { key: 'previews', decode: raw => oneOf(raw, ['on', 'off'], 'onOff') },
  'irc-network': { key: 'ircNetwork', decode: networkName },
  'irc-host': { key: 'ircHost', decode: hostName },
  'irc-password': { key: 'ircPassword', decode: text },
  'irc-operators': { key: 'ircOperators', decode: operators },
  'irc-motd': { key: 'ircMotd', decode: text },
  'irc-nick-length': {
    key: 'ircNickLength',
    decode: raw => integer(raw, { least: 9, most: 32 }, 'nicks'),
  },
  'irc-register': {
    key: 'ircRegister',
    decode: raw => oneOf(raw, ['before', 'after', 'off'], 'register'),
  },
  'irc-email': { key: 'ircEmail', decode: raw => oneOf(raw, ['none', 'optional', 'required'], 'email') },
  'irc-guests': { key: 'ircGuests', decode: boolean },
  'irc-sts': { key: 'ircSts', decode: raw => integer(raw, { least: 0, most: 3650 }, 'days') },
  'log-level': { key: 'logLevel', decode: raw => oneOf(raw, LEVELS, 'level') },
}
