// The settings of the IRC door.

export interface IrcSettings {
  /** The server's name in every source; contains a dot. */
  readonly host: string
  /** The network's name: one word. */
  readonly network: string
  /** The password that connections without an account need (PASS). */
  readonly password: string | undefined
  /** OPER names → hashes of their passwords. */
  readonly operators: ReadonlyMap<string, string>
  /** The lines of the message of the day; undefined for the built-in one. */
  readonly motd: readonly string[] | undefined
  /** The longest nick of a new account or a guest, in code points. */
  readonly longestNick: number
  /** When REGISTER is accepted: before registration too, only after it, or never. */
  readonly register: 'before' | 'after' | 'off'
  /** Whether REGISTER takes an e-mail address. */
  readonly email: 'none' | 'optional' | 'required'
  /** Whether people may come without an account. */
  readonly guests: boolean
  /** The TLS port, and for how many seconds clients use nothing else (IRCv3 sts). */
  readonly sts: { readonly port: number; readonly seconds: number } | undefined
}
