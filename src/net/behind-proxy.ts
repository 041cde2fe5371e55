// Connections from proxies that speak the PROXY protocol: after its header, the bytes are the client's.

import type { Socket } from 'node:net'
import { type ProxyHeader, proxyHeader } from './proxy-header.ts'

/** How long to wait for the header, which a proxy sends at once. */
const HEADER_MS = 5_000

/**
 * Reads the header. If it is missing, late or malformed, the connection is closed.
 * @param then called with the client's address (see ProxyHeader). It must listen at once or pause the socket: what follows
 * the header flows in the next tick.
 */
export function readProxyHeader(socket: Socket, then: (address: string | undefined) => void): void {
  let heard = Buffer.alloc(0)
  const timer = setTimeout(() => socket.destroy(), HEADER_MS)
  const listen = (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk])
    const header = proxyHeader(heard)
    if (header === 'undecided') return
    stop()
    if (header === 'none') socket.destroy()
    else goOn(header)
  }
  const stop = () => {
    clearTimeout(timer)
    socket.off('data', listen).off('end', gone).off('close', stop)
  }
  const gone = () => {
    stop()
    socket.destroy()
  }
  const goOn = ({ address, length }: ProxyHeader) => {
    if (heard.length > length) socket.unshift(heard.subarray(length))
    then(address)
  }
  socket.on('data', listen).on('end', gone).on('close', stop)
}

/** From now on `socket.remoteAddress` is the client's address, not the proxy's. */
export function setRemoteAddress(socket: Socket, address: string): void {
  Object.defineProperty(socket, 'remoteAddress', { value: address })
}
