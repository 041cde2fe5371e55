// What a client wants to be told of others, and what it says of itself.

export class Preferences {
  /** The metadata keys that it has subscribed to. */
  readonly subscriptions = new Set<string>()
  /** The nicks that it monitors, folded → as it typed them. */
  readonly monitored = new Map<string, string>()
  /** User mode w. */
  hearsWallops = false
  /** User mode B: it says that it is a program. */
  isBot = false
  /** The reason of AWAY; empty while it is not away. */
  awayText = ''
}
