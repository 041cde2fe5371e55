// SASL SCRAM-SHA-256 as clients speak it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Irc } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { proofFor } from '../tools/scram.ts'
import { quickServer } from './quick-server.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

interface Told {
  readonly username: string
  readonly password: string
}

/** As far as the server's signature. @returns what came, and what should come, of the server */
async function proves(irc: Irc, { username, password }: Told) {
  const first = `n,,n=${username},r=fyko+d2lbbFgONRv9qkxdawL`
  irc.send('CAP REQ sasl', `NICK ${username}`, `USER ${username} 0 * :x`, 'AUTHENTICATE SCRAM-SHA-256')
  await irc.expect('AUTHENTICATE +')
  irc.send(`AUTHENTICATE ${base64(first)}`)
  const challenge = decoded(await irc.expect(/^AUTHENTICATE \S{20,}$/))
  const proof = proofFor({ first, challenge, password })
  irc.send(`AUTHENTICATE ${base64(proof.message)}`)
  return { signature: decoded(await irc.expect(/^AUTHENTICATE |:\S+ 904 /)), wanted: proof.signature }
}

function decoded(line: string): string {
  return line.startsWith('AUTHENTICATE ') ? Buffer.from(line.slice(13), 'base64').toString() : line
}

test('who has shown their password once through this door logs in without saying it', async t => {
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

test('a wrong password, a stranger, and who has never logged in here: no, and nobody learns which', async t => {
  const server = await quickServer(t)
  {
    using ana = await Irc.register(server.port, 'ana')
    assert.ok(ana.lines.length > 0)
  }
  await server.web.register('beto')
  for (const told of [
    { username: 'ana', password: 'otra' },
    { username: 'nadie', password: PASSWORD },
    { username: 'beto', password: PASSWORD },
  ]) {
    using irc = await Irc.connect(server.port)
    assert.match((await proves(irc, told)).signature, / 904 \S+ :SASL authentication failed$/)
  }
  using beto = await Irc.logIn(server.port, 'beto')
  assert.ok(beto.lines.length > 0)
  using again = await Irc.connect(server.port)
  const { signature, wanted } = await proves(again, { username: 'beto', password: PASSWORD })
  assert.equal(signature, wanted, 'PLAIN has made it possible')
})

test('a password that is changed is another for SCRAM too', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  const web = await server.web.logIn('ana')
  await web.do('PUT', '/me/password', { before: PASSWORD, after: 'otra-contraseña' })
  await ana.closed
  using old = await Irc.connect(server.port)
  assert.match((await proves(old, { username: 'ana', password: PASSWORD })).signature, / 904 /)
})

test('out of turn, aborted, for another, not base64: 904 or 906, and one may begin again', async t => {
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

test('what answers the last word of the server is empty, or all was in vain', async t => {
  const server = await quickServer(t)
  using first = await Irc.register(server.port, 'ana')
  using again = await Irc.connect(server.port)
  const { signature, wanted } = await proves(again, { username: 'ana', password: PASSWORD })
  assert.equal(signature, wanted)
  again.send(`AUTHENTICATE ${base64('algo')}`)
  await again.expect(/ 904 ana /)
  first.send('QUIT')
})
