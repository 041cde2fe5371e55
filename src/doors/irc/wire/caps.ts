// The capabilities that the door offers, and those that a client has (IRCv3 capability negotiation 302).

import type { IrcSettings } from '../settings.ts'

/** Each has a bit, so that a number tells which connections are sent the same bytes. */
export const CAPS = [
  'account-notify',
  'account-tag',
  'away-notify',
  'batch',
  'cap-notify',
  'draft/account-registration',
  'draft/channel-rename',
  'draft/chathistory',
  'draft/event-playback',
  'draft/message-redaction',
  'draft/metadata-2',
  'draft/multiline',
  'draft/pre-away',
  'draft/read-marker',
  'echo-message',
  'extended-join',
  'extended-monitor',
  'invite-notify',
  'labeled-response',
  'message-tags',
  'multi-prefix',
  'no-implicit-names',
  'sasl',
  'server-time',
  'setname',
  'standard-replies',
  'userhost-in-names',
  // Last, because clients below version 302 are sent one line of them, which is full.
  'draft/metadata-3',
] as const

export type Cap = (typeof CAPS)[number]

const BITS = new Map<string, number>(CAPS.map((name, i) => [name, 2 ** i]))

/** The most bytes and lines of one multiline message (draft/multiline). */
export const MULTILINE = { bytes: 16_000, lines: 100 }

/** The most keys that a client may subscribe to, keys of one user or channel, bytes of a key, and bytes of a value. */
export const METADATA = { subs: 50, keys: 20, keyBytes: 64, bytes: 400 }

/** In commands/sasl.ts. */
export const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256'] as const
export type Mechanism = (typeof SASL_MECHANISMS)[number]

export function isMechanism(name: string): name is Mechanism {
  return SASL_MECHANISMS.some(each => each === name)
}

/** Values of capabilities, for clients of version 302 and above. */
const VALUES: Partial<Record<Cap, (settings: IrcSettings) => string>> = {
  sasl: () => SASL_MECHANISMS.join(),
  'draft/account-registration': ({ register, email }) =>
    [
      ...(register === 'before' ? ['before-connect'] : []),
      ...(email === 'required' ? ['email-required'] : []),
      'custom-account-name',
    ].join(),
  'draft/metadata-2': () =>
    `max-subs=${METADATA.subs},max-keys=${METADATA.keys},max-value-bytes=${METADATA.bytes}`,
  'draft/metadata-3': () =>
    `before-connect,max-subs=${METADATA.subs},max-keys=${METADATA.keys},max-key-bytes=${METADATA.keyBytes},max-value-bytes=${METADATA.bytes}`,
  'draft/multiline': () => `max-bytes=${MULTILINE.bytes},max-lines=${MULTILINE.lines}`,
}

export class Caps {
  #bits = 0

  has(cap: Cap): boolean {
    return (this.#bits & bitOf(cap)) !== 0
  }

  set(cap: Cap, on: boolean): void {
    this.#bits = on ? this.#bits | bitOf(cap) : this.#bits & ~bitOf(cap)
  }

  get names(): readonly Cap[] {
    return CAPS.filter(name => this.has(name))
  }

  /** The bits of the capabilities that change how events are rendered. */
  get visible(): number {
    return this.#bits & ALL_VISIBLE
  }
}

function bitOf(cap: Cap): number {
  return BITS.get(cap) ?? 0
}

const VISIBLE_CAPS: readonly Cap[] = [
  'account-tag',
  'batch',
  'draft/channel-rename',
  'draft/message-redaction',
  'draft/multiline',
  'extended-join',
  'invite-notify',
  'message-tags',
  'server-time',
]
/** The bits of a client with every capability that changes how events are rendered. */
export const ALL_VISIBLE = VISIBLE_CAPS.reduce((bits, cap) => bits | bitOf(cap), 0)

/** Whether these bits have a capability. */
export function hasCap(visible: number, cap: Cap): boolean {
  return (visible & bitOf(cap)) !== 0
}

/**
 * Commands → capabilities: a client that has one of them understands a FAIL about the command, even without
 * standard-replies, because the specification defines its codes.
 */
const FAILING: Readonly<Record<string, readonly Cap[]>> = {
  BATCH: ['draft/multiline'],
  CHATHISTORY: ['draft/chathistory'],
  MARKREAD: ['draft/read-marker'],
  METADATA: ['draft/metadata-2', 'draft/metadata-3'],
  REDACT: ['draft/message-redaction'],
  REGISTER: ['draft/account-registration'],
  RENAME: ['draft/channel-rename'],
  SETNAME: ['setname'],
  VERIFY: ['draft/account-registration'],
}

/** Whether a client understands FAIL in reply to a command (IRCv3 standard-replies, Capabilities). */
export function knowsFail(caps: Caps, command: string): boolean {
  return caps.has('standard-replies') || (FAILING[command] ?? []).some(own => caps.has(own))
}

export function isCap(name: string): name is Cap {
  return BITS.has(name)
}

export function isOffered(name: Cap, { register }: IrcSettings): boolean {
  return name !== 'draft/account-registration' || register !== 'off'
}

/** The capabilities of CAP LS. @param version as the client gave it: from 302 on with values */
export function offered(version: number, { deps: { settings }, socket }: Offering): string {
  const names = CAPS.filter(name => isOffered(name, settings)).map(name => {
    const value = VALUES[name]?.(settings)
    return value !== undefined && version >= 302 ? `${name}=${value}` : name
  })
  return [...names, ...(version >= 302 ? sts(settings, socket) : [])].join(' ')
}

/** The client that capabilities are offered to. */
interface Offering {
  readonly deps: { readonly settings: IrcSettings }
  readonly socket: { readonly isSecure: boolean; readonly isNamed: boolean }
}

/**
 * Not a capability that can be requested, but a policy (IRCv3 sts): the TLS port for plaintext connections; the duration
 * for those on TLS that named the server (SNI), so that they have compared its certificate with that name.
 */
function sts({ sts: policy }: IrcSettings, { isSecure, isNamed }: Offering['socket']): string[] {
  if (!policy || (isSecure && !isNamed)) return []
  return [isSecure ? `sts=duration=${policy.seconds}` : `sts=port=${policy.port}`]
}
