import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { connect, type SecureVersion } from 'node:tls'
import { ownAddresses } from '../../src/cli/addresses.ts'
import { selfSigned } from '../../src/cli/certificate.ts'
import { addressOf } from '../tools/addresses.ts'
import { certificateIn } from '../tools/certificates.ts'
import { openServer } from '../tools/hosted.ts'
import { LineClient, MENU } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { type Server, ServerProcess, temporaryFolder } from '../tools/server.ts'

interface Cleaning {
  after(clean: () => Promise<void> | void): void
}

async function folder(t: Cleaning): Promise<string> {
  const made = await temporaryFolder()
  t.after(() => rm(made, { recursive: true, force: true }))
  return made
}

/** A server with a certificate from files. */
async function secured(t: Cleaning, ...args: string[]) {
  const files = certificateIn(await folder(t))
  const server = await openServer({ args: ['--tls-cert', files.cert, '--tls-key', files.key, ...args] })
  t.after(() => server[Symbol.asyncDispose]())
  return { server, files }
}

async function secureClient(t: Cleaning, { port }: Server, ca: string): Promise<LineClient> {
  const client = await LineClient.connectSecurely(port, { ca })
  t.after(() => client.destroy())
  return client
}

/** The fingerprint that a new connection is shown. */
async function shown(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()
  return fingerprint256
}

/** What a server that must refuse says on stderr. */
async function refusal(args: readonly string[], data?: string): Promise<string> {
  await using server = await ServerProcess.spawn({ args, ...(data !== undefined && { data }) })
  assert.equal(await server.exited, 1)
  assert.equal(server.console, '')
  assert.match(server.errors, /^[^\n]+\n$/)
  return server.errors
}

test('what is said inside TLS is read outside, on the same port, and the reverse', async t => {
  const { server, files } = await secured(t)
  const ana = await secureClient(t, server, files.ca)
  await ana.register('ana')
  const beto = await server.register('beto')
  await ana.expect('Usuario beto se ha conectado.\n')
  ana.say('hola')
  await beto.expect('ana: hola\n')
  const long = 'ñ'.repeat(3900)
  for (let i = 0; i < 40; i++) beto.say(`${i} ${long}`)
  for (let i = 0; i < 40; i++) await ana.expect(`beto: ${i} ${long}\n`)
  ana.say('salir')
  await ana.closed
  await beto.expect('Usuario ana se ha desconectado.\n')
})

test('who only writes inside TLS and ends is answered to the end', async t => {
  const { server, files } = await secured(t)
  const ana = await secureClient(t, server, files.ca)
  ana.send('2\nAna\nana\nsecreto123\nhola\n')
  ana.end()
  await ana.expect('Registro exitoso. Bienvenido Ana!\n')
  await ana.closed
  const beto = await server.register('beto')
  beto.say('/historial')
  await beto.expect('ana: hola\n')
})

test('the first words inside TLS tell who is calling', async t => {
  const { server, files } = await secured(t)
  const web = await new Promise<IncomingMessage>((resolve, reject) => {
    const path = '/api/v1/registration'
    get({ port: server.port, host: '127.0.0.1', path, ca: files.ca }, resolve).on('error', reject)
  })
  assert.equal(web.statusCode, 200)
  const irc = await secureClient(t, server, files.ca)
  irc.send('CAP LS 302\r\n')
  await irc.expectExactly(':tertulia.local CAP * LS ')
  const silent = await secureClient(t, server, files.ca)
  await silent.expectExactly(MENU)
})

test('TLS within TLS is closed, and TLS 1.1 is too old', async t => {
  const { server, files } = await secured(t)
  const client = await secureClient(t, server, files.ca)
  client.send(Uint8Array.of(0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0))
  await client.closed
  assert.ok(!client.heard.includes(MENU))
  const versions: [SecureVersion, string][] = [
    ['TLSv1.1', 'closed'],
    ['TLSv1.2', 'secure'],
    ['TLSv1.3', 'secure'],
  ]
  for (const [version, outcome] of versions) {
    const socket = connect({
      port: server.port,
      ca: files.ca,
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    socket.on('error', () => {})
    const met = await Promise.race([
      new Promise(resolve => socket.on('secureConnect', () => resolve('secure'))),
      new Promise(resolve => socket.on('close', () => resolve('closed'))),
    ])
    assert.equal(met, outcome, version)
    socket.destroy()
  }
})

test('TLS 1.2 is spoken with authenticated ciphers that forget their keys, and with no others', async t => {
  const { server, files } = await secured(t)
  const outcome = (ciphers: string) => {
    const socket = connect({ port: server.port, ca: files.ca, maxVersion: 'TLSv1.2', ciphers })
    const { promise, resolve } = Promise.withResolvers<string>()
    socket.on('error', () => {})
    socket.on('secureConnect', () => resolve('secure')).on('close', () => resolve('closed'))
    return promise.finally(() => socket.destroy())
  }
  assert.equal(await outcome('ECDHE+AESGCM'), 'secure')
  assert.equal(await outcome('ECDHE+CHACHA20'), 'secure')
  assert.equal(await outcome('ECDHE+AES:!AESGCM:!AESCCM'), 'closed', 'CBC')
  assert.equal(await outcome('kRSA'), 'closed', 'keys that are kept')
})

test('a certificate that has been changed is shown to who connects from then on; a broken one is not', async t => {
  const { server, files } = await secured(t)
  const ana = await secureClient(t, server, files.ca)
  await ana.register('ana')
  const before = await shown(server.port)
  writeFileSync(files.cert, 'no soy un certificado')
  await patiently(
    () => server.errors.includes('the old one stays in use'),
    () => 'a broken certificate was not logged',
  )
  assert.equal(await shown(server.port), before)
  const { ca } = certificateIn(join(files.cert, '..'))
  const fresh = new X509Certificate(ca).fingerprint256
  await patiently(
    async () => (await shown(server.port)) === fresh,
    () => 'the new certificate was never shown',
  )
  const beto = await secureClient(t, server, ca)
  await beto.register('beto')
  beto.say('hola')
  await ana.expect('beto: hola\n')
})

test('a new certificate whose key comes later is taken when both are there', async t => {
  const { server, files } = await secured(t)
  const before = await shown(server.port)
  const { cert, key } = selfSigned(['localhost'], Date.now())
  writeFileSync(files.cert, cert)
  await patiently(
    () => server.errors.includes('the old one stays in use'),
    () => 'a certificate without its key was not logged',
  )
  assert.equal(await shown(server.port), before)
  writeFileSync(files.key, key)
  const fresh = new X509Certificate(cert).fingerprint256
  await patiently(
    async () => (await shown(server.port)) === fresh,
    () => 'the new certificate was never shown',
  )
})

test('files that are missing, wrong or not each other’s stop the start in one line that names them', async t => {
  const made = await folder(t)
  const { cert, key } = certificateIn(made)
  mkdirSync(join(made, 'other'))
  const other = certificateIn(join(made, 'other'))
  const text = join(made, 'text')
  writeFileSync(text, 'hola\n')
  const nowhere = join(made, 'nowhere')
  const chain = join(made, 'chain')
  writeFileSync(
    chain,
    `${readFileSync(cert, 'utf8')}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
  )
  const start = (cert: string, key: string) => refusal(['--tls-cert', cert, '--tls-key', key])
  assert.match(await start(nowhere, key), /No se puede leer .*nowhere/)
  assert.match(await start(cert, nowhere), /No se puede leer .*nowhere/)
  assert.match(await start(text, key), /text no es un certificado/)
  assert.match(await start(cert, text), /text no es una clave privada/)
  assert.match(await start(chain, key), /chain no sirve para TLS/)
  assert.match(await start(cert, other.key), /La clave de .*other.key\.pem no es la de su certificado/)
  assert.match(await refusal(['--tls-cert', cert]), /van juntos: falta --tls-key/)
  assert.match(await refusal(['--tls-key', key]), /van juntos: falta --tls-cert/)
  assert.match(await refusal(['--tls', 'letsencrypt']), /--tls no puede ser «letsencrypt»: self-signed/)
  assert.match(await refusal(['--tls', 'self-signed', '--tls-cert', cert, '--tls-key', key]), /los dos no/)
})

test('a certificate of its own: kept beside the data, its fingerprint said, the key its owner’s alone', async t => {
  const data = await folder(t)
  const fingerprints: string[] = []
  for (let start = 0; start < 2; start++) {
    await using server = await openServer({
      data,
      args: ['--tls', 'self-signed', '--public-url', 'https://chat.example.org'],
    })
    await server.expect(/SHA-256: (..:){31}..\n/)
    const ca = readFileSync(join(data, 'tls-cert.pem'), 'utf8')
    assert.ok(server.console.includes(new X509Certificate(ca).fingerprint256))
    fingerprints.push(await shown(server.port))
    for (const servername of ['localhost', 'chat.example.org']) {
      const socket = connect({ port: server.port, host: 'localhost', ca, servername })
      await once(socket, 'secureConnect')
      assert.ok(socket.authorized, servername)
      socket.destroy()
    }
  }
  assert.equal(fingerprints[0], fingerprints[1])
  const certificate = new X509Certificate(readFileSync(join(data, 'tls-cert.pem')))
  assert.ok(certificate.checkIP('127.0.0.1') && certificate.checkIP('::1'))
  for (const address of [...ownAddresses('IPv4'), ...ownAddresses('IPv6')])
    assert.ok(certificate.checkIP(address), address)
  const days = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 86_400_000
  assert.ok(days <= 397, `${days} days`)
  if (process.platform !== 'win32') assert.equal(statSync(join(data, 'tls-key.pem')).mode & 0o777, 0o600)
})

test('in its last month it is made anew; half of it is not written over', async t => {
  const data = await folder(t)
  const old = selfSigned(['localhost'], Date.now() - 370 * 86_400_000)
  writeFileSync(join(data, 'tls-cert.pem'), old.cert)
  writeFileSync(join(data, 'tls-key.pem'), old.key)
  {
    await using server = await openServer({ data, args: ['--tls', 'self-signed'] })
    assert.notEqual(await shown(server.port), new X509Certificate(old.cert).fingerprint256)
  }
  rmSync(join(data, 'tls-cert.pem'))
  assert.match(await refusal(['--tls', 'self-signed'], data), /No se puede leer .*tls-cert\.pem/)
})

const elsewhere = addressOf('far')
after(() => elsewhere?.[Symbol.dispose]())

test('with TLS, others speak encrypted or are told so; this machine may speak as it likes', {
  skip: elsewhere === undefined && 'needs an address besides loopback',
}, async t => {
  const { server, files } = await secured(t, '--host', '0.0.0.0')
  const host = elsewhere?.address ?? ''
  const plain = async (said: string) => {
    const client = await LineClient.connect(server.port, host)
    t.after(() => client.destroy())
    client.send(said)
    return client
  }
  const sentence = 'Este servidor solo atiende conexiones cifradas: entra con https o con TLS.\n'
  for (const said of ['', '1\n']) {
    const client = await plain(said)
    await client.expectExactly(sentence)
    client.end()
    await client.closed
  }
  const web = await fetch(`http://${host}:${server.port}/`)
  assert.equal(web.status, 400)
  assert.equal(await web.text(), sentence)
  const irc = await plain('NICK ana\r\n')
  await irc.expectExactly('ERROR :Este servidor solo atiende conexiones cifradas')
  const began = performance.now()
  const late = await plain('')
  const secure = await LineClient.connectSecurely(server.port, {
    ca: files.ca,
    host,
    servername: 'localhost',
  })
  await secure.expectExactly(MENU)
  secure.destroy()
  assert.ok(
    late.heard === '' || performance.now() - began > 3_000,
    'a handshake that was lost may still come',
  )
})

test('--allow-plaintext lets others speak unencrypted beside TLS', {
  skip: elsewhere === undefined && 'needs an address besides loopback',
}, async t => {
  const { server } = await secured(t, '--host', '0.0.0.0', '--allow-plaintext')
  await server.expect('no van cifradas')
  const client = await LineClient.connect(server.port, elsewhere?.address)
  await client.expectExactly(MENU)
  client.destroy()
})

test('a handshake that never ends is ended, though it dribbles on', async t => {
  const { cert, key } = certificateIn(await folder(t))
  await using server = await openServer({
    args: ['--tls-cert', cert, '--tls-key', key],
    edits: [{ file: 'net/tls.ts', set: { HANDSHAKE_MS: 1_500 } }],
  })
  const client = await server.connect()
  client.send(Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3))
  const dribble = setInterval(() => client.send(Uint8Array.of(1)), 500)
  t.after(() => clearInterval(dribble))
  await client.closed
  assert.equal(server.errors.includes('failed'), false)
})

test('whoever hangs up in the middle of a handshake, or speaks nonsense, leaves the server as it was', async t => {
  const { server, files } = await secured(t)
  for (let i = 0; i < 60; i++) {
    const client = await server.connect()
    client.send(i % 3 === 0 ? Uint8Array.of(0x16, 9, 9, 9, 9, 9, 9) : Uint8Array.of(0x16, 3, 1, 2, 0, 1))
    if (i % 3 === 1) client.reset()
    if (i % 3 === 2) client.end()
  }
  const ana = await secureClient(t, server, files.ca)
  await ana.register('ana')
  assert.ok(!server.errors.includes('"level":50'), server.errors)
})
