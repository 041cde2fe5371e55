// SASL SCRAM-SHA-256, as clients speak it.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import type { Edit } from '../tools/edits.ts'
import { Irc, plain } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { withoutFile } from '../tools/pair.ts'
import { proofFor } from '../tools/scram.ts'
import { type Server, temporaryFolder } from '../tools/server.ts'
import { quickServer } from './quick-server.ts'

/** A data folder for several servers, one after the other. */
async function folder(t: TestContext): Promise<string> {
  const path = await temporaryFolder()
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

interface Told {
  readonly username: string
  readonly password: string
}

/** Runs an exchange up to the server's signature. @returns the signature that came, and the one that should */
async function proves(irc: Irc, told: Told) {
  const { username } = told
  irc.send('CAP REQ sasl', `NICK ${username}`, `USER ${username} 0 * :x`, 'AUTHENTICATE SCRAM-SHA-256')
  await irc.expect('AUTHENTICATE +')
  return prove(irc, told)
}

/** The same after the server's first message. */
async function prove(irc: Irc, { username, password }: Told) {
  const first = `n,,n=${username},r=fyko+d2lbbFgONRv9qkxdawL`
  irc.send(`AUTHENTICATE ${base64(first)}`)
  const challenge = decoded(await irc.expect(/^AUTHENTICATE \S{20,}$/))
  assert.match(challenge, /,i=4096$/, 'of an account that there is as of one that there is not')
  const proof = proofFor({ first, challenge, password })
  irc.send(`AUTHENTICATE ${base64(proof.message)}`)
  const [, salt] = /,s=([^,]+)/.exec(challenge) ?? []
  return { signature: decoded(await irc.expect(/^AUTHENTICATE |:\S+ 904 /)), wanted: proof.signature, salt }
}

function decoded(line: string): string {
  return line.startsWith('AUTHENTICATE ') ? Buffer.from(line.slice(13), 'base64').toString() : line
}

test('an account logs in without sending the password', async t => {
  const server = await quickServer(t)
  {
    using ana = await Irc.register(server.port, 'ana')
    assert.ok(ana.lines.length > 0)
  }
  using ana = await Irc.connect(server.port)
  const { signature, wanted } = await proves(ana, { username: 'ana', password: PASSWORD })
  assert.equal(signature, wanted, 'the server knows the password too')
  assert.deepEqual(await ana.settled(), [], 'the client says that it has heard it')
  ana.send('AUTHENTICATE +')
  await ana.expect(/ 900 ana \S+ ana /)
  await ana.expect(/ 903 ana /)
  ana.send('CAP END')
  await ana.expect(/ 001 ana /)
})

test('a verifier that could not be read once is read again', { skip: withoutFile }, async t => {
  const server = await quickServer(t)
  await server.web.register('ana')
  using outside = new DatabaseSync(server.database, { timeout: 5000 })
  outside.exec('CREATE TABLE aside AS SELECT value FROM secrets; DELETE FROM secrets')
  using early = await Irc.connect(server.port)
  early.send('CAP REQ sasl', 'NICK ana', 'USER ana 0 * :x', 'AUTHENTICATE SCRAM-SHA-256')
  await early.expect('AUTHENTICATE +')
  early.send(`AUTHENTICATE ${base64('n,,n=ana,r=fyko+d2lbbFgONRv9qkxdawL')}`)
  await early.expect(/ 400 ana AUTHENTICATE /)
  outside.exec('INSERT INTO secrets SELECT value FROM aside')
  using ana = await Irc.connect(server.port)
  const { signature, wanted } = await proves(ana, { username: 'ana', password: PASSWORD })
  assert.equal(signature, wanted)
})

test('a wrong password and an unknown account look the same, also after a restart', async t => {
  const data = await folder(t)
  {
    const first = await quickServer(t, { data })
    await first.web.register('ana')
    await first[Symbol.asyncDispose]()
  }
  const asked = async (username: string, password = 'otra') => {
    const server = await quickServer(t, { data })
    using irc = await Irc.connect(server.port)
    const { signature, salt } = await proves(irc, { username, password })
    assert.match(signature, / 904 \S+ :Credenciales incorrectas, o esa cuenta no ha entrado /)
    await server[Symbol.asyncDispose]()
    return salt
  }
  assert.equal(await asked('ana'), await asked('ana'))
  assert.equal(await asked('nadie', PASSWORD), await asked('nadie', PASSWORD))
  assert.notEqual(await asked('nadie'), await asked('ana'))
})

test('a changed password counts for SCRAM at once', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  const web = await server.web.logIn('ana')
  await web.do('PUT', '/me/password', { before: PASSWORD, after: 'otra-contraseña' })
  await ana.closed
  using old = await Irc.connect(server.port)
  assert.match((await proves(old, { username: 'ana', password: PASSWORD })).signature, / 904 /)
  using now = await Irc.connect(server.port)
  const { signature, wanted } = await proves(now, { username: 'ana', password: 'otra-contraseña' })
  assert.equal(signature, wanted)
})

/** A verifier from when there were more iterations than some clients take. */
const MANY: Edit = { file: 'core/people/scram.ts', set: { ITERATIONS: 120_000 } }

/** Logs in once through each door that takes a password. */
const DOORS: Readonly<Record<string, (server: Server, username: string) => Promise<unknown>>> = {
  line: (server, username) => server.logIn(username),
  web: (server, username) => server.web.logIn(username),
  async PLAIN({ port }, username) {
    using irc = await Irc.logIn(port, username)
    await irc.settled()
  },
  async PASS({ port }, username) {
    using irc = await Irc.connect(port)
    irc.send(`PASS ${username}:${PASSWORD}`, `NICK ${username}`, `USER ${username} 0 * :x`)
    await irc.expect(/ 376 /)
  },
  async NickServ({ port }, username) {
    using irc = await Irc.connect(port)
    irc.send('NICK alguien', 'USER x 0 * :x', `PRIVMSG NickServ :IDENTIFY ${username} ${PASSWORD}`)
    await irc.expect(/ 900 /)
  },
}

test('an account with a verifier of 120,000 iterations is not offered SCRAM until it logs in by password', async t => {
  const data = await folder(t)
  {
    const before = await quickServer(t, { data, edits: [MANY] })
    for (const door of Object.keys(DOORS)) await before.web.register(`por-${door}`)
    await before[Symbol.asyncDispose]()
  }
  const server = await quickServer(t, { data })
  for (const [door, logsIn] of Object.entries(DOORS)) {
    const username = `por-${door}`
    using only = await Irc.connect(server.port)
    only.send('CAP REQ sasl', `NICK ${username}`, 'USER x 0 * :x', 'AUTHENTICATE SCRAM-SHA-256')
    await only.expect(/ 908 \S+ PLAIN :/)
    await only.expect(/ 904 \S+ :Para esta cuenta hace falta una vez la contraseña /)
    assert.ok(!only.lines.some(line => line.startsWith('AUTHENTICATE')), 'told before anything else')
    await logsIn(server, username)
    using again = await Irc.connect(server.port)
    const { signature, wanted } = await proves(again, { username, password: PASSWORD })
    assert.equal(signature, wanted, door)
  }
})

test('a client with both mechanisms, as Pidgin, logs in at its first try, and by SCRAM the next time', async t => {
  const data = await folder(t)
  {
    const before = await quickServer(t, { data, edits: [MANY] })
    await before.register('ana')
    await before[Symbol.asyncDispose]()
  }
  const server = await quickServer(t, { data })
  const tries: string[][] = []
  for (let i = 0; i < 2; i++) {
    using irc = await Irc.connect(server.port)
    tries.push(await likePidgin(irc, 'ana'))
    irc.send('CAP END')
    await irc.expect(/ 001 ana /)
  }
  assert.deepEqual(tries, [
    ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'],
    ['SCRAM-SHA-512', 'SCRAM-SHA-256'],
  ])
})

/**
 * Tries mechanisms from the strongest to the weakest; once the server has begun with one, 904 means a wrong password, and it
 * gives up. @returns the mechanisms it has tried
 */
async function likePidgin(irc: Irc, username: string): Promise<string[]> {
  irc.send('CAP REQ sasl', `NICK ${username}`, `USER ${username} 0 * :x`)
  const tried: string[] = []
  for (const mechanism of ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN']) {
    tried.push(mechanism)
    irc.send(`AUTHENTICATE ${mechanism}`)
    const answer = await irc.expect(/^AUTHENTICATE \+$| 904 /)
    if (answer !== 'AUTHENTICATE +') continue
    if (mechanism === 'PLAIN') irc.send(`AUTHENTICATE ${plain(username, PASSWORD)}`)
    else await prove(irc, { username, password: PASSWORD }).then(() => irc.send('AUTHENTICATE +'))
    await irc.expect(/ 903 /)
    return tried
  }
  return assert.fail('it has no more')
}

test('messages out of order, aborted, for another account, not base64: 904 or 906, and one may try again', async t => {
  const server = await quickServer(t)
  await server.register('ana')
  using irc = await Irc.connect(server.port)
  irc.send('CAP REQ sasl', 'NICK ana', 'USER ana 0 * :x')
  for (const message of ['%%%', base64('p=tls-unique,,n=ana,r=x'), base64('n,a=beto,n=ana,r=x'), '+']) {
    irc.send('AUTHENTICATE SCRAM-SHA-256')
    await irc.expect('AUTHENTICATE +')
    irc.send(`AUTHENTICATE ${message}`)
    await irc.expect(/ 904 ana /)
  }
  irc.send('AUTHENTICATE SCRAM-SHA-256')
  await irc.expect('AUTHENTICATE +')
  irc.send('AUTHENTICATE *')
  await irc.expect(/ 906 ana /)
  irc.send('AUTHENTICATE SCRAM-SHA-1')
  await irc.expect(/ 908 ana PLAIN,SCRAM-SHA-256 :/)
})

test('the response to the server’s signature must be empty', async t => {
  const server = await quickServer(t)
  using first = await Irc.register(server.port, 'ana')
  using again = await Irc.connect(server.port)
  const { signature, wanted } = await proves(again, { username: 'ana', password: PASSWORD })
  assert.equal(signature, wanted)
  again.send(`AUTHENTICATE ${base64('algo')}`)
  await again.expect(/ 904 ana /)
  first.send('QUIT')
})

test('failures before any comparison are not called a wrong password', async t => {
  const server = await quickServer(t)
  await server.register('ana')
  using irc = await Irc.connect(server.port)
  irc.send('CAP REQ sasl', 'NICK ana', 'USER ana 0 * :x')
  const says = async (mechanism: string, message: string, reason: RegExp) => {
    irc.send(`AUTHENTICATE ${mechanism}`)
    await irc.expect('AUTHENTICATE +')
    irc.send(`AUTHENTICATE ${base64(message)}`)
    assert.match(await irc.expect(/ 904 ana |^AUTHENTICATE /), reason, message)
  }
  const broken = / 904 ana :Lo que ha enviado el cliente no es un mensaje de ese mecanismo de SASL\.$/
  await says('SCRAM-SHA-256', 'hola', broken)
  await says('SCRAM-SHA-256', 'n,,n=a=na,r=x', broken)
  await says('SCRAM-SHA-256', 'p=tls-unique,,n=ana,r=x', / 904 ana :.*channel binding/)
  await says('SCRAM-SHA-256', 'n,a=beto,n=ana,r=x', / 904 ana :Nadie entra por otra persona/)
  await says('PLAIN', `beto\0ana\0${PASSWORD}`, / 904 ana :Nadie entra por otra persona/)
  await says('PLAIN', `ana ${PASSWORD}`, broken)
  await says('PLAIN', `\0ana\0${PASSWORD}\0`, broken)
  await says('PLAIN', '\0ana\0otra', / 904 ana :Credenciales incorrectas/)
  const finals = [
    () => 'hola',
    (nonce: string) => `c=${base64('n,,')},r=${nonce}`,
    (nonce: string) => `c=${base64('p=tls-unique,,')},r=${nonce},p=AAAA`,
    (nonce: string) => `c=${base64('n,,')},r=${nonce}x,p=AAAA`,
  ]
  for (const final of finals) {
    await says('SCRAM-SHA-256', 'n,,n=ana,r=x', /^AUTHENTICATE \S{20,}$/)
    const [, nonce = ''] = /^r=([^,]+),/.exec(decoded(irc.lines.at(-1) ?? '')) ?? []
    irc.send(`AUTHENTICATE ${base64(final(nonce))}`)
    assert.match(await irc.expect(/ 904 ana /), broken, final('nonce'))
  }
})
