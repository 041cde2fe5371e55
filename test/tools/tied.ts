// The two sockets of a proxied connection.

import type { Socket } from 'node:net'

/** Destroys each socket when the other one closes; both are in `sockets` while they are open. */
export function tie(one: Socket, other: Socket, sockets: Set<Socket>): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    sockets.add(from)
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
  }
}
