// Accounts, sessions and invitations, over real sockets.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { impatient, noRest, quickHashes, shortWaits } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { type LineClient, MENU, PASSWORD } from '../tools/line-client.ts'

test('an account that is disabled in one connection loses the others within 100 ms', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const first = await server.register('beto')
  const others = [await server.logIn('beto'), await server.logIn('beto')]
  ana.say('/papel beto admin')
  await ana.expect('* beto: admin.\n')
  first.say('/desactivar beto')
  await Promise.all([first, ...others].map(({ closed }) => closed))
  for (const each of others) assert.match(each.heard, /\* Esta cuenta está desactivada\.\n$/)
  const again = await server.connect()
  for (const line of ['1', 'beto', PASSWORD]) again.say(line)
  await again.expect('Esta cuenta está desactivada.\n')
  ana.say('/activar beto')
  await ana.expect('* La cuenta beto está activa.\n')
  await server.logIn('beto')
})

test('who reads nothing is sent away all the same', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  beto.socket.pause()
  for (let i = 0; i < 3000; i++) ana.say('x'.repeat(4000))
  ana.say('/desactivar beto')
  await ana.expect('* La cuenta beto está desactivada, y sus sesiones se cerraron.\n')
  await ana.expect('Usuario beto se ha desconectado.\n')
  beto.socket.resume()
  await beto.closed
})

test('a session is listed everywhere and ended from anywhere', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const second = await server.logIn('ana')
  second.send('/pegar\nuno\n')
  await second.expect('* Pega el texto.')
  ana.say('/sesiones')
  await ana.expect('(esta)\n#')
  const number = (await ana.expect(' ')).trim()
  ana.say(`/sesiones -${number}`)
  await ana.expect('* La sesión se cerró.\n')
  await second.closed
  assert.match(second.heard, /desde «uno», porque .*\n\* Esta sesión se cerró desde otra\.\n$/)
  ana.say('/sesiones')
  await ana.expect('(esta)\n')
  const own = /#(\d+) línea/.exec(ana.heard)?.[1] ?? assert.fail()
  ana.say(`/sesiones -${own}`)
  await ana.closed
})

test('a new password ends the other sessions, and the old one is no longer right', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const second = await server.logIn('ana')
  for (const line of ['/clave', PASSWORD, 'nueva']) ana.say(line)
  await ana.expect('La contraseña cambió, y tus otras sesiones se cerraron.\n')
  await second.closed
  const third = await server.connect()
  for (const line of ['1', 'ana', PASSWORD, '1', 'ana', 'nueva']) third.say(line)
  await third.expect('Credenciales incorrectas, intente nuevamente.\n')
  await third.expect('Bienvenido Ana!\n')
})

test('/mover goes on elsewhere, in the same room and place: nothing is missed or doubled', async () => {
  await using server = await openServer({ edits: [noRest, ...quickHashes, impatient] })
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  ana.say('/crear club')
  await ana.expect('* Estás en #club.\n')
  beto.say('/unirse club')
  await ana.expect('* beto entró en #club.\n')
  beto.say('uno')
  await ana.expect('beto: uno\n')
  ana.say('/mover')
  await ana.expect('Escribe ')
  const code = await ana.expect(' donde')
  const elsewhere = await server.connect()
  await elsewhere.answer(MENU, code.toUpperCase())
  await elsewhere.expectExactly('Bienvenido Ana!\n')
  await elsewhere.expectExactly('* Estás en #club.\n')
  await ana.closed
  assert.match(ana.heard, /\* La sesión sigue en otra puerta\.\n$/)
  beto.say('dos')
  await elsewhere.expectExactly('beto: dos\n')
  elsewhere.say('sigo aquí')
  await beto.expect('ana: sigo aquí\n')
  assert.doesNotMatch(beto.heard, /Usuario ana se ha/, 'nobody was told that she came or went')
  const again = await server.connect()
  await again.answer(MENU, code)
  await again.expect('Ese código no es válido, o ya no.\n')
})

test('who takes a session elsewhere and never comes has left after a while', async () => {
  const hasty = { file: 'core/sessions/connections.ts', set: { LONGEST_TRANSFER_MS: 300 } }
  await using server = await openServer({ edits: [noRest, ...quickHashes, impatient, hasty] })
  const ana = await server.web.register('ana')
  using live = await ana.connect()
  const beto = await server.register('beto')
  const { code } = await ana.do('POST', '/session/moves', {})
  await server.web.do('POST', '/session/moved', { code })
  await live.until(() => live.client.state.is === 'closed', 'it stays')
  await beto.expect('Usuario ana se ha desconectado.\n')
})

test('/mover also after the connection was lost; and a code is void when it is guessed at', async () => {
  await using server = await openServer({ edits: [...quickHashes, shortWaits] })
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  ana.say('/mover')
  await ana.expect('Escribe ')
  const code = await ana.expect(' donde')
  ana.reset()
  await ana.closed
  beto.say('mientras tanto')
  const elsewhere = await server.connect()
  await elsewhere.answer(MENU, code)
  await elsewhere.expect('beto: mientras tanto\n')
  const guesser = await server.connect()
  for (let i = 0; i < 101; i++) guesser.say(`aaaa-a${i + 100}`)
  await guesser.expect('Demasiados intentos fallidos.')
})

test('a code of /mover is void when its session was ended, or its person has said good-bye', async () => {
  await using server = await openServer()
  const first = await server.register('ana')
  const codeOf = async (client: LineClient) => {
    client.say('/mover')
    await client.expect('Escribe ')
    return client.expect(' donde')
  }
  const revoked = await server.logIn('ana')
  const codes = [await codeOf(revoked)]
  for (const line of ['/clave', PASSWORD, 'nueva']) first.say(line)
  await revoked.closed
  codes.push(await codeOf(first))
  first.say('salir')
  await first.closed
  const stranger = await server.connect()
  for (const code of codes) {
    stranger.say(code)
    await stranger.expect('Ese código no es válido, o ya no.\n')
  }
})

test('an answer that is too long is asked for again; who leaves instead keeps the password; nothing is said', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  beto.say('/clave')
  await beto.expect('Contraseña actual: ')
  beto.say('x'.repeat(17_000))
  await beto.expect('máximo son 16 KiB')
  await beto.expect('Contraseña actual: ')
  beto.say('salir')
  await beto.expect('* La contraseña sigue igual.\n')
  beto.say('aquí sigo')
  await ana.expect('beto: aquí sigo\n')
  assert.doesNotMatch(ana.heard, /salir|xxx/)
})

test('what a level leaves out is unread until one goes there; what happens to oneself is always shown', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  ana.say('/crear club')
  await ana.expect('* Estás en #club.\n')
  for (const line of ['/unirse club', '/avisos menciones', '/unirse general']) beto.say(line)
  await beto.expect('* Estás en #general.\n')
  // What is shown comes last: all is stored by then.
  for (const line of ['uno', '@beto ¿estás?', 'dos', '@todos hola']) ana.say(line)
  await beto.expectExactly('#club ana: @beto ¿estás?\n#club ana: @todos hola\n')
  beto.say('/salas')
  await beto.expect('avisos: menciones) — 4 (te mencionan: 2)\n')
  beto.say('/unirse club')
  await beto.expect('* Mensajes anteriores:\nana: uno\nana: @beto ¿estás?\nana: dos\nana: @todos hola\n')
  for (const line of ['/avisos nada', '/unirse general']) beto.say(line)
  await beto.expect('* Estás en #general.\n')
  ana.say('tres')
  ana.say('/sacar beto por nada')
  await beto.expectExactly('* ana sacó a beto de #club: por nada\n')
})

test('a language is the person’s, wherever they log in', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  beto.say('/idioma en')
  await beto.expect('* I speak English to you from now on.\n')
  ana.say('hola')
  await beto.expect('ana: hola\n')
  beto.say('/zona Asia/Tokyo')
  await beto.expect('* Time zone: Asia/Tokyo')
  beto.say('/history 1')
  const before = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 13).replace('T', ' ')
  await beto.expect(`[${before}:`)
  const again = await server.connect()
  for (const line of ['1', 'beto', PASSWORD]) again.say(line)
  await again.expect('Welcome Beto!\n')
  await again.expect('* Earlier messages:\n')
  ana.say('salir')
  await again.expect('User ana has disconnected.\n')
})

test('whom somebody has blocked reaches them no more in private, live or later, and their mentions don’t count', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  const caro = await server.register('caro')
  // Whoever is blocked begins no conversation of several; one that there is goes on.
  for (const line of ['/privado ana,beto', '/unirse general']) caro.say(line)
  await caro.expect('* Estás en #general.\n')
  ana.say('/bloquear beto')
  await ana.expect('ya no te llega')
  beto.say('/privado ana ¿estás?')
  beto.say('/privado ana,caro ¿estáis?')
  await caro.expect('(grupo) beto: ¿estáis?\n')
  caro.say('/privado ana,beto sí')
  await ana.expect('(grupo) caro: sí\n')
  assert.doesNotMatch(ana.heard, /estás|estáis/)
  beto.say('@ana hola')
  await ana.expect('beto: @ana hola\n')
  ana.say('/salas')
  await ana.expect('* Tus salas:\n')
  assert.doesNotMatch(await ana.expect('@beto, caro'), /@beto/)
  for (const line of ['/buscar estáis', '/privado beto,caro', '/historial']) ana.say(line)
  await ana.expect('* Nada.\n')
  assert.doesNotMatch(await ana.expect('caro: sí\n'), /estáis/)
  ana.say('/bloquear -beto')
  await ana.expect('* beto puede escribirte otra vez.\n')
  ana.say('/historial')
  await ana.expect('beto: ¿estáis?\n')
})

async function registering(client: LineClient, username: string): Promise<void> {
  for (const line of ['2', username, username, 'x'.repeat(8)]) client.say(line)
}

test('by invitation: the code is asked for after the password, and brings one into its rooms', async () => {
  await using server = await openServer({ args: ['--registration', 'invite'] })
  const ana = await server.connect()
  await registering(ana, 'ana')
  await ana.expect('Registro exitoso. Bienvenido ana!\n')
  ana.say('/crear club cerrada')
  ana.say('/invitar 1 1d #club')
  await ana.expect('* Código de invitación: ')
  const code = await ana.expect('\n')
  const beto = await server.connect()
  await registering(beto, 'beto')
  await beto.answer('Ingrese su código de registro: ', 'no lo sé')
  await beto.expect('Ese código no es válido, o ya no.\n')
  await registering(beto, 'beto')
  await beto.answer('Ingrese su código de registro: ', ` ${code.toUpperCase()} `)
  await beto.expect('Bienvenido beto!\n')
  await ana.expect('* ana trajo a beto a #club.\n')
  beto.say('/unirse club')
  await beto.expect('* Estás en #club.\n')
  const caro = await server.connect()
  await registering(caro, 'caro')
  await caro.answer('Ingrese su código de registro: ', code)
  await caro.expect('Ese código no es válido, o ya no.\n')
})

test('closed: nobody registers but whoever is first', async () => {
  await using server = await openServer({ args: ['--registration', 'closed'] })
  const ana = await server.register('ana')
  const beto = await server.connect()
  await beto.answer(MENU, '2')
  await beto.expect('Aquí nadie puede registrarse.')
  ana.say('/invitar')
  await ana.expect('Aquí nadie puede registrarse.')
})

test('who comes and goes within three seconds is told as they are then', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  await ana.expect('Usuario beto se ha conectado.\n')
  beto.destroy()
  await beto.closed
  await server.logIn('beto')
  await server.register('caro')
  assert.equal(await ana.expect('Usuario caro se ha conectado.\n'), '', 'beto never went')
})

test('nobody comes, and no room is opened, under a name that could be taken for another', async () => {
  const edits = [...quickHashes, noRest, impatient]
  await using server = await openServer({ args: ['--no-limits'], edits })
  const beto = await server.web.register('Beto')
  for (const username of ['ANA', 'paul', 'Isla', 'Nina', 'Ian']) await server.web.register(username)
  const register = (username: string) =>
    server.web.refused('POST', '/people', { name: 'x', username, password: PASSWORD })
  for (const username of ['Вeto', 'ВЕТО', 'ΑΝΑ', 'pauI', 'lsla', 'ΝΙΝΑ', 'nı\u0307na'])
    assert.equal(await register(username), 'name-taken', username)
  for (const username of ['admi\u0307n', 'ADMIΝ', 'ΝicΚServ', 'МODERADOR', 'ТODOS'])
    assert.equal(await register(username), 'reserved-username', username)
  for (const username of ['Lan', 'Вова', 'ALI']) await server.web.register(username)
  await beto.do('POST', '/rooms', { name: 'Boletin' })
  for (const name of ['Вoletin', 'BOLETΙN', 'boIetin', 'GEΝERAL'])
    assert.equal(await beto.refused('POST', '/rooms', { name }), 'room-taken', name)
  await server.web.logIn('ALI')
})
