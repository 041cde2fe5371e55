// Two sockets with a program of ours between them.

import type { Socket } from 'node:net'

/** When one is gone, so is the other; both are in `sockets` while they are there. */
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
