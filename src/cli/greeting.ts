// The lines that the console prints once the server listens.

import type { AddressInfo } from 'node:net'
import type { Policy } from '../core/parts.ts'
import type { UpgradeCopy } from '../store/sqlite/upgrade-copies.ts'
import { joinInstructions, urlForQrCode, warnings } from './join.ts'
import type { OpenPorts } from './open-ports.ts'
import { qrCode } from './qr.ts'
import type { ServerContext } from './server-context.ts'

export interface Greeting {
  readonly ports: OpenPorts
  /** The store's path, or its address. */
  readonly where: string
  readonly policy: Policy
  readonly hasOwner: boolean
  /** Copies of chat.db from before upgrades. */
  readonly copies: readonly UpgradeCopy[]
}

/** Prints where the server listens, how to join, where the data is, and what the operator must know. */
export async function greet(
  { config, wording, host, console }: ServerContext,
  greeting: Greeting,
): Promise<void> {
  const { ports, where, policy, hasOwner, copies } = greeting
  const { encryption, webPort, numbers } = ports
  const { address, family, port } = ports.main.address() as AddressInfo
  console(wording.listening(`${family === 'IPv6' ? `[${address}]` : address}:${port}`))
  for (const { url } of ports.listeners) console(wording.alsoAt(url))
  for (const instruction of joinInstructions(config, numbers)) console(wording.join(instruction))
  if (webPort.problem !== undefined) console(webPort.problem)
  console(wording.dataAt(where))
  for (const { path, until } of copies) console(wording.copyKept(path, until))
  if (encryption?.fingerprint !== undefined) console(wording.fingerprintIs(encryption.fingerprint))
  for (const line of warnings(config, wording)) console(line)
  const url = urlForQrCode(config, numbers)
  if (url !== undefined && host.stdout.isTTY) console(await qrCode(url))
  if (policy.classCode !== undefined) console(wording.classCodeIs(policy.classCode))
  if (policy.ownerCode !== undefined) console(wording.ownerCodeIs(policy.ownerCode))
  else if (!hasOwner) console(wording.firstIsOwner)
}
