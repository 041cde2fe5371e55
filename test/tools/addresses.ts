// Client addresses on this machine: those that it has, or one that is added for a test.

import { execFileSync } from 'node:child_process'
import { ownAddresses } from '../../src/cli/addresses.ts'
import { isPrivate } from '../../src/net/private.ts'

/**
 * In networks that are seldom used, or reserved for benchmarks (RFC 2544); unique, since test files run side by side.
 */
const OWN = `${(process.pid >> 8) & 255}.${process.pid & 255}`
const LENT = { near: `10.213.${OWN}`, far: `198.18.${OWN}` }

export interface Lent extends Disposable {
  readonly address: string
}

/** A private address (near) or a public one (far); undefined if there is none and none can be added. */
export function addressOf(kind: 'near' | 'far'): Lent | undefined {
  const there = ownAddresses('IPv4').find(each => isPrivate(each) === (kind === 'near'))
  if (there !== undefined) return { address: there, [Symbol.dispose]: () => {} }
  const address = LENT[kind]
  const onLoopback = (what: 'add' | 'del') =>
    execFileSync('ip', ['address', what, `${address}/32`, 'dev', 'lo'], { stdio: 'ignore' })
  try {
    onLoopback('add')
  } catch {
    return undefined
  }
  return { address, [Symbol.dispose]: () => onLoopback('del') }
}
