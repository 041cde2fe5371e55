// A connection from a proxy that speaks the PROXY protocol: from behind its header on it is whoever is calling.

import type { Socket } from 'node:net'
import { type ProxyHeader, proxyHeader } from './proxy-header.ts'

/** A proxy says it at once. */
const HEADER_MS = 5_000

/**
 * Takes the header off. Where there is none in time, or it is wrong, the connection is closed.
 * @param then told who is calling (ProxyHeader); listens at once, or pauses the socket: what came behind the header
 * flows on in the next tick
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

/** Everybody who asks the socket from now on hears this one. */
export function setRemoteAddress(socket: Socket, address: string): void {
  Object.defineProperty(socket, 'remoteAddress', { value: address })
}
