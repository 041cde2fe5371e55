import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import type { Message } from '../../src/wire/schemas.ts'
import { noRest, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { registerByKeys, type } from '../tools/keys.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { ROOT } from '../tools/root.ts'
import { cleanEnvironment, type Server, startServer } from '../tools/server.ts'
import { Terminal } from '../tools/tmux.ts'

function chat(server: Server, size = {}): Promise<Terminal> {
  return Terminal.run(`'${process.execPath}' src/clients/terminal/main.ts --port ${server.port}`, size)
}

async function logIn(terminal: Terminal, username: string): Promise<void> {
  for (const [question, answer] of [
    ['Registrarte?:', '1'],
    ['usuario:', username],
    ['contraseña:', PASSWORD],
  ] as const) {
    await terminal.expect(new RegExp(`${question.replace('?', '\\?')}\\s*$`))
    await terminal.line(answer)
  }
  await terminal.expect('Bienvenido')
}

/** Somebody with an account, who is not in. */
async function known(server: Server, username: string): Promise<void> {
  const client = await server.register(username)
  client.say('salir')
  await client.closed
}

describe('the terminal client', { skip: lacking('tmux') }, () => {
  test('what comes in goes above the line being typed, which stays whole', async () => {
    await using server = await openServer()
    await known(server, 'ana')
    const beto = await server.register('beto')
    await using terminal = await chat(server, { columns: 40 })
    await logIn(terminal, 'ana')
    const typed = 'una línea larga que no cabe en una sola fila de esta terminal tan angosta'
    await terminal.type(typed)
    await terminal.expect('angosta')
    beto.say('interrumpo')
    beto.say('y vuelvo a interrumpir con algo que tampoco cabe en una fila')
    await terminal.expect(/interrumpo\n.*interrumpir/)
    const screen = await terminal.screen()
    assert.ok(screen.replaceAll('\n', '').trimEnd().endsWith(typed), screen)
    assert.equal(screen.split('una línea').length, 2, `the line stands once:\n${screen}`)
    await terminal.press('Enter')
    await beto.expect(`ana: ${typed}\n`)
    // What is typed here is Markdown, and plain in netcat.
    const { messages } = await (await server.web.logIn('ana')).do('GET', '/rooms/1/messages')
    const formats = messages.map((each: Message) => `${each.author.username} ${each.format}`)
    assert.deepEqual(formats, ['beto plain', 'beto plain', 'ana markdown'])
  })

  test('files of this machine are sent, and those of messages saved beside each other', async () => {
    await using server = await openServer({ edits: [noRest, ...quickHashes] })
    await known(server, 'ana')
    const beto = await server.register('beto')
    await using made = await mkdtempDisposable(join(tmpdir(), 'tertulia-'))
    const folder = made.path
    const bytes = randomBytes(3_000_000)
    await writeFile(join(folder, 'el loro.bin'), bytes)
    await using terminal = await chat(server, { columns: 200 })
    await logIn(terminal, 'ana')
    await terminal.line(`/enviar '${join(folder, 'el loro.bin')}'`)
    await beto.expect('ana: el loro.bin (3 MB) http://localhost:')
    await terminal.expect('ana: el loro.bin (3 MB) http://localhost:')
    for (const saved of ['el loro (1).bin', 'el loro (2).bin']) {
      await terminal.line(`/bajar 1 ${folder}`)
      await terminal.expect(`* Guardado: ${join(folder, saved)}`)
      assert.deepEqual(await readFile(join(folder, saved)), bytes)
    }
    await terminal.line(`/send ${join(folder, 'nada')}`)
    await terminal.expect(`* En esta máquina no hay ningún archivo ${join(folder, 'nada')}`)
    await terminal.line('/bajar')
    await terminal.expect('Uso: /bajar <#> [carpeta]')
    await terminal.line('/bajar 99')
    await terminal.expect('No hay ningún mensaje con ese número')
    await terminal.line('/download 1 /dev/full/x')
    await terminal.expect('* No se pudo: ENOTDIR')
    await terminal.line('/pegar')
    await terminal.line(`/enviar ${folder}/nada`)
    await terminal.line('.')
    await beto.expect(`ana: /enviar ${folder}/nada\n`)
    const screen = await terminal.screen()
    assert.doesNotMatch(screen, /\/u\/|key=/, 'links that programs ask for are not shown')
  })

  test('arrow keys bring back what was said, never a name or a password', async () => {
    await using server = await openServer({ edits: [noRest, ...quickHashes] })
    await known(server, 'ana')
    const beto = await server.register('beto')
    await using terminal = await chat(server)
    await logIn(terminal, 'ana')
    await terminal.line('primera')
    await terminal.line('segunda')
    await terminal.press('Up', 'Up', 'Enter')
    await beto.expect('ana: primera\nana: segunda\nana: primera\n')
    for (let i = 0; i < 6; i++) await terminal.press('Up')
    await terminal.line('fin')
    await beto.expectExactly('ana: fin\n')
    assert.ok(!(await terminal.screen()).includes(PASSWORD))
  })

  test('the passwords that /clave asks for are not shown, nor brought back', async () => {
    await using server = await openServer()
    await known(server, 'ana')
    await using terminal = await chat(server)
    await logIn(terminal, 'ana')
    await terminal.line('/clave')
    await terminal.expect('Contraseña actual:')
    await terminal.line(PASSWORD)
    await terminal.expect('Contraseña nueva:')
    await terminal.line('otraclave')
    await terminal.expect('La contraseña cambió')
    for (let i = 0; i < 3; i++) await terminal.press('Up')
    const screen = await terminal.screen()
    assert.ok(!screen.includes(PASSWORD) && !screen.includes('otraclave'), screen)
  })

  for (const key of ['C-c', 'C-d']) {
    test(`${key} leaves cleanly`, async () => {
      await using server = await openServer({ edits: [noRest] })
      await known(server, 'ana')
      const beto = await server.register('beto')
      await using terminal = await chat(server)
      await logIn(terminal, 'ana')
      await beto.expect('Usuario ana se ha conectado.\n')
      await terminal.press(key)
      await terminal.expect('Usuario ana se ha desconectado.\nexit 0')
      await beto.expect('Usuario ana se ha desconectado.\n')
    })

    test(`${key} at a question leaves silently`, async () => {
      await using server = await openServer()
      await using terminal = await chat(server)
      await terminal.expect('Registrarte?:')
      await terminal.press(key)
      await terminal.expect('exit 0')
    })
  }

  test('when the server goes away it says so and ends', async () => {
    await using server = await startServer()
    await known(server, 'ana')
    await using terminal = await chat(server)
    await logIn(terminal, 'ana')
    await server.kill()
    await terminal.expect('El servidor cerró la conexión.\nexit 1')
  })
})

test('whatever a hostile server sends, the terminal is not moved', async () => {
  const hostile = createServer(socket => void socket.end('\x1b[2J\x1b]0;robado\x07hola \u202eoculto\n'))
  await new Promise<void>(resolve => hostile.listen(0, '127.0.0.1', resolve))
  const address = hostile.address()
  const port = typeof address === 'object' ? address?.port : 0
  const client = spawn(
    process.execPath,
    ['src/clients/terminal/main.ts', '--port', `${port}`, '--host', '127.0.0.1'],
    {
      cwd: ROOT,
      env: cleanEnvironment(),
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  )
  assert.equal(await text(client.stdout), '␛[2J␛]0;robado␇hola oculto\n')
  client.stdin.end()
  hostile.close()
})

test('without a server: one line that says how to start one, exit 1', async () => {
  const client = spawn(process.execPath, ['src/clients/terminal/main.ts', '--port', '1'], {
    cwd: ROOT,
    env: cleanEnvironment(),
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const said = await text(client.stderr)
  assert.match(said, /^No se pudo conectar con localhost:1 \(ECONNREFUSED\)\. .*npm start\n$/)
  assert.equal(client.exitCode ?? (await new Promise(resolve => client.once('close', resolve))), 1)
})

test('a pipe whose server dies says so, exit 1', async () => {
  await using server = await startServer()
  const client = spawn(process.execPath, ['src/clients/terminal/main.ts', '--port', `${server.port}`], {
    cwd: ROOT,
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  client.stdout.on('data', chunk => {
    said += chunk
  })
  await patiently(
    () => said.includes('Registrarte?'),
    () => 'no menu',
  )
  await server.kill()
  assert.match(await text(client.stderr), /El servidor cerró la conexión/)
})

describe('telnet', { skip: lacking('telnet', 'nc', 'tmux') }, () => {
  test('a telnet that negotiates hides the password, and talks', async () => {
    await using server = await openServer()
    const beto = await server.register('beto')
    // With a minus before the port, telnet introduces itself.
    await using terminal = await Terminal.run(`telnet -- 127.0.0.1 -${server.port}`)
    const answers = [
      ['Registrarte?:', '2'],
      ['completo:', 'Ana'],
      ['usuario:', 'ana'],
      ['contraseña:', PASSWORD],
    ] as const
    for (const [question, answer] of answers) {
      await terminal.expect(question)
      await terminal.line(answer)
    }
    await terminal.expect('Registro exitoso. Bienvenido Ana!')
    await terminal.line('hola desde telnet')
    await beto.expect('ana: hola desde telnet\n')
    beto.say('te leo')
    await terminal.expect('beto: te leo')
    assert.ok(!(await terminal.screen()).includes(PASSWORD), await terminal.screen())
    await terminal.line('salir')
    await terminal.expect('Usuario ana se ha desconectado.')
  })

  test('a telnet that does not introduce itself is a bare socket', async () => {
    await using server = await openServer()
    const beto = await server.register('beto')
    await using terminal = await Terminal.run(`telnet 127.0.0.1 ${server.port}`)
    for (const [question, answer] of [
      ['Registrarte?:', '2'],
      ['completo:', 'Ana'],
      ['usuario:', 'ana'],
      ['contraseña:', 'x1'],
    ] as const) {
      await terminal.expect(question)
      await terminal.line(answer)
    }
    await terminal.expect('Registro exitoso')
    await terminal.line('hola')
    await beto.expect('ana: hola\n')
  })

  test('who sends each key as it is pressed sees what they type, takes back what was wrong, and hides the password', async () => {
    const keys = { file: 'doors/line/editor.ts', set: { APART_MS: 0 } }
    await using server = await openServer({ edits: [...quickHashes, keys] })
    const beto = await server.register('beto')
    await using terminal = await Terminal.run(`stty raw -echo; nc 127.0.0.1 ${server.port}`)
    await registerByKeys(terminal, 'Ana Luna')
    await type(terminal, 'hola mundo cruel')
    await terminal.press('C-w')
    await type(terminal, 'feliz')
    await terminal.press('Enter')
    await beto.expect('ana: hola mundo feliz\n')
    beto.say('te leo')
    await terminal.expect('beto: te leo')
    const screen = await terminal.screen()
    for (const line of [
      '¿Deseas (1) Iniciar sesión o (2) Registrarte?: Ingrese su nombre completo: Ana Luna', // from before it was seen
      'Ingrese su nombre de usuario: ana',
      'Ingrese su contraseña:',
      'hola mundo feliz',
    ])
      assert.ok(screen.split('\n').includes(line), `${line} in\n${screen}`)
    assert.ok(!screen.includes(PASSWORD) && !screen.includes('^'), screen)
  })
})

test('a terminal that speaks no UTF-8: names and texts are read, its user is told once, a password is refused', {
  skip: !existsSync('/usr/bin/script') && 'needs script (util-linux)',
}, async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const command = `'${process.execPath}' src/clients/terminal/main.ts --port ${server.port}`
  const typist = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: ROOT,
    env: { ...cleanEnvironment(), TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let screen = ''
  typist.stdout.setEncoding('utf8').on('data', (more: string) => {
    screen += more
  })
  const shows = (wanted: string) =>
    patiently(
      () => screen.includes(wanted),
      () => `never shown: ${wanted}\n${screen}`,
    )
  const line = (text: string, encoding: BufferEncoding = 'latin1') =>
    typist.stdin.write(Buffer.from(`${text}\r`, encoding))
  try {
    await shows('Registrarte?: ')
    line('2')
    await shows('nombre completo: ')
    line('José Muñoz')
    await shows('se lee como Windows-1252')
    await shows('nombre de usuario: ')
    line('jose')
    await shows('contraseña: ')
    line('ñañañaña')
    await shows('no llegó en UTF-8')
    screen = ''
    line('2')
    await shows('nombre completo: ')
    line('José Muñoz', 'utf8')
    await shows('nombre de usuario: ')
    line('jose')
    await shows('contraseña: ')
    line('ñañañaña', 'utf8')
    await shows('Bienvenido José Muñoz!')
    line('¿qué tal?')
    await ana.expect('jose: ¿qué tal?\n')
    typist.stdin.write(Buffer.of(0xa4)) // ñ of CP850
    line('u')
    await ana.expect('jose: ñu\n')
    assert.doesNotMatch(screen, /se lee como/, 'it was told')
  } finally {
    typist.kill()
  }
})
