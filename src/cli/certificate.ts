// A self-signed certificate (RFC 5280): ECDSA on P-256, for the names and addresses of one server.

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { bits, der, oid, sequence, TAG, time } from './der.ts'

const DAY_MS = 86_400_000
/** Browsers refuse certificates that are valid for more than 398 days. */
const LASTS_MS = 397 * DAY_MS
/** How far validity begins in the past, for clients whose clocks are slow. */
const EARLIER_MS = 3_600_000

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  constraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
}

/** @param names host names and IP addresses. @returns certificate and key, PEM */
export function selfSigned(names: readonly string[], now: number): { cert: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid(OID.ecdsaWithSha256))
  const name = sequence(der(TAG.set, sequence(oid(OID.commonName), der(TAG.utf8, Buffer.from('Tertulia')))))
  const from = now - EARLIER_MS
  const toBeSigned = sequence(
    der(0xa0, der(TAG.integer, Uint8Array.of(2))), // version 3
    der(TAG.integer, serial()),
    algorithm,
    name, // issuer
    sequence(time(new Date(from)), time(new Date(from + LASTS_MS))),
    name, // subject
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions(names))),
  )
  const signed = sequence(toBeSigned, algorithm, bits(sign('sha256', toBeSigned, privateKey)))
  return { cert: pem(signed), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

/** A positive number of at most 20 bytes (RFC 5280, 4.1.2.2). */
function serial(): Buffer {
  const bytes = randomBytes(16)
  return Buffer.concat([Uint8Array.of(0x40 | (bytes.readUInt8() & 0x3f)), bytes.subarray(1)])
}

function extensions(names: readonly string[]): Buffer[] {
  const alternatives = sequence(...names.map(alternative))
  return [
    extension(OID.constraints, sequence(), 'critical'), // cA: false
    extension(OID.keyUsage, der(TAG.bits, Uint8Array.of(7, 0x80)), 'critical'), // digitalSignature
    extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuthentication))),
    extension(OID.alternativeNames, alternatives),
  ]
}

function extension(id: string, value: Uint8Array, critical?: 'critical'): Buffer {
  const mark = critical ? [der(TAG.boolean, Uint8Array.of(0xff))] : []
  return sequence(oid(id), ...mark, der(TAG.octets, value))
}

/** A dNSName or an iPAddress (RFC 5280, 4.2.1.6). */
function alternative(name: string): Buffer {
  return isIP(name) === 0 ? der(0x82, Buffer.from(name)) : der(0x87, addressBytes(name))
}

function addressBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.'), Number)
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const [first, last] = [groups(head), groups(tail)]
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0)
  return Uint8Array.from([...first, ...zeros, ...last].flatMap(group => [group >> 8, group & 0xff]))
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16))
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
