// Every setting there is: what it means, its default, and how it is typed.

import { isLanguage, type Language } from '../wording/languages.ts'
import {
  among,
  boolean,
  type Decoded,
  hostName,
  networkName,
  networks,
  oneOf,
  origin,
  port,
  text,
  urls,
  within,
} from './decode.ts'
import { type Listener, listeners } from './listeners.ts'
import { operators } from './operators.ts'

export interface Config {
  readonly port: number
  readonly host: string
  /** Whether others than this machine may connect though nothing is encrypted. */
  readonly allowPlaintext: boolean
  /** Whether those with private addresses may. */
  readonly lan: boolean
  /** The files of a certificate (with its chain) and its key, PEM. */
  readonly tlsCert: string | undefined
  readonly tlsKey: string | undefined
  /** A certificate that the server makes itself. */
  readonly tls: 'self-signed' | undefined
  /** Where others find the server: an origin, such as https://chat.example.org */
  readonly publicUrl: string | undefined
  /** Addresses and networks of proxies that are believed when they say who is calling. */
  readonly trustedProxies: readonly string[]
  /** Where PostgreSQL is, one URL for each server that may have it; none: chat.db. */
  readonly store: readonly string[]
  /** Where NATS is, by which nodes on one store tell each other. */
  readonly bus: readonly string[]
  /** A file of NATS's: a JWT with its seed, or the seed of an nkey. */
  readonly busCredentials: string | undefined
  /** The folder of chat.db. */
  readonly data: string
  readonly lang: Language
  /** undefined: open where only this machine can connect, else by invitation. */
  readonly registration: 'open' | 'invite' | 'closed' | undefined
  readonly limits: boolean
  /** At the same time; undefined: a share of the descriptors that the process may open. */
  readonly connectionsPerAddress: number | undefined
  /** undefined: `warn` on a terminal, `info` elsewhere. */
  readonly logLevel: string | undefined
  /** Besides the one port: ports that have one door each. */
  readonly listen: readonly Listener[]
  /** Where browsers alone come, and nobody is greeted; undefined: one of its own choice with `lan`, else none. */
  readonly webPort: number | 'off' | undefined
  /** So many days the copies are kept that upgrades leave beside chat.db. */
  readonly keepCopies: number
  /** What IRC clients know the network by. */
  readonly ircNetwork: string
  /** The server's name in IRC; undefined: after `publicUrl`, else tertulia.local. */
  readonly ircHost: string | undefined
  /** Asked of who comes by IRC without an account (PASS). */
  readonly ircPassword: string | undefined
  /** Who may say OPER: name → what `tertulia hash` made of the password. */
  readonly ircOperators: ReadonlyMap<string, string>
  /** A file, whose lines are the message of the day. */
  readonly ircMotd: string | undefined
  /** Of a new account's name and a guest's, in code points. */
  readonly ircNickLength: number
  /** When REGISTER is taken: before the connection is registered too, only after, or never. */
  readonly ircRegister: 'before' | 'after' | 'off'
  /** Whether REGISTER is told an e-mail address, which admins then see. */
  readonly ircEmail: 'none' | 'optional' | 'required'
  /** Whether one may be there by IRC without an account. */
  readonly ircGuests: boolean
  /** For so many days clients come encrypted only (STS); 0: that is not said. */
  readonly ircSts: number
}

export const DEFAULT_PORT = 8000
export const DEFAULT_WEB_PORT = 8080

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
  readonly decode: (typed: unknown) => Decoded<Config[keyof Config]>
}

/** By the name that the flag and the file share; the environment says TERTULIA_LOG_LEVEL for log-level. */
export const settings: Readonly<Record<string, Setting>> = {
  port: { key: 'port', decode: port },
  host: { key: 'host', decode: text },
  'allow-plaintext': { key: 'allowPlaintext', decode: boolean },
  lan: { key: 'lan', decode: boolean },
  'tls-cert': { key: 'tlsCert', decode: text },
  'tls-key': { key: 'tlsKey', decode: text },
  tls: { key: 'tls', decode: typed => oneOf(typed, how => how === 'self-signed', 'tls') },
  'public-url': { key: 'publicUrl', decode: origin },
  'trusted-proxies': { key: 'trustedProxies', decode: networks },
  store: { key: 'store', decode: typed => urls(typed, /^postgres(ql)?:$/, 'stores') },
  bus: { key: 'bus', decode: typed => urls(typed, /^(nats|tls):$/, 'buses') },
  'bus-credentials': { key: 'busCredentials', decode: text },
  data: { key: 'data', decode: text },
  lang: { key: 'lang', decode: typed => oneOf(typed, isLanguage, 'lang') },
  registration: {
    key: 'registration',
    decode: typed => among(typed, ['open', 'invite', 'closed'], 'registration'),
  },
  limits: { key: 'limits', decode: boolean },
  'connections-per-address': {
    key: 'connectionsPerAddress',
    decode: typed => within(typed, { least: 1, most: 1_000_000 }, 'connections'),
  },
  listen: { key: 'listen', decode: listeners },
  'web-port': {
    key: 'webPort',
    decode: typed => (typed === 'off' ? { value: typed } : within(typed, ANY_PORT, 'webPort')),
  },
  'keep-copies': {
    key: 'keepCopies',
    decode: typed => within(typed, { least: 1, most: 3650 }, 'copyDays'),
  },
  'irc-network': { key: 'ircNetwork', decode: networkName },
  'irc-host': { key: 'ircHost', decode: hostName },
  'irc-password': { key: 'ircPassword', decode: text },
  'irc-operators': { key: 'ircOperators', decode: operators },
  'irc-motd': { key: 'ircMotd', decode: text },
  'irc-nick-length': {
    key: 'ircNickLength',
    decode: typed => within(typed, { least: 9, most: 32 }, 'nicks'),
  },
  'irc-register': {
    key: 'ircRegister',
    decode: typed => among(typed, ['before', 'after', 'off'], 'register'),
  },
  'irc-email': { key: 'ircEmail', decode: typed => among(typed, ['none', 'optional', 'required'], 'email') },
  'irc-guests': { key: 'ircGuests', decode: boolean },
  'irc-sts': { key: 'ircSts', decode: typed => within(typed, { least: 0, most: 3650 }, 'days') },
  'log-level': { key: 'logLevel', decode: typed => among(typed, LEVELS, 'level') },
}
