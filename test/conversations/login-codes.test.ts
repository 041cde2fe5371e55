// One-time codes in place of a password: given by an admin, used in each door, and never twice.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openServer } from '../tools/hosted.ts'
import { Irc, plain } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { tertulia } from '../tools/tertulia.ts'

test('a forgotten password: a code of an admin chooses a new one, in the API, in netcat and in IRC', async () => {
  await using server = await openServer()
  const { web } = server
  const [ana, beto] = [await web.register('ana'), await web.register('beto')]
  const made = async () => (await ana.ask('POST', '/people/beto/code', {})).body.code as string
  assert.equal(await beto.refused('POST', '/people/ana/code', {}), 'forbidden')
  const replaced = await made()
  const code = await made()
  const logIn = (password: string, newPassword?: string) =>
    web.ask('POST', '/session', { username: 'beto', password, ...(newPassword && { newPassword }) })
  assert.equal((await logIn(PASSWORD)).status, 201, 'the old password works until then')
  assert.equal((await logIn(replaced)).body.code, 'wrong-credentials')
  assert.equal((await logIn(code)).body.code, 'new-password-needed')
  assert.equal((await logIn(code.toUpperCase().replaceAll('-', ' '), 'otra clave')).status, 201)
  assert.equal(await beto.refused('GET', '/session'), 'not-logged-in', 'their sessions are over')
  assert.equal((await logIn(code, 'más')).body.code, 'wrong-credentials')
  assert.equal((await logIn(PASSWORD)).body.code, 'wrong-credentials')
  assert.equal((await logIn('otra clave')).status, 201)

  const line = await server.connect()
  const [, typed = ''] =
    /: (\S+)\n/.exec((await tertulia(server.data, ['users', 'code', 'beto'])).stdout) ?? []
  for (const each of ['1', 'beto', typed]) line.say(each)
  await line.expect('Contraseña nueva: ')
  line.say('de netcat')
  await line.expect('Bienvenido Beto!\n')
  assert.equal((await logIn('de netcat')).status, 201)

  using irc = await Irc.connect(server.port)
  irc.send('CAP REQ sasl', 'NICK beto', 'USER beto 0 * :Beto')
  const last = await made()
  irc.send('AUTHENTICATE SCRAM-SHA-256')
  await irc.expect(/ 908 beto PLAIN /)
  irc.send('AUTHENTICATE PLAIN', `AUTHENTICATE ${plain('beto', last)}`, 'CAP END')
  await irc.expect(/^:NickServ!\S+ NOTICE beto :Entraste con un código de un solo uso/)
  irc.send('PRIVMSG NickServ :PASSWORD una más')
  await irc.expect(/^:NickServ!\S+ NOTICE beto :.*La contraseña cambió/)
  assert.equal((await logIn('una más')).status, 201)
  irc.send('PRIVMSG NickServ :PASSWORD mala otra')
  await irc.expect(/^:NickServ!\S+ NOTICE beto :Credenciales incorrectas/)
})

test('tertulia users import: a file of Excel in Latin-1; the same file again gives the same codes', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  await ana.do('POST', '/rooms', { name: 'curso', kind: 'closed' })
  const file = join(server.data, 'lista.csv')
  const list =
    'Nombres;Apellidos;Correo\r\nZoé María;Núñez Ávila;zoe@b.co\r\nZoé;Núñez;\r\nAna;;\r\n;;x@b.co\r\nzoé;núñez;\r\n'
  await writeFile(file, list, 'latin1')
  const { stdout } = await tertulia(server.data, ['users', 'import', file, '#curso'])
  const [first = '', ...others] = stdout.trimEnd().split('\n')
  assert.match(first, /^zoe\.nunez\tZoé María Núñez Ávila\t(?:[a-z2-9]{4}-){2}[a-z2-9]{4}$/)
  assert.match(others[0] ?? '', /^zoe\.nunez2\tZoé Núñez\t/)
  assert.equal(others[1], 'ana\tAna\tya tenía cuenta')
  assert.match(others[2] ?? '', /El nombre completo/)
  assert.equal(others[3], 'zoe.nunez2\tzoé núñez\trepite la fila 2')
  assert.equal((await tertulia(server.data, ['users', 'import', file, '#curso'])).stdout, stdout)
  const body = { username: 'zoe.nunez', password: first.split('\t')[2], newPassword: PASSWORD }
  const { token } = (await server.web.ask('POST', '/session', body)).body
  const { body: listed } = await server.web.with(token).ask('GET', '/rooms')
  const names: string[] = listed.mine.map((room: { name: string }) => room.name)
  assert.deepEqual(names.toSorted(), ['curso', 'general'])
})
