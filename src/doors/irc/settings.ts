// What whoever runs the server decides about this door.

export interface IrcSettings {
  /** The server's name, in every source: it has a dot. */
  readonly host: string
  /** What clients know the network by: one word. */
  readonly network: string
  /** Asked of who comes without an account. */
  readonly password: string | undefined
  /** Name → the kept password of who may say OPER. */
  readonly operators: ReadonlyMap<string, string>
  /** Lines of the message of the day; undefined for the one that is always there. */
  readonly motd: readonly string[] | undefined
  /** Of a new account and of a guest, in code points. */
  readonly longestNick: number
  /** When REGISTER is taken. */
  readonly register: 'before' | 'after' | 'off'
  /** Whether it is told an e-mail address. */
  readonly email: 'none' | 'optional' | 'required'
  /** Whether one may be there without an account. */
  readonly guests: boolean
  /** Where clients come encrypted, and for how long no other way (IRCv3 STS). */
  readonly sts: { readonly port: number; readonly seconds: number } | undefined
}
