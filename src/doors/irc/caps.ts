// What a client may ask to be told, and how (IRCv3 capability negotiation, 302).

/** Each has a bit, so that connections that are shown the same bytes are found by a number. */
export const CAPS = [
  'account-notify',
  'account-tag',
  'away-notify',
  'batch',
  'cap-notify',
  'draft/account-registration',
  'draft/channel-rename',
  'draft/chathistory',
  'draft/message-redaction',
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
] as const

export type Cap = (typeof CAPS)[number]

const BITS = new Map<string, number>(CAPS.map((name, i) => [name, 2 ** i]))

/** Bytes of one text with all its lines, and its lines (draft/multiline). */
export const MULTILINE = { bytes: 16_000, lines: 100 }

/** Said to who speaks version 302. */
const VALUES: Partial<Record<Cap, string>> = {
  sasl: 'PLAIN',
  'draft/account-registration': 'before-connect,custom-account-name',
  'draft/multiline': `max-bytes=${MULTILINE.bytes},max-lines=${MULTILINE.lines}`,
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

  /** The number of what shows in what others do. */
  get shown(): number {
    return this.#bits & SHOWN
  }
}

function bitOf(cap: Cap): number {
  return BITS.get(cap) ?? 0
}

const SHOWN_CAPS: readonly Cap[] = [
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
/** The number of who has asked for all that shows. */
export const SHOWN = SHOWN_CAPS.reduce((bits, cap) => bits | bitOf(cap), 0)

/** Whether that number has it. */
export function shows(shown: number, cap: Cap): boolean {
  return (shown & bitOf(cap)) !== 0
}

export function isCap(name: string): name is Cap {
  return BITS.has(name)
}

/** @param version as the client has said it: 302 and above are told values */
export function offered(version: number): string {
  const names = CAPS.map(name => {
    const value = VALUES[name]
    return value !== undefined && version >= 302 ? `${name}=${value}` : name
  })
  return names.join(' ')
}
