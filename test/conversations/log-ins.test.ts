// Whoever shows the right password and can't come in all the same is told the true reason, in every door.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import { type Edit, impatient, quickHashes, shortWaits } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { Irc, plain } from '../tools/irc-client.ts'
import { MENU, PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { temporaryFolder } from '../tools/server.ts'

const FULL = 'El disco del servidor está lleno: no se puede guardar nada.'

/** The disk is full whenever a session of this one is to be stored. */
const FULL_FOR_LENA: readonly Edit[] = [
  {
    file: 'core/sessions/connections.ts',
    from: "    if (typeof credential === 'string') return",
    to: "    if (person.username === 'lena') refuse('store-full')\n    if (typeof credential === 'string') return",
  },
  {
    file: 'core/sessions/authentication.ts',
    from: "import { checkName } from '../model/rules.ts'\n",
    to: "import { refuse } from '../model/refusals.ts'\nimport { checkName } from '../model/rules.ts'\n",
  },
  {
    file: 'core/sessions/authentication.ts',
    from: '    const started = await store.sessions.begin(wanted)\n',
    to: "    if (person.username === 'lena') refuse('store-full')\n    const started = await store.sessions.begin(wanted)\n",
  },
]

test('a full disk is a full disk to who logs in, and no wrong password', async () => {
  await using server = await openServer({ edits: [...quickHashes, impatient, ...FULL_FOR_LENA] })
  const lena = { name: 'Lena', username: 'lena', password: PASSWORD }
  const registered = await server.web.ask('POST', '/people', lena)
  assert.deepEqual([registered.status, registered.body.code], [507, 'store-full'])

  const line = await server.connect()
  await line.answer(MENU, '1')
  await line.answer('Ingrese su nombre de usuario: ', 'lena')
  await line.answer('Ingrese su contraseña: ', PASSWORD)
  await line.expect(`${FULL}\n`)

  const web = await server.web.ask('POST', '/session', { username: 'lena', password: PASSWORD })
  assert.deepEqual([web.status, web.body.title], [507, FULL])

  using sasl = await Irc.connect(server.port)
  sasl.send('CAP REQ sasl', 'NICK lena', 'USER lena 0 * :Lena', 'AUTHENTICATE PLAIN')
  sasl.send(`AUTHENTICATE ${plain('lena', PASSWORD)}`)
  await sasl.expect(/ 903 /)
  sasl.send('CAP END')
  await sasl.expect(`ERROR :${FULL}`)
  assert.doesNotMatch(sasl.lines.join('\n'), / 464 /)

  using pass = await Irc.connect(server.port)
  pass.send(`PASS ${PASSWORD}`, 'NICK lena', 'USER lena 0 * :Lena')
  await pass.expect(`ERROR :${FULL}`)
  assert.doesNotMatch(pass.lines.join('\n'), / 464 /)

  using late = await Irc.connect(server.port)
  late.send('CAP REQ sasl', 'NICK otra', 'USER otra 0 * :Otra', 'CAP END')
  await late.expect(/ 376 /)
  late.send('AUTHENTICATE PLAIN', `AUTHENTICATE ${plain('lena', PASSWORD)}`)
  assert.match(await late.expect(/ 904 /), new RegExp(`:${FULL}$`))
  late.send(`PRIVMSG NickServ :IDENTIFY lena ${PASSWORD}`)
  await late.expect(new RegExp(`^:NickServ!.* NOTICE otra :${FULL}$`))
  assert.doesNotMatch(late.lines.join('\n'), / 90[03] /)

  using wrong = await Irc.connect(server.port)
  wrong.send('PASS falsa', 'NICK lena', 'USER lena 0 * :Lena')
  await wrong.expect(/ 464 lena :Credenciales incorrectas/)
})

test('who has logged in from there before a restart gets in, whoever guesses from the same address', async t => {
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true }))
  const edits = [...quickHashes, shortWaits]
  {
    await using server = await openServer({ data, edits })
    await server.web.register('ana')
  }
  await using server = await openServer({ data, edits })
  const logIn = (username: string, password: string) =>
    server.web.ask('POST', '/session', { username, password })
  let over = false
  let held = 0
  const guessing = Array.from({ length: 60 }, async (_, i) => {
    while (!over) if ((await logIn(`nadie${i}`, 'no')).status === 429) held++
  })
  await patiently(
    () => held > 0,
    () => 'no guess was held back',
  )
  const { status } = await logIn('ana', PASSWORD)
  over = true
  await Promise.all(guessing)
  assert.equal(status, 201)
})

test('who registers behind sixty others of their address is told how long to wait, in every door', async () => {
  const slow: Edit = {
    file: 'core/limits/throttles.ts',
    from: 'registrations: { capacity: 60, perSecond: 1 / 10 }',
    to: 'registrations: { capacity: 60, perSecond: 1 / 10_000 }',
  }
  await using server = await openServer({ edits: [...quickHashes, slow] })
  const register = (username: string) =>
    server.web.ask('POST', '/people', { name: username, username, password: PASSWORD })
  const class_ = await Promise.all(Array.from({ length: 60 }, (_, i) => register(`p${i}`)))
  assert.deepEqual(new Set(class_.map(({ status }) => status)), new Set([201]))
  const wait = 'Espera 10 segundos e intenta de nuevo.'

  const { status, headers, body } = await register('ana')
  assert.deepEqual([status, headers.get('retry-after'), body.code], [429, '10', 'too-many-accounts'])
  assert.ok(body.title.endsWith(wait))

  const line = await server.connect()
  for (const each of ['2', 'Ana', 'ana', PASSWORD]) line.say(each)
  await line.expect(`${wait}\n`)

  using irc = await Irc.connect(server.port)
  irc.send('CAP REQ standard-replies', 'NICK ana', 'USER ana 0 * :Ana', 'CAP END')
  await irc.expect(/ 376 /)
  irc.send(`REGISTER * * ${PASSWORD}`)
  const failed = await irc.expect(/ FAIL REGISTER TEMPORARILY_UNAVAILABLE ana :/)
  assert.ok(failed.endsWith(wait), failed)
  irc.send(`PRIVMSG NickServ :REGISTER ${PASSWORD}`)
  await irc.expect(/^:NickServ!.* NOTICE ana :Desde tu red/)
})
