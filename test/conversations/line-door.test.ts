import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Edit, impatient, noRest, quickHashes, shortWaits } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { MENU, PASSWORD } from '../tools/line-client.ts'
import { onceIsEnough, withoutFile } from '../tools/pair.ts'
import { patiently } from '../tools/patiently.ts'
import { startServer, temporaryFolder } from '../tools/server.ts'

const NAME = 'Ingrese su nombre completo: '
const USERNAME = 'Ingrese su nombre de usuario: '
const ASK_PASSWORD = 'Ingrese su contraseña: '

test("ana's messages reach beto and her other connection, but are not echoed", async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  const anaAtHome = await server.logIn('ana')
  await ana.expect('Usuario beto se ha conectado.\n')
  ana.say('hola')
  await beto.expectExactly('ana: hola\n')
  await anaAtHome.expectExactly('ana: hola\n')
  beto.say('buenas')
  await ana.expectExactly('beto: buenas\n')
})

test('presence is per person: the first connection in, the last one out, by salir or a lost connection', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  await ana.expectExactly('Usuario beto se ha conectado.\n')
  const second = await server.logIn('beto')
  beto.say('salir')
  await beto.expectExactly('Usuario beto se ha desconectado.\n')
  await beto.closed
  second.say('sigo aquí')
  await ana.expectExactly('beto: sigo aquí\n')
  second.reset()
  await ana.expectExactly('Usuario beto se ha desconectado.\n')
  const third = await server.logIn('beto')
  await ana.expectExactly('Usuario beto se ha conectado.\n')
  third.say('adiós')
  third.end()
  await ana.expectExactly('beto: adiós\nUsuario beto se ha desconectado.\n')
  await third.expect('Usuario beto se ha desconectado.\n')
  await server.expect(
    'Usuario beto se ha conectado.\nUsuario beto se ha desconectado.\nUsuario beto se ha conectado.\nUsuario beto se ha desconectado.\n',
  )
})

test('with more than 200 people online, presence is silent', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  const ana = await server.register('ana')
  for (let first = 1; first < 201; first += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, i) => server.register(`p${first + i}`)))
  }
  await patiently(
    () => server.console.includes('Usuario p200 '),
    () => 'p200 never came',
  )
  const beto = await server.register('beto')
  beto.say('hola')
  const before = await ana.expect('beto: hola\n')
  assert.equal(before.match(/se ha conectado/g)?.length, 199, 'the first 199 came to a room of at most 200')
  assert.ok(!before.includes('beto'))
})

test('a wrong option, an unusable name, a reserved one, one that looks like another: each says why, then the menu', async () => {
  await using server = await openServer()
  await server.register('ana')
  const client = await server.connect()
  await client.answer(MENU, '3')
  await client.expectExactly('Opción no válida. Escribe 1 o 2.\n')
  const tryName = async (name: string, username: string, password: string) => {
    await client.answer(MENU, '2')
    await client.answer(NAME, name)
    await client.answer(USERNAME, username)
    await client.answer(ASK_PASSWORD, password)
    return client.expect('\n')
  }
  assert.match(await tryName('', 'eva', 'x'), /nombre completo debe tener/)
  assert.match(await tryName('Eva', 'e va', 'x'), /nombre de usuario debe tener/)
  assert.match(await tryName('Eva', 'e'.repeat(33), 'x'), /nombre de usuario debe tener/)
  assert.match(await tryName('Eva', 'todos', 'x'), /reservado/)
  assert.match(await tryName('Eva', 'ANA', 'x'), /Nombre de usuario ya existe/)
  assert.match(await tryName('Eva', 'аnа', 'x'), /Nombre de usuario ya existe/)
  assert.match(await tryName('Eva', 'eva', ''), /contraseña debe tener entre 1 y 256/)
  assert.equal(await tryName('Eva', 'eva', '1'), 'Registro exitoso. Bienvenido Eva!')
})

test('salir at any prompt closes silently', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  const dialogues = [['salir'], ['1', 'salir'], ['2', 'Ana', 'salir'], ['2', 'Ana', 'ana', 'salir']]
  for (const lines of dialogues) {
    const client = await server.connect()
    for (const line of lines) client.say(line)
    await client.closed
    assert.ok(client.heard.endsWith(': '), client.heard)
  }
})

test('a returning person is shown all unread messages, at least 20, at most 200', async () => {
  await using server = await openServer({ edits: [noRest, ...quickHashes, impatient], args: ['--no-limits'] })
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  const say = async (from: number, to: number) => {
    for (let i = from; i <= to; i++) ana.say(`m${i}`)
    await beto.expect(`ana: m${to}\n`)
  }
  await say(1, 30)
  beto.say('salir')
  await beto.closed
  let round = 0
  const hints: string[] = []
  const past = async () => {
    const client = await server.logIn('beto')
    hints.push(await client.expect('* Mensajes anteriores:\n'))
    client.say(`marca ${++round}`)
    const said = (await client.expect(`ana: visto ${round}\n`).finally(() => client.destroy())).split('\n')
    return said.filter(line => line.startsWith('ana: m'))
  }
  const answer = async () => {
    await patiently(
      () => ana.unread.includes('beto: marca'),
      () => 'beto never wrote',
    )
    await ana.expect(`beto: marca ${round}\n`)
    ana.say(`visto ${round}`)
  }
  const [twenty] = await Promise.all([past(), answer()])
  assert.deepEqual(
    twenty,
    Array.from({ length: 20 }, (_, i) => `ana: m${i + 11}`),
  )
  await ana.expect('Usuario beto se ha desconectado.\n')
  for (let i = 1; i <= 50; i++) ana.say(`m${i + 100}`)
  const [fifty] = await Promise.all([past(), answer()])
  assert.equal(fifty.length, 50, 'the mark moved when beto wrote')
  await ana.expect('Usuario beto se ha desconectado.\n')
  for (let i = 1; i <= 300; i++) ana.say(`m${i + 1000}`)
  const [most] = await Promise.all([past(), answer()])
  assert.deepEqual([most.length, most[0]], [200, 'ana: m1101'])
  assert.deepEqual(hints.slice(0, 2), ['', ''])
  assert.match(hints[2] ?? '', /^\* Antes de estos hay más sin leer: \/historial 200 #\d+\n$/)
})

test('lines end as they may: LF, CR LF, CR NUL, split anywhere, joined, or cut in the middle of a letter', {
  skip: onceIsEnough,
}, async () => {
  // On a machine that is busy, packets come as far apart as keys do.
  await using server = await openServer({
    edits: [impatient, ...quickHashes, { file: 'doors/line/editor.ts', set: { APART_MS: 60_000 } }],
  })
  const beto = await server.register('beto')
  const ana = await server.connect()
  for (const byte of Buffer.from(`2\r\nAna\r\0ana\n${PASSWORD}\r\nuno\r\ndos\r\0tres ñandú 😀\r\n`)) {
    ana.send(Uint8Array.of(byte))
    await sleep(1) // so that the packets are not joined
  }
  await ana.expect('Registro exitoso. Bienvenido Ana!\n')
  await beto.expect('ana: uno\nana: dos\nana: tres ñandú 😀\n')
  ana.send('cuatro\ncinco\n\n\nseis\n')
  await beto.expectExactly('ana: cuatro\nana: cinco\nana: seis\n')
})

test('input that ends in a half-close is processed to its end, also without a last newline', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  const ana = await server.connect()
  ana.send(`2\nAna\nana\n${PASSWORD}\nuno\ndos\nsin fin de línea`)
  ana.end()
  await beto.expect('ana: uno\nana: dos\nana: sin fin de línea\nUsuario ana se ha desconectado.\n')
  await ana.closed
  assert.ok(ana.heard.endsWith('Bienvenido Ana!\nUsuario ana se ha desconectado.\n'))
})

test('a pasted text without its dot is named when the input ends', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  ana.send('/pegar\n\n  uno\ndos')
  ana.end()
  const unposted =
    'Lo que pegabas no se envió: falta desde «uno», porque no llegó la línea con un solo punto.\n'
  await ana.expect(`${unposted}Usuario ana se ha desconectado.\n`)
  await beto.expectExactly('Usuario ana se ha desconectado.\n')
  const blank = await server.logIn('beto')
  blank.send('/pegar\n\n')
  blank.end()
  await blank.expect('punto lo envía.\nUsuario beto se ha desconectado.\n')
})

test('a line that is too long is refused in one sentence, none of it is stored, and the connection goes on', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  const ana = await server.register('ana')
  ana.say('x'.repeat(4001))
  await ana.expectExactly('El mensaje es demasiado largo: el máximo son 4000 caracteres. No se guardó.\n')
  ana.say('😀'.repeat(4000))
  ana.say('x'.repeat(20_000))
  await ana.expectExactly('La línea es demasiado larga: el máximo son 16 KiB. No se guardó.\n')
  ana.say('sigo')
  await beto.expect(`ana: ${'😀'.repeat(4000)}\nana: sigo\n`)
})

test('200 KB without a newline, before and after the log-in, cost nothing and hurt nobody', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  const stranger = await server.connect()
  stranger.send('y'.repeat(200_000))
  stranger.say('')
  await stranger.expect('La línea es demasiado larga')
  const ana = await server.register('ana')
  ana.send('z'.repeat(200_000))
  ana.say('')
  await ana.expect('La línea es demasiado larga')
  ana.say('hola')
  await beto.expect('ana: hola\n')
})

test('nothing that ana sends moves the cursor in beto’s terminal, nor on the console', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  const ana = await server.register('ana')
  await beto.expect('Usuario ana se ha conectado.\n')
  ana.send(Buffer.from('a\x1b[2Jb\x07\x9bc\0d\u202ee\u009bf\x7fg\xff\n', 'latin1'))
  ana.send('\u202eoverride\u2066\u061c\u009b2J\n')
  ana.say('fin')
  const said = await beto.expect('ana: fin\n')
  assert.ok(
    !/[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(said),
    JSON.stringify(said),
  )
  assert.match(said, /^ana: a␛\[2Jb␇/)
  assert.match(said, /override/)
})

test('a text of several lines cannot pass for somebody else’s', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  const ana = await server.register('ana')
  await beto.expect('Usuario ana se ha conectado.\n')
  ana.send('/pegar\nuno\nbeto: mentira\n.\n')
  await beto.expectExactly('ana: uno\nana| beto: mentira\n')
})

test('wrong credentials are the same for a wrong password and an unknown name', async () => {
  await using server = await openServer()
  await server.register('ana')
  const client = await server.connect()
  for (const [username, password] of [
    ['ana', 'falsa'],
    ['nadie', 'falsa'],
    ['ana', ''],
  ] as const) {
    await client.answer(MENU, '1')
    await client.answer(USERNAME, username)
    await client.answer(ASK_PASSWORD, password)
    await client.expectExactly('Credenciales incorrectas, intente nuevamente.\n')
  }
})

test('guessing is held back; others at the same address are not', async () => {
  await using server = await openServer({ edits: [...quickHashes, shortWaits] })
  await server.register('ana')
  await server.register('beto')
  const guesser = await server.connect()
  const guess = async () => {
    await guesser.answer(MENU, '1')
    await guesser.answer(USERNAME, 'ana')
    await guesser.answer(ASK_PASSWORD, 'falsa')
    return guesser.expect('\n')
  }
  let wrong = 0
  while ((await guess()).startsWith('Credenciales')) wrong++
  assert.ok(wrong >= 20 && wrong <= 22, `${wrong} guesses`)
  assert.match(await guess(), /Demasiados intentos/)
  await server.logIn('beto')
})

test('a flood is read more slowly, and nothing is lost', async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  const ana = await server.register('ana')
  const start = performance.now()
  for (let i = 0; i < 340; i++) ana.say(`m${i}`)
  await beto.expect('ana: m339\n')
  assert.ok(performance.now() - start > 1500, '300 at once, then 20 a second')
  const heard = beto.heard.match(/ana: m\d+/g) ?? []
  assert.deepEqual(
    heard,
    Array.from({ length: 340 }, (_, i) => `ana: m${i}`),
  )
})

test('input is no longer read while its answers are not taken', { skip: onceIsEnough }, async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  const deaf = await server.connect()
  await deaf.expect(MENU)
  deaf.socket.pause()
  deaf.send('3\n'.repeat(4 << 20)) // 8 MB of questions, whose answers would be 700
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  ana.say('hola')
  await beto.expect('ana: hola\n')
  const waiting = deaf.socket.writableLength
  for (let i = 0; i < 200; i++) {
    ana.say(`m${i}`) // time in which all of it would have been taken
    await beto.expect(`ana: m${i}\n`)
  }
  assert.ok(
    deaf.socket.writableLength > 0 && deaf.socket.writableLength === waiting,
    `${waiting} bytes waited`,
  )
})

test('a flood at the menu does not keep others from it', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  const flooders = await Promise.all([1, 2, 3].map(() => server.connect()))
  for (const flooder of flooders) flooder.send('x\n'.repeat(500_000))
  const ana = await server.register('ana') // or fails: seconds would have been minutes
  ana.say('salir')
  await ana.closed
})

test('a connection that has not logged in is read no faster than others', {
  skip: onceIsEnough,
}, async () => {
  const edits = [{ file: 'core/limits/rate-limit.ts', set: { SIZE: '{ capacity: 5, perSecond: 20 }' } }]
  await using server = await openServer({ edits })
  const stranger = await server.connect()
  await stranger.expect(MENU)
  const start = performance.now()
  for (let i = 0; i < 15; i++) stranger.say('x')
  stranger.say('3')
  for (let i = 0; i < 16; i++) await stranger.expect(MENU)
  assert.ok(performance.now() - start > 500, '5 at once, then 20 a second')
})

test('lines that are pasted are read no faster than empty ones, and none is lost', {
  skip: onceIsEnough,
}, async () => {
  const edits = [{ file: 'core/limits/rate-limit.ts', set: { LIGHT: '{ capacity: 5, perSecond: 20 }' } }]
  await using server = await openServer({ edits })
  const beto = await server.register('beto')
  const ana = await server.register('ana')
  const lines = Array.from({ length: 15 }, (_, i) => `línea ${i}`)
  const start = performance.now()
  for (const line of ['/pegar', ...lines, '.']) ana.say(line)
  await beto.expect('línea 14\n')
  assert.ok(performance.now() - start > 450, '5 at once, then 20 a second')
  for (const line of lines) assert.ok(beto.heard.includes(line), line)
})

test('a client that does not read and resets the connection is gone', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  const beto = await server.register('beto')
  const ana = await server.register('ana')
  await beto.expect('Usuario ana se ha conectado.\n')
  ana.socket.pause()
  for (let i = 0; i < 4000; i++) beto.say('x'.repeat(4000))
  beto.say('eso es todo')
  await patiently(
    () => beto.socket.writableLength === 0,
    () => 'never taken',
  )
  await new Promise(sent => ana.socket.write(`${'y'.repeat(5000)}\n`.repeat(3), sent))
  const home = await server.logIn('beto') // what the server had to read before that is read, and answered
  home.destroy()
  ana.reset()
  await beto.expect('Usuario ana se ha desconectado.\n')
})

test('a flood that ends with a reset leaves nothing to be posted for hours', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  const ana = await server.register('ana')
  await beto.expect('Usuario ana se ha conectado.\n')
  ana.send('a\n'.repeat(20_000))
  await beto.expect('ana: a\n')
  ana.reset()
  await beto.expect('Usuario ana se ha desconectado.\n')
})

test('lines typed before the interrupt key are posted', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  const ana = await server.register('ana')
  ana.send(Buffer.from('uno\ndos\n\xff\xf4', 'latin1'))
  await beto.expect('ana: uno\nana: dos\nUsuario ana se ha desconectado.\n')
})

test('a class that logs in at once from one address, with the right passwords, is let in', async t => {
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true }))
  const names = Array.from({ length: 150 }, (_, i) => `p${i}`)
  {
    await using before = await openServer({ data, args: ['--no-limits'] })
    for (const client of await Promise.all(names.map(name => before.register(name)))) client.destroy()
  }
  await using server = await openServer({ data })
  await Promise.all(names.map(name => server.logIn(name)))
})

test('a connection that has not logged in after five minutes is closed, silent or not', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer({
    edits: [impatient, ...quickHashes, { file: 'doors/line/door.ts', set: { LONGEST_MS: 6_000 } }],
  })
  const farewell = 'Pasaron cinco minutos sin iniciar sesión. Hasta luego.\n'
  const ana = await server.register('ana')
  const silent = await server.connect()
  const typing = await server.connect()
  const typist = setInterval(() => typing.say('3'), 100)
  try {
    await silent.expect(farewell)
    await typing.expect(farewell)
    await Promise.all([silent.closed, typing.closed])
  } finally {
    clearInterval(typist)
  }
  ana.say('/ayuda mas')
  await ana.expect('/mas — sigue una respuesta larga')
})

test('a lone CR ends a line, a byte order mark is dropped, an unterminated subnegotiation swallows nothing else', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  const ana = await server.connect()
  ana.send(`\ufeff2\r\ufeffAna\rana\r${PASSWORD}\r`)
  await ana.expect('Registro exitoso. Bienvenido Ana!\n')
  ana.send('\ufeffuno\rdos\r\ntres\r')
  await beto.expectExactly('Usuario ana se ha conectado.\nana: uno\nana: dos\nana: tres\n')
  ana.send(Uint8Array.of(255, 250, 24, 65, 13, 10))
  ana.say('cuatro')
  await beto.expectExactly('ana: cuatro\n')
})

test('invalid UTF-8 is read as a Windows code page, and said so once; a password that is not UTF-8 is refused', async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  const told = (page: string) => `Tu terminal no escribe en UTF-8: lo que escribes se lee como ${page}, `
  const latin = (text: string) => Buffer.from(text, 'latin1')
  const refused = 'Esa contraseña no llegó en UTF-8, y no se puede saber cuál es.'
  const ana = await server.connect()
  ana.send(latin('2\nJosé Núñez\njosé\nñññññññññ\n'))
  await ana.expect(told('Windows-1252'))
  await ana.expect(refused)
  ana.send(latin(`2\nJosé Núñez\njosé\n${PASSWORD}\n`))
  await ana.expect('Registro exitoso. Bienvenido José Núñez!\n')
  ana.send(latin('El ñandú comió\n'))
  await beto.expect('josé: El ñandú comió\n')
  assert.equal(ana.heard.split('Tu terminal no escribe').length, 2)
  ana.send(latin(`/clave\n${PASSWORD}\náááááááá\n`))
  await ana.expect(refused)
  const dos = await server.connect()
  dos.send(latin('1\njos\x82\náááááááá\n')) // in CP850
  await dos.expect(told('CP850'))
  await dos.expect(refused)
  dos.send(latin(`1\njos\x82\n${PASSWORD}\n`))
  await dos.expect('Bienvenido José Núñez!\n')
})

test('resets in the middle of a log-in hurt nobody', { skip: onceIsEnough }, async () => {
  await using server = await openServer()
  const beto = await server.register('beto')
  for (let i = 0; i < 20; i++) {
    const client = await server.connect()
    client.send(['', '1\n', '1\nbeto\n', `1\nbeto\n${PASSWORD}\n`][i % 4] ?? '')
    if (i % 3 > 0) await sleep(i * 10)
    client.reset()
  }
  const ana = await server.register('ana')
  ana.say('hola')
  await beto.expect('ana: hola\n')
  assert.equal(server.errors, '')
})

test('with --lang en the line door speaks English, and nothing else switches it', {
  skip: onceIsEnough,
}, async () => {
  await using server = await openServer({ args: ['--lang', 'en'] })
  const client = await server.connect()
  await client.expectExactly('Do you want to (1) log in or (2) register?: ')
  for (const line of ['2', 'Ana', 'ana', 'secreto123']) client.say(line)
  await client.expectExactly(
    'Enter your full name: Enter your username: Enter your password: Registration successful. Welcome Ana!\n',
  )
  client.say('exit')
  await client.expectExactly('User ana has disconnected.\n')
  assert.match(server.console, /^Server listening on 127\.0\.0\.1:\d+\n/)
})

test('SIGTERM: everybody is told, what was typed is stored, exit 0', { skip: withoutFile }, async () => {
  await using server = await startServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  const caro = await server.register('caro')
  const dani = await server.register('dani')
  const stranger = await server.connect()
  await stranger.expect(MENU)
  dani.send('/pegar\nen un pegado sin punto\n')
  await dani.expect('Pega el texto')
  caro.send(`/pegar\n.\nhola\n${'\n'.repeat(20_000)}`) // for minutes, if they were not hurried
  await beto.expect('caro: hola\n')
  for (let i = 0; i < 1000; i++) ana.say(`m${i}`) // more than may be said at once
  await beto.expect('ana: m299\n')
  server.signal('SIGTERM')
  for (const each of [ana, stranger])
    await each.expect('El servidor se está apagando. Vuelve en un momento.\n')
  await dani.expect(
    'falta desde «en un pegado sin punto», porque no llegó la línea con un solo punto.\nEl servidor',
  )
  assert.equal(await server.exited, 0)
  await Promise.all([ana.closed, stranger.closed])
  const database = new DatabaseSync(server.database, { readOnly: true })
  const stored = database.prepare("SELECT message FROM messages WHERE message <> 'hola' ORDER BY id").all()
  database.close()
  assert.ok(stored.length > 300, 'also what would have had to wait')
  assert.deepEqual(
    stored.map(row => row.message),
    stored.map((_, i) => `m${i}`),
  )
  assert.ok(!server.errors.includes('failed'), server.errors)
})

test('SIGTERM: somebody who is logging in is told once, and asked nothing more', {
  skip: withoutFile,
}, async () => {
  const logIn = 'const { person, proof } = await chat.logIns.logIn('
  const waiting: Edit = {
    file: 'doors/line/log-in.ts',
    from: logIn,
    to: `const stopped = new Promise(resolve => process.once('SIGTERM', resolve))
      connection.say('un momento')
      await stopped
      refuse('closing')
      ${logIn}`,
  }
  await using server = await startServer({ edits: [waiting] })
  await server.web.register('ana')
  const ana = await server.connect()
  ana.send(`1\nana\n${PASSWORD}\nuno\n1\nana\n`)
  await ana.expect('un momento\n')
  server.signal('SIGTERM')
  await ana.expectExactly('El servidor se está apagando. Vuelve en un momento.\n')
  await ana.closed
  assert.equal(ana.unread, '')
  assert.equal(await server.exited, 0)
})

test('SIGTERM: a client that takes none of its answers is not waited for', {
  skip: withoutFile,
}, async () => {
  await using server = await startServer({ args: ['--no-limits'] })
  const luis = await server.web.register('luis')
  for (let i = 0; i < 20; i++) await luis.do('POST', '/rooms/1/messages', { text: '€'.repeat(3900) })
  const ana = await server.register('ana')
  ana.socket.pause()
  ana.send('/historial 20\n'.repeat(1000))
  const home = await server.logIn('luis') // what the server had to read before that is read
  home.destroy()
  server.signal('SIGTERM')
  assert.equal(await server.exited, 0)
})

test('SIGTERM: a flood that waits is let in as far as its author may owe it, and they are told what is missing', {
  skip: withoutFile,
}, async () => {
  await using server = await startServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  const other = await server.connect()
  other.send(`1\nana\n${PASSWORD}\n`)
  await other.expect('Bienvenido')
  const flood = Array.from({ length: 10_000 }, (_, i) => `m${i}\n`).join('')
  ana.send(flood)
  await beto.expect('ana: m250\n')
  other.send(flood)
  await beto.expect('ana: m0\n')
  server.signal('SIGTERM')
  for (const each of [ana, other]) {
    await each.expect('No se alcanzó a procesar todo lo que enviaste: falta desde «m')
    await each.expect('El servidor se está apagando. Vuelve en un momento.\n')
  }
  assert.equal(await server.exited, 0)
  const database = new DatabaseSync(server.database, { readOnly: true })
  const { stored } = database.prepare('SELECT count(*) AS stored FROM messages').get() ?? {}
  database.close()
  assert.ok(Number(stored) < 5000, `${stored} were stored`)
})
