// Reads the settings: flags override the environment, which overrides tertulia.toml, which overrides the defaults.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { boolean, type Wanted } from './config/decode.ts'
import { type Config, defaults, settings } from './config/settings.ts'
import { isLanguage, type Language } from './wording/languages.ts'

const require = createRequire(import.meta.url)
const ANY_ADDRESS = '0.0.0.0'
const CONFIG_FILE = 'tertulia.toml'

/** Options of commands, which are no settings: they are passed on as words. */
const COMMAND_OPTIONS: ReadonlySet<string> = new Set(['--digests', '--delete-orphans'])

/** Why the settings can't be used. */
export type BadSetting =
  | {
      readonly kind: 'unknown-command' | 'unknown-option' | 'unknown-key' | 'no-value'
      readonly name: string
    }
  | { readonly kind: 'bad-value'; readonly name: string; readonly value: string; readonly wanted: Wanted }
  | {
      readonly kind: 'unreadable-file'
      readonly name: string
      /** The system's error code, or what the parser says. */
      readonly detail: string
    }
  | { readonly kind: SettingConflict; readonly name: string }

/** Settings that contradict each other, or need another one. */
type SettingConflict =
  | 'exposed'
  | 'limits-needed'
  | 'tls-half'
  | 'tls-twice'
  | 'tls-lacking'
  | 'proxies-lacking'
  | 'sts-unsafe'
  | 'bus-alone'

export class SettingError extends Error {
  readonly bad: BadSetting

  constructor(bad: BadSetting) {
    super(`${bad.kind}: ${bad.name}`)
    this.name = 'SettingError'
    this.bad = bad
  }
}

export interface Sources {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A command line, decoded. */
export interface Invocation {
  readonly config: Config
  /** Where each setting came from: --port, TERTULIA_PORT, tertulia.toml; undefined for a default. */
  readonly origins: ReadonlyMap<keyof Config, string>
  /** The arguments that are not options: a command and its arguments. */
  readonly words: readonly string[]
}

/** @returns 'help' for --help. Throws SettingError. */
export function readConfig({ args, env }: Sources): Invocation | 'help' {
  const { flags, words } = fromFlags(args)
  if (flags.has('help')) return 'help'
  const named = flags.get('config') ?? env.TERTULIA_CONFIG
  const file = typeof named === 'string' ? named : CONFIG_FILE
  const found = [
    ...decoded(fromFile(named), { spelled: name => name, unknown: 'unknown-key', origin: () => file }),
    ...decoded(fromEnvironment(env), { spelled: variable, unknown: 'unknown-key', origin: variable }),
    ...decoded(withoutMeta(flags), { spelled: flag, unknown: 'unknown-option', origin: flag }),
  ]
  const values = Object.fromEntries(found.map(({ key, value }) => [key, value])) as Partial<Config>
  const host = values.lan ? ANY_ADDRESS : defaults.host
  const config: Config = Object.freeze({ ...defaults, host, ...values })
  checkTls(config)
  checkListeners(config)
  checkSts(config)
  checkBus(config)
  checkExposure(config)
  return { config, words, origins: new Map(found.map(({ key, origin }) => [key, origin])) }
}

function variable(name: string): string {
  return `TERTULIA_${name.toUpperCase().replaceAll('-', '_')}`
}

function flag(name: string): string {
  return `--${name}`
}

/** Every setting with its value, under its name in the file, and where it came from. */
export function effective({
  config,
  origins,
}: Invocation): { name: string; value: string; origin?: string }[] {
  return Object.entries(settings).map(([name, { key }]) => {
    const origin = origins.get(key)
    return { name, value: displayed(config, key), ...(origin !== undefined && { origin }) }
  })
}

/** The URL without user, password and query. */
export function withoutSecret(url: string): string {
  return url.replace(/\/\/.*@/, '//').replace(/\?.*$/, '')
}

/** A setting's value for people, without passwords and their hashes. */
function displayed(config: Config, key: keyof Config): string {
  if (key === 'ircOperators') return [...config.ircOperators.keys()].join(', ')
  if (key === 'store' || key === 'bus') return config[key].map(withoutSecret).join(', ')
  if (key === 'ircPassword') return config.ircPassword === undefined ? '' : '…'
  return key === 'listen' ? config.listen.map(({ url }) => url).join(', ') : `${config[key] ?? ''}`
}

/** The language for errors, if the settings as a whole can't be read. */
export function languageOf({ args, env }: Sources): Language {
  const flag = args.findIndex(arg => arg === '--lang' || arg.startsWith('--lang='))
  const typed = args[flag]?.includes('=') ? args[flag]?.slice('--lang='.length) : args[flag + 1]
  const named = (flag >= 0 ? typed : env.TERTULIA_LANG) ?? ''
  return isLanguage(named) ? named : defaults.lang
}

export function hasTls({ tls, tlsCert }: Config): boolean {
  return tls !== undefined || tlsCert !== undefined
}

type Exposing = Pick<Config, 'host' | 'listen' | 'publicUrl' | 'trustedProxies'>

/** Whether others than the people of this machine can connect, directly or through a proxy. */
export function isExposed(config: Exposing): boolean {
  return exposing(config) !== undefined
}

/** The setting that lets them connect, as it was typed. */
function exposing({ host, listen, publicUrl, trustedProxies }: Exposing): string | undefined {
  if (publicUrl !== undefined && !isLoopback(new URL(publicUrl).hostname)) return publicUrl
  if (!isLoopback(host)) return host
  const open = listen.find(listener => !isLoopback(listener.host))
  if (open) return open.url
  return trustedProxies.length > 0 ? `--trusted-proxies ${trustedProxies.join(',')}` : undefined
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function fromFlags(args: readonly string[]): { flags: Map<string, unknown>; words: string[] } {
  const options: Record<string, { type: 'string' | 'boolean' }> = {
    help: { type: 'boolean' },
    config: { type: 'string' },
  }
  for (const [name, { decode }] of Object.entries(settings)) {
    options[name] = { type: decode === boolean ? 'boolean' : 'string' }
  }
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowNegative: true, tokens: true })
  const flags = new Map<string, unknown>()
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const { rawName, value } = token
    if (COMMAND_OPTIONS.has(rawName) && value === undefined) {
      words.push(rawName)
      continue
    }
    const negative = rawName.startsWith('--no-')
    const name = negative ? token.name.replace(/^no-/, '') : token.name
    const type = options[name]?.type
    if (type === undefined || (negative && type !== 'boolean')) throw bad('unknown-option', rawName)
    if (type === 'boolean') flags.set(name, value ?? !negative)
    else if (value === undefined || value.startsWith('--')) throw bad('no-value', rawName)
    else flags.set(name, value)
  }
  return { flags, words }
}

function withoutMeta(flags: Map<string, unknown>): Map<string, unknown> {
  return new Map([...flags].filter(([name]) => name !== 'config'))
}

function fromEnvironment(env: Sources['env']): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('TERTULIA_') || variable === 'TERTULIA_CONFIG' || value === undefined) continue
    found.set(variable.slice('TERTULIA_'.length).toLowerCase().replaceAll('_', '-'), value)
  }
  return found
}

/** The entries of the named file, or of tertulia.toml if that exists. */
function fromFile(named: unknown): Map<string, unknown> {
  const path = typeof named === 'string' ? named : CONFIG_FILE
  try {
    const text = readFileSync(path, 'utf8')
    const { parse }: typeof import('smol-toml') = require('smol-toml')
    return new Map(Object.entries(parse(text)))
  } catch (error) {
    const code = error instanceof Error && 'syscall' in error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' && named === undefined) return new Map()
    const [detail = ''] = String(code ?? (error instanceof Error ? error.message : error)).split('\n')
    throw new SettingError({ kind: 'unreadable-file', name: path, detail })
  }
}

interface Source {
  /** A setting's name as this source spells it. */
  readonly spelled: (name: string) => string
  readonly unknown: 'unknown-option' | 'unknown-key'
  readonly origin: (name: string) => string
}

interface DecodedSetting {
  readonly key: keyof Config
  readonly value: Config[keyof Config]
  readonly origin: string
}

function decoded(
  entries: ReadonlyMap<string, unknown>,
  { spelled, unknown, origin }: Source,
): DecodedSetting[] {
  return [...entries].map(([name, raw]) => {
    const setting = Object.hasOwn(settings, name) ? settings[name] : undefined
    if (!setting) throw bad(unknown, spelled(name))
    const result = setting.decode(raw)
    if ('value' in result) return { key: setting.key, value: result.value, origin: origin(name) }
    const { wanted } = result
    throw new SettingError({ kind: 'bad-value', name: spelled(name), value: displayedValue(raw), wanted })
  })
}

/** For people: a table or an array of the file as JSON, and addresses without their passwords. */
function displayedValue(raw: unknown): string {
  const isCompound = typeof raw === 'object' && raw !== null && !(raw instanceof Date)
  return (isCompound ? JSON.stringify(raw) : String(raw)).replace(/(\/\/[^\s:/@"]*):[^\s"]*@/g, '$1:…@')
}

function checkTls({ tls, tlsCert, tlsKey }: Config): void {
  const given = tlsCert ?? tlsKey
  if (given === undefined) return
  if (tls !== undefined) throw new SettingError({ kind: 'tls-twice', name: given })
  if (tlsCert === undefined) throw new SettingError({ kind: 'tls-half', name: '--tls-cert' })
  if (tlsKey === undefined) throw new SettingError({ kind: 'tls-half', name: '--tls-key' })
}

function checkListeners(config: Config): void {
  const { listen, trustedProxies } = config
  const encrypted = listen.find(({ tls }) => tls)
  if (encrypted && !hasTls(config)) throw new SettingError({ kind: 'tls-lacking', name: encrypted.url })
  const behind = listen.find(({ proxy }) => proxy)
  if (behind && trustedProxies.length === 0)
    throw new SettingError({ kind: 'proxies-lacking', name: behind.url })
}

/** chat.db belongs to a single process, which has nobody to share a bus with. */
function checkBus({ bus, store }: Config): void {
  if (bus.length > 0 && store.length === 0) throw new SettingError({ kind: 'bus-alone', name: '--bus' })
}

/** STS makes clients insist on TLS: those that do not trust the certificate could never connect again. */
function checkSts(config: Config): void {
  const { ircSts, tls, tlsCert } = config
  if (ircSts > 0 && tlsCert === undefined)
    throw new SettingError({ kind: 'sts-unsafe', name: tls ?? '--irc-sts' })
}

function checkExposure(config: Config): void {
  const { host, listen, allowPlaintext, lan, limits } = config
  const guarded = allowPlaintext || lan || hasTls(config)
  const open = [{ host, tls: false }, ...listen].find(each => !each.tls && !isLoopback(each.host))
  if (open && !guarded) throw new SettingError({ kind: 'exposed', name: open.host })
  const name = exposing(config)
  if (name !== undefined && !limits) throw new SettingError({ kind: 'limits-needed', name })
}

function bad(kind: 'unknown-option' | 'unknown-key' | 'no-value', name: string): SettingError {
  return new SettingError({ kind, name })
}
