import assert from 'node:assert/strict'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { listenAt, protocolOf, protocolOfLine } from '../../src/net/port.ts'

test('the first bytes tell the protocol', () => {
  const said: Record<string, string> = {
    'GET / HTTP/1.1': 'web',
    'PRI * HTTP/2.0': 'web',
    'OPTIONS *': 'web',
    'CONNECT x': 'web',
    'CAP LS 302': 'irc',
    'nick ana': 'irc',
    'WEBIRC x': 'irc',
    '\x16\x03\x01': 'tls',
    '1\n': 'line',
    'get / http': 'line',
    GETTING: 'line',
    hola: 'line',
    ñ: 'line',
    '\xff\xfd\x01': 'line',
    'P\n': 'line',
    P: 'undecided',
    PAS: 'undecided',
    OPTIONS: 'undecided',
    '': 'undecided',
  }
  for (const [bytes, protocol] of Object.entries(said)) {
    assert.equal(protocolOf(Buffer.from(bytes, 'latin1')), protocol, JSON.stringify(bytes))
  }
})

test('a whole line is recognised by its first word', () => {
  assert.equal(protocolOfLine('NICK '), 'irc')
  assert.equal(protocolOfLine('1 '), 'line')
  assert.equal(protocolOfLine('nicknames are fun '), 'line')
})

test('a connection that the system could not hand over ends nothing, and the next one is taken', async () => {
  const { promise: taken, resolve } = Promise.withResolvers<Socket>()
  await using server = await listenAt({ host: '127.0.0.1', port: 0 }, resolve)
  server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' })) // as Node does (net.js, onconnection)
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  ;(await taken).destroy()
  client.destroy()
})
