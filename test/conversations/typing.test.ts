// Whoever sends each key as it is pressed sees what they type, also when others speak meanwhile. Looked at on the screen.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Edit, impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { untilKeysAreSeen } from '../tools/keys.ts'
import { MENU, PASSWORD } from '../tools/line-client.ts'
import { onceIsEnough } from '../tools/pair.ts'
import { lacking } from '../tools/programs.ts'
import type { Server } from '../tools/server.ts'
import { type Size, Terminal } from '../tools/tmux.ts'

const skip = onceIsEnough || lacking('tmux', 'nc')
const SECRET = 'otra-contraseña'

/** beto at a terminal that sends each key, logged in. */
async function atKeys(command: string, size: Size = {}): Promise<Terminal> {
  const terminal = await Terminal.run(command, size)
  await terminal.expect(MENU.trim())
  await untilKeysAreSeen(terminal, MENU.trim())
  await terminal.line('1')
  await terminal.expect('nombre de usuario:')
  await terminal.line('beto')
  await terminal.expect('contraseña:')
  await terminal.line(PASSWORD)
  await terminal.expect('Bienvenido Beto!')
  return terminal
}

function raw(server: Server): string {
  return `stty raw -echo; nc 127.0.0.1 ${server.port}`
}

test('the typed line is redrawn below what others say, and arrives whole', { skip }, async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  await server.web.register('beto')
  await using beto = await atKeys(raw(server))
  await beto.type('hola 漢字, ana')
  await beto.expect('hola 漢字, ana')
  ana.say('yo primero')
  await beto.expect(/^ana: yo primero\nhola 漢字, ana$/m)
  await beto.press('BSpace', 'BSpace', 'BSpace')
  await beto.line('beto')
  await ana.expect('beto: hola 漢字, beto\n')
  ana.say('y yo después')
  await beto.expect(/^ana: yo primero\nhola 漢字, beto\nana: y yo después$/m)
  assert.doesNotMatch(await beto.screen(), /hola 漢字, ana/, 'what was typed stands there once')
})

test('a question stays below what others say, and a password is not shown', { skip }, async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  await server.web.register('beto')
  await using beto = await atKeys(raw(server))
  await beto.line('/clave')
  await beto.expect('Contraseña actual:')
  await beto.type(PASSWORD)
  ana.say('¿qué haces?')
  await beto.expect(/^ana: ¿qué haces\?\nContraseña actual:$/m)
  await beto.press('Enter')
  await beto.expect('Contraseña nueva:')
  await beto.line(SECRET)
  await beto.expect('* La contraseña')
  const screen = await beto.screen()
  assert.ok(!screen.includes(PASSWORD) && !screen.includes(SECRET), screen)
})

test('erased input is off the screen: an accent with its letter, a family whole', {
  skip,
}, async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  await server.web.register('beto')
  await using beto = await atKeys(raw(server))
  await beto.type('cafe\u0301')
  await beto.expect('cafe\u0301')
  await beto.press('BSpace')
  await beto.expect(/^caf$/m)
  await beto.type('és 👩\u200d👧')
  await beto.expect('cafés 👩')
  await beto.press('BSpace')
  await beto.expect(/^cafés$/m)
  await beto.press('Enter')
  await ana.expect('beto: cafés \n')
})

test('of a line of thousands of letters a few rows are redrawn, and it arrives whole', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  const long = 'ñ'.repeat(3900)
  beto.send(`x\b${long}`)
  await beto.expect(long)
  for (const text of ['uno', 'dos']) {
    ana.say(text)
    const shown = await beto.expect(`ana: ${text}\r\n…${'ñ'.repeat(256)}`)
    assert.ok(shown.length < 1000, `${shown.length} characters`)
  }
  beto.send('\r')
  await ana.expect(`beto: ${long}\n`)
})

test('a line that may be wider than the screen stays, and is redrawn below', { skip }, async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  await server.web.register('beto')
  await using beto = await atKeys(raw(server))
  const long = `${'muy larga '.repeat(17)}漢字`
  await beto.type(long)
  await beto.expect(long)
  ana.say('¿sigues ahí?')
  await beto.expect(new RegExp(`^${long}\\nana: ¿sigues ahí\\?\\n${long}$`, 'm'))
  await beto.press('Enter')
  await ana.expect(`beto: ${long}\n`)
})

/** A telnet in character mode that says how broad its screen is (RFC 1073). */
const TELNET = `
  const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1')
  const size = [255, 251, 31, 255, 250, 31, 0, process.stdout.columns, 0, process.stdout.rows, 255, 240]
  process.stdin.setRawMode(true)
  process.stdin.on('data', keys => socket.write(keys))
  socket.write(Buffer.of(255, 253, 3))
  socket.on('data', bytes => {
    if (bytes.includes(Buffer.of(255, 253, 31))) socket.write(Buffer.from(size))
    process.stdout.write(Buffer.from(bytes.toString('latin1').replace(/\xff[\xfb-\xfe]./g, ''), 'latin1'))
  })
`

test('on a screen of known width a long line stands there once', { skip }, async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  await server.web.register('beto')
  const command = `'${process.execPath}' -e "$TELNET" ${server.port}`
  await using beto = await atKeys(command, { columns: 60, env: { TELNET } })
  const long = `${'muy larga '.repeat(17)}漢字`
  await beto.type(long)
  await beto.expect(long)
  ana.say('¿sigues ahí?')
  await beto.expect(new RegExp(`^ana: ¿sigues ahí\\?\\n${long}$`, 'm'))
  assert.equal((await beto.screen()).split('muy larga').length - 1, 17)
  await beto.press('Enter')
  await ana.expect(`beto: ${long}\n`)
})

/** Whoever has not ended a line is told soon how that is done. */
const soon: Edit = { file: 'doors/line/line-end-hint.ts', set: { UNENDED_MS: 300 } }

test('a client that never ends a line is told once that Enter does', async () => {
  await using server = await openServer({ edits: [...quickHashes, impatient, soon] })
  const hint = '\n* Una línea termina con Enter: hasta entonces no se lee nada de lo escrito.\n'
  const client = await server.connect()
  await client.expect(MENU)
  client.send('2')
  await client.expectExactly(hint)
  client.send('\nA')
  await client.expectExactly('Ingrese su nombre completo: ')
  client.send('na')
  const later = await server.connect()
  await later.expect(MENU)
  later.send('2')
  await later.expect(hint) // who began one later has been told by now
  client.send('\n')
  await client.expectExactly('Ingrese su nombre de usuario: ')
})
