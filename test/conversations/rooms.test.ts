import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../tools/hosted.ts'
import type { LineClient } from '../tools/line-client.ts'
import type { Server } from '../tools/server.ts'

/** ana and beto are in #club, and write there; caro is in `general`. */
async function club(server: Server): Promise<{ ana: LineClient; beto: LineClient; caro: LineClient }> {
  const [ana, beto, caro] = [
    await server.register('ana'),
    await server.register('beto'),
    await server.register('caro'),
  ]
  ana.say('/crear club')
  await ana.expect('* Estás en #club.\n')
  beto.say('/unirse club')
  await ana.expect('* beto entró en #club.\n')
  await beto.expect('* Estás en #club.\n')
  return { ana, beto, caro }
}

test('what happens in another room carries its name, line for line', async () => {
  await using server = await openServer()
  const { ana, beto, caro } = await club(server)
  beto.say('/unirse general')
  await beto.expect('* Estás en #general.\n')
  for (const line of ['hola', '/pegar', 'uno', 'dos', '.']) ana.say(line)
  await beto.expectExactly('#club ana: hola\n#club ana: uno\n#club ana| dos\n')
  caro.say('/privado beto psst')
  await beto.expectExactly('(privado) caro: psst\n')
})

test('a line that begins with a slash is said with two; an unknown command suggests the nearest', async () => {
  await using server = await openServer()
  const { ana, beto } = await club(server)
  ana.say('//etc/passwd')
  await beto.expectExactly('ana: /etc/passwd\n')
  ana.say('/histrial')
  await ana.expectExactly('No existe el comando /histrial. ¿Quisiste decir /historial?\n')
  ana.say(`/${'x'.repeat(5000)}`)
  assert.ok((await ana.expect('\n')).length < 200)
  ana.say('/ 7 es un número')
  await beto.expectExactly('ana: / 7 es un número\n')
})

test('what was said in other rooms meanwhile is counted, and shown to who goes there', async () => {
  await using server = await openServer()
  const { ana, beto, caro } = await club(server)
  beto.say('salir')
  await beto.closed
  ana.say('uno')
  ana.say('dos, @beto')
  caro.say('/privado beto para ti')
  await ana.expect('Usuario beto se ha desconectado.\n')
  ana.say('/ayuda mas')
  await ana.expect('/mas')
  caro.say('/ayuda mas')
  await caro.expect('/mas')
  const again = await server.logIn('beto')
  await again.expectExactly('* Sin leer: #club 2 (te mencionan: 1), @caro 1\n')
  // An answer without having read is no reading.
  again.say('/privado caro luego')
  await caro.expect('(privado) beto: luego\n')
  again.reset()
  const third = await server.logIn('beto')
  await third.expectExactly('* Sin leer: #club 2 (te mencionan: 1), @caro 1\n')
  third.say('/unirse club')
  await third.expectExactly('* Estás en #club.\n* Mensajes anteriores:\nana: uno\nana: dos, @beto\n')
  third.say('/unirse @caro')
  await third.expectExactly('* Estás en @caro.\n* Mensajes anteriores:\ncaro: para ti\n')
  third.say('salir')
  await third.closed
  const fourth = await server.logIn('beto')
  fourth.say('hola')
  await caro.expect('beto: hola\n')
  assert.ok(!fourth.heard.includes('Sin leer'), 'all was read')
})

test('a long answer stops after a page and goes on, and shows nothing that was deleted meanwhile', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  const { ana, beto } = await club(server)
  for (let i = 1; i <= 50; i++) ana.say(`m${i}`)
  await beto.expect('ana: m50\n')
  beto.say('/historial 50')
  await beto.expect('ana: m40\n* Hay 10 más: /mas\n')
  ana.say('/borrar 50')
  await beto.expect('* ana borró #50\n')
  beto.say('/mas')
  const rest = await beto.expect('ana: m50\n')
  assert.match(rest, /m41\n/)
  assert.ok(!rest.includes('m48'), 'message 50 of the log was m48')
  beto.say('/mas')
  await beto.expect('* No hay más.\n')
  beto.say('/buscar "m" -x')
  await beto.expect('* Nada.\n')
  for (let i = 1; i <= 12; i++) ana.say(`aguja ${i}`)
  await beto.expect('ana: aguja 12\n')
  beto.say('/buscar aguja')
  await beto.expect('* Hay más resultados: /mas\n')
  beto.say('/mas')
  const more = await beto.expect('*aguja* 1\n')
  assert.match(more, /#club #\d+/)
})

test('what was typed for a room that one was sent out of is heard nowhere else', async () => {
  await using server = await openServer()
  const { ana, beto, caro } = await club(server)
  for (const line of ['/pegar', 'la clave es 1234']) beto.say(line)
  await beto.expect('lo envía.\n')
  ana.say('/sacar beto')
  await beto.expect('* Ya no estás en #club. Elige otra sala: /unirse general\n')
  for (const line of ['.', 'y otra cosa secreta', '/unirse general', 'ya estoy aquí']) beto.say(line)
  const before = await caro.expect('beto: ya estoy aquí\n')
  assert.ok(!/clave|secreta/.test(before + caro.heard))
})

test('lines and commands in one packet are heard in order', async () => {
  await using server = await openServer()
  const { beto, caro } = await club(server)
  beto.send('en el club\n/dejar\nen general\n/unirse club\notra vez\n/dejar\n/unirse club\ny otra\nsalir\n')
  await beto.closed
  const again = await server.logIn('ana')
  again.say('/unirse club')
  await again.expect('* Estás en #club.\n')
  again.say('/historial')
  for (const line of ['en el club', 'otra vez', 'y otra']) await again.expect(`beto: ${line}\n`)
  await caro.expect('beto: en general\n')
})

test('a paste that is too long is refused once, and none of its lines is said or obeyed', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  const { ana, beto } = await club(server)
  ana.say('hola')
  await beto.expect('ana: hola\n')
  ana.send(
    `/pegar\n${`${'x'.repeat(1000)}\n`.repeat(300)}${'\n'.repeat(20_000)}/borrar 3\nsalir\n.\nsigo aquí\n`,
  )
  await beto.expectExactly('ana: sigo aquí\n')
  await ana.expect('El mensaje es demasiado largo')
  ana.say('/historial')
  await ana.expect('ana: hola\n')
})

test('the server stops: what was typed behind a command is done first', async () => {
  await using server = await openServer()
  const { ana } = await club(server)
  const lines = Array.from({ length: 50 }, (_, i) => `línea ${i}`)
  ana.send(`antes\n/tema uno\n${lines.join('\n')}\n`)
  await ana.expect('* ana puso el tema de #club: uno\n')
  await server.stop()
  await using again = await openServer({ data: server.data })
  const back = await again.logIn('ana')
  back.say('/unirse club')
  await back.expect('* Estás en #club.\n')
  back.say('/historial 60')
  await back.expect('ana: línea 35\n')
  back.say('/mas')
  await back.expect('ana: línea 49\n')
})

test('no two rooms look alike', async () => {
  await using server = await openServer()
  const { beto } = await club(server)
  for (const alike of ['CLUB', 'сlub', 'gеneral', '#club']) {
    beto.say(`/crear ${alike}`)
    await beto.expectExactly('Ya hay una sala con ese nombre.\n')
  }
})
