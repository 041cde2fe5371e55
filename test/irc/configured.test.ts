// Settings of the IRC door.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { impatient, quickHashes, shortWaits } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc, plain } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { ROOT } from '../tools/root.ts'
import { cleanEnvironment, startServer, temporaryFolder } from '../tools/server.ts'
import { quickServer } from './quick-server.ts'

test('the server and the network have the configured names and message of the day', async t => {
  const motd = join(await folder(t), 'motd.txt')
  await writeFile(motd, 'Bienvenidas todas.\n\n  La clase empieza a las ocho.\n')
  const server = await quickServer(t, {
    args: ['--irc-network', 'Tadeo', '--irc-host', 'irc.utadeo.edu.co', '--irc-motd', motd],
  })
  using ana = await Irc.register(server.port, 'ana')
  const heard = ana.lines.map(bare)
  assert.ok(heard.includes(':irc.utadeo.edu.co 001 ana :Welcome to the Tadeo Network, ana'))
  assert.ok(heard.some(line => / 005 ana .*\bNETWORK=Tadeo\b/.test(line)))
  const greeting = heard.filter(line => / 37[256] /.test(line)).map(line => line.split(' 37')[1])
  assert.deepEqual(greeting, [
    '5 ana :- irc.utadeo.edu.co Message of the day - ',
    '2 ana :- Bienvenidas todas.',
    '2 ana :- ',
    '2 ana :-   La clase empieza a las ocho.',
    '6 ana :End of /MOTD command.',
  ])
})

test('the server’s password is needed without an account', async t => {
  const server = await quickServer(t, { args: ['--irc-password', 'ábrete: sésamo'] })
  using stranger = await Irc.connect(server.port)
  stranger.send('NICK eva', 'USER eva 0 * :Eva')
  await stranger.expect(/ 464 eva :Hace falta la contraseña del servidor \(PASS\), o una cuenta \(SASL\)\.$/)
  await stranger.expect(/^ERROR :Hace falta la contraseña del servidor/)
  await stranger.closed

  using guesser = await Irc.connect(server.port)
  guesser.send('PASS sésamo', 'NICK eva', 'USER eva 0 * :Eva')
  await guesser.expect(/ 464 eva /)
  await guesser.closed

  using ana = await Irc.connect(server.port)
  ana.send('PASS :ábrete: sésamo', 'NICK ana', 'USER ana 0 * :Ana')
  await ana.expect(/ 001 ana /)
  ana.send(`REGISTER * * ${PASSWORD}`)
  await ana.expect(/ REGISTER SUCCESS ana /)

  using again = await Irc.connect(server.port)
  again.send(`PASS ana:${PASSWORD}`, 'NICK ana', 'USER ana 0 * :Ana')
  await again.expect(/ 001 ana /)
  using sasl = await Irc.logIn(server.port, 'ana')
  assert.ok(sasl.lines.some(line => / 001 ana /.test(line)))
})

test('the server’s password can be guessed no faster than codes; accounts still log in', async () => {
  await using server = await openServer({
    edits: [
      ...[...quickHashes, impatient, shortWaits],
      { file: 'core/limits/throttles.ts', from: 'codes: { capacity: 100,', to: 'codes: { capacity: 3,' },
    ],
    args: ['--irc-password', 'girasol'],
  })
  await server.web.register('ana')
  const pass = async (said: string, wanted: RegExp, nick = 'eva') => {
    using irc = await Irc.connect(server.port)
    irc.send(`PASS ${said}`, `NICK ${nick}`, `USER ${nick} 0 * :${nick}`)
    await irc.expect(wanted)
  }
  for (let i = 0; i < 5; i++) await pass('girasol', / 001 eva /)
  for (let i = 0; i < 3; i++) await pass(`x${i}`, / 464 eva /)
  await pass('girasol', /^ERROR :Demasiados intentos fallidos\./)
  await pass(PASSWORD, / 001 ana /, 'ana')
  await pass(`ana:${PASSWORD}`, / 001 ana /)
})

test('names of new accounts may be shorter by decree; older ones stay', async t => {
  const server = await quickServer(t, { args: ['--irc-nick-length', '9'] })
  await server.web.register('maximiliana')
  using long = await Irc.logIn(server.port, 'maximiliana')
  assert.ok(long.lines.some(line => / 005 .*\bNICKLEN=9\b/.test(line)))
  using eva = await Irc.connect(server.port)
  eva.send('CAP REQ standard-replies', 'NICK evangelina', 'USER eva 0 * :Eva', `REGISTER * * ${PASSWORD}`)
  await eva.expect(/ FAIL REGISTER BAD_ACCOUNT_NAME evangelina :/)
  eva.send('CAP END', 'NICK eva', `REGISTER * * ${PASSWORD}`)
  await eva.expect(/ REGISTER SUCCESS eva /)
})

test('REGISTER only when the connection is complete, or not at all', async t => {
  const after = await quickServer(t, { args: ['--irc-register', 'after'] })
  using ana = await Irc.connect(after.port)
  ana.send('CAP LS 302')
  await ana.expect(/draft\/account-registration=custom-account-name /)
  ana.send('CAP REQ standard-replies', 'NICK ana', 'USER ana 0 * :Ana', `REGISTER * * ${PASSWORD}`)
  await ana.expect(/ FAIL REGISTER COMPLETE_CONNECTION_REQUIRED :/)
  ana.send('CAP END')
  await ana.expect(/ 376 /)
  ana.send(`REGISTER * * ${PASSWORD}`)
  await ana.expect(/ REGISTER SUCCESS ana /)

  const off = await quickServer(t, { args: ['--irc-register', 'off'] })
  using beto = await Irc.connect(off.port)
  const offered = (await beto.ask('CAP LS 302', 'NICK beto', 'USER beto 0 * :Beto')).join()
  assert.match(offered, / CAP \S+ LS /)
  assert.doesNotMatch(offered, /account-registration/)
  assert.match(
    (await beto.ask('CAP REQ draft/account-registration')).join(),
    / NAK draft\/account-registration$/,
  )
  assert.match(
    (await beto.ask('CAP REQ standard-replies', `REGISTER * * ${PASSWORD}`)).join(),
    / FAIL REGISTER TEMPORARILY_UNAVAILABLE beto :/,
  )
})

test('REGISTER may require an e-mail address, which only admins see', async t => {
  const server = await quickServer(t, { args: ['--irc-email', 'required'] })
  using ana = await Irc.connect(server.port)
  ana.send('CAP LS 302', 'CAP REQ standard-replies', 'NICK ana', 'USER ana 0 * :Ana')
  await ana.expect(/draft\/account-registration=before-connect,email-required,custom-account-name/)
  ana.send(`REGISTER * * ${PASSWORD}`)
  await ana.expect(/ FAIL REGISTER INVALID_EMAIL ana :/)
  ana.send(`REGISTER * ana@ ${PASSWORD}`)
  await ana.expect(/ FAIL REGISTER INVALID_EMAIL ana :/)
  ana.send(`REGISTER * ana@example.org ${PASSWORD}`)
  await ana.expect(/ REGISTER SUCCESS ana /)
  const owner = await server.web.logIn('ana')
  await server.web.register('beto')
  const { people } = (await owner.do('GET', '/people')) as { people: { email: string }[] }
  assert.deepEqual(
    people.map(({ email }) => email),
    ['ana@example.org', ''],
  )
})

test('REGISTER without a needed code asks for it and tells nothing of accounts: VERIFY', async t => {
  const server = await quickServer(t, { args: ['--registration', 'invite'] })
  await server.register('ana')
  const owner = await server.web.logIn('ana')
  const { code } = (await owner.do('POST', '/invitations', { uses: 1 })) as { code: string }
  using beto = await Irc.connect(server.port)
  beto.send('CAP LS 302', 'CAP REQ standard-replies', 'NICK beto', 'USER beto 0 * :Beto')
  beto.send('REGISTER ana * secreto', 'VERIFY ana zzzz')
  await beto.expect(/ REGISTER VERIFICATION_REQUIRED ana :/)
  await beto.expect(/ FAIL VERIFY INVALID_CODE ana :/)
  beto.send(`VERIFY ana ${code}`)
  await beto.expect(/ FAIL VERIFY ACCOUNT_EXISTS ana :/)
  beto.send(`REGISTER * * ${PASSWORD}`)
  await beto.expect(/ REGISTER VERIFICATION_REQUIRED beto :.*VERIFY beto código$/)
  beto.send('VERIFY beto zzzz')
  await beto.expect(/ FAIL VERIFY INVALID_CODE beto :/)
  beto.send('VERIFY carlos zzzz')
  await beto.expect(/ FAIL VERIFY INVALID_CODE carlos :/)
  beto.send(`VERIFY beto ${code}`)
  await beto.expect(/ VERIFY SUCCESS beto :/)
  await beto.expect(/ 900 beto \S+ beto :/)
  beto.send('CAP END')
  await beto.expect(/ 001 beto /)
})

test('OPER by a password of the configuration, KILL, WALLOPS and the user modes', async t => {
  const server = await quickServer(t, { args: ['--irc-operators', `root:${await hash('llave maestra')}`] })
  using ana = await Irc.register(server.port, 'ana') // the first account owns the server
  using beto = await Irc.register(server.port, 'beto')
  using caro = await Irc.register(server.port, 'caro')
  assert.match((await beto.ask('OPER root llave')).join(), / 464 beto /)
  assert.match((await beto.ask('OPER nadie llave maestra')).join(), / 464 beto /)
  assert.match((await beto.ask('KILL caro :fuera')).join(), / 481 beto /)
  assert.match((await beto.ask('WALLOPS :hola')).join(), / 481 beto /)
  const opered = (await beto.ask('OPER root :llave maestra')).join('\n')
  assert.match(opered, / 381 beto :/)
  assert.match(opered, /^:beto!\S+ MODE beto \+o$/m)
  assert.match((await beto.ask('MODE beto')).join(), / 221 beto \+io$/)
  assert.match((await caro.ask('WHOIS beto')).join(), / 313 caro beto :/)

  assert.match((await caro.ask('MODE caro +w')).join(), /^:caro!\S+ MODE caro \+w$/)
  assert.match((await ana.ask('MODE ana +wz')).join('\n'), / 501 ana /)
  ana.send('MODE ana -w')
  beto.send('WALLOPS :se apaga a las diez')
  await caro.expect(/^(@\S+ )?:beto!\S+ WALLOPS :se apaga a las diez$/)
  assert.ok(!(await ana.settled()).some(line => line.includes('WALLOPS')))
  assert.match((await beto.ask('WALLOPS :')).join(), / 461 beto WALLOPS :/)

  beto.send('KILL caro :no son horas')
  await caro.expect(/^(@\S+ )?:beto!\S+ KILL caro :Desconectado por beto \(no son horas\)$/)
  await caro.expect(/^:caro!\S+ QUIT :Desconectado por beto \(no son horas\)$/)
  await caro.expect(/^ERROR :Desconectado por beto \(no son horas\)$/)
  await caro.closed
  await ana.expect(/:caro!\S+ QUIT :Desconectado por beto \(no son horas\)$/)
  assert.match((await beto.ask('KILL nadie')).join(), / 401 beto nadie :/)
  await server.web.register('web')
  assert.match((await beto.ask('KILL web')).join(), / 401 beto web :/, 'not by this door')
  assert.match((await beto.ask('MODE beto -o')).join(), /^:beto!\S+ MODE beto -o$/)
  assert.match((await beto.ask('KILL ana :x')).join(), / 481 beto /)

  // The owner is an operator by their account.
  assert.match((await ana.ask('OPER ana da-igual')).join('\n'), / 381 ana :/)
  assert.match((await ana.ask('REHASH')).join('\n'), / FAIL REHASH CANNOT_REHASH :/)
})

test('without operators in the configuration OPER is for admins alone', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  assert.match((await beto.ask('OPER root x')).join(), / 491 beto /)
  assert.match((await ana.ask('OPER ana x')).join('\n'), / 381 ana /)
})

test('impossible settings are reported by name, without secrets', async t => {
  const data = await folder(t)
  const refused = async (...args: string[]) => {
    const { stderr } = await run(args).catch(error => error as { stderr: string })
    return stderr
  }
  assert.match(
    await refused('--irc-network', 'dos palabras'),
    /^--irc-network no puede ser «dos palabras»: una palabra/,
  )
  assert.match(await refused('--irc-host', 'sinpunto'), /^--irc-host no puede ser «sinpunto»/)
  assert.match(await refused('--irc-nick-length', '3'), /de 9 a 32/)
  assert.match(await refused('--irc-operators', 'root:llave'), /^--irc-operators no puede ser/)
  assert.match(await refused('--irc-register', 'nunca'), /before, after u off/)
  assert.match(
    await refused('--listen', 'gopher://127.0.0.1'),
    /^--listen no puede ser «gopher:\/\/127.0.0.1»/,
  )
  assert.match(await refused('--listen', 'ircs://127.0.0.1:6697'), /hace falta un certificado/)
  assert.match(await refused('--listen', 'irc://127.0.0.1:6667?proxy'), /--trusted-proxies/)
  assert.match(await refused('--listen', 'irc://0.0.0.0:6667'), /En 0.0.0.0 entran otras máquinas/)
  assert.match(await refused('--irc-sts', '30', '--tls', 'self-signed'), /^--irc-sts hace que los clientes/)
  assert.match(
    await refused('--irc-motd', '/no/hay/tal', '--data', data),
    /No se puede leer el mensaje del día \/no\/hay\/tal: no existe/,
  )
  const { stdout } = await run([
    'config',
    '--irc-password',
    'secretísima',
    '--irc-operators',
    `root:${await hash('x')}`,
  ])
  assert.doesNotMatch(stdout, /secretísima|argon2/)
  assert.match(stdout, /^irc-password = …\t\(--irc-password\)$/m)
  assert.match(stdout, /^irc-operators = root\t/m)
})

test('operators and listeners stand in the file as TOML has tables and arrays', async t => {
  const data = await folder(t)
  const toml = [
    'listen = ["irc://127.0.0.1:0", "irc+ws://127.0.0.1:0"]',
    'irc-guests = true',
    '[irc-operators]',
    `root = "${await hash('llave')}"`,
  ]
  await writeFile(join(data, 'tertulia.toml'), toml.join('\n'))
  await using server = await startServer({ data }) // the server's working directory
  using eva = await Irc.connect(server.port)
  eva.send('NICK eva', 'USER eva 0 * :Eva')
  await eva.expect(/ 001 eva /)
  assert.match((await eva.ask('OPER root llave')).join(), / 381 eva /)
})

test('SCRAM is offered, and PLAIN still works', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  assert.ok(ana.lines.some(line => / LS .*\bsasl=PLAIN,SCRAM-SHA-256\b/.test(line)))
  using again = await Irc.connect(server.port)
  again.send('CAP REQ sasl', 'NICK ana', 'USER ana 0 * :Ana', 'AUTHENTICATE plain')
  await again.expect('AUTHENTICATE +')
  again.send(`AUTHENTICATE ${plain('ana', PASSWORD)}`)
  await again.expect(/ 903 /)
})

test('a password that is no UTF-8 is no password, by SASL PLAIN and on the command line', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  assert.ok(ana.lines.length > 0)
  using again = await Irc.connect(server.port)
  again.send('CAP REQ sasl', 'NICK ana', 'USER ana 0 * :Ana', 'AUTHENTICATE PLAIN')
  await again.expect('AUTHENTICATE +')
  again.send(`AUTHENTICATE ${Buffer.from('\0ana\0\xf1\xf1\xf1', 'latin1').toString('base64')}`)
  await again.expect(/ 904 /)
  const asked = run(['hash'])
  asked.child.stdin?.end(Buffer.from('\xf1\xf1\n', 'latin1'))
  const { stderr } = await asked.catch((error: { stderr: string }) => error)
  assert.equal(
    stderr,
    'Esa contraseña no llegó en UTF-8, y no se puede saber cuál es. Pon tu terminal en UTF-8 e intenta de nuevo.\n',
  )
})

async function folder(t: TestContext): Promise<string> {
  const made = await temporaryFolder()
  t.after(() => rm(made, { recursive: true, force: true }))
  return made
}

async function hash(password: string): Promise<string> {
  const child = run(['hash'])
  child.child.stdin?.end(`${password}\n`)
  return (await child).stdout.trim()
}

function run(args: readonly string[]) {
  return promisify(execFile)(process.execPath, [join(ROOT, 'src/cli/main.js'), '--lang', 'es', ...args], {
    env: cleanEnvironment(),
    cwd: '/',
  })
}
