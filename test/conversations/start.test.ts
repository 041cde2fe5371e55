import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { HASHES_AT_ONCE } from '../../src/cli/thread-pool.ts'
import { patiently } from '../tools/patiently.ts'
import {
  cleanEnvironment,
  type ServerOptions,
  ServerProcess,
  startServer,
  temporaryFolder,
} from '../tools/server.ts'

/** Starts a server that must refuse, with exit code 1 and one line on stderr. @returns that line */
async function refusal(options: ServerOptions): Promise<string> {
  await using server = await ServerProcess.spawn(options)
  assert.equal(await server.exited, 1)
  assert.equal(server.console, '')
  assert.match(server.errors, /^[^\n]+\n$/)
  return server.errors
}

interface Cleaning {
  after(clean: () => Promise<void>): void
}

async function folder(t: Cleaning): Promise<string> {
  const made = await temporaryFolder()
  t.after(() => rm(made, { recursive: true, force: true }))
  return made
}

test('the console says where to join, where the data is, and who will own the server', async () => {
  await using server = await startServer()
  await server.expect('dueña')
  const { port } = server
  assert.equal(
    server.console,
    [
      `Servidor escuchando en 127.0.0.1:${port}`,
      `Para entrar: http://localhost:${port}`,
      `Para entrar: nc localhost ${port}`,
      `Para entrar: npm run chat -- --port ${port}`,
      `Los datos están en ${server.database}`,
      'La primera cuenta que se registre será la dueña del servidor.\n',
    ].join('\n'),
  )
})

test('a server can be stopped as soon as it has said where it listens', async () => {
  for (let i = 0; i < 4; i++) {
    await using server = await startServer()
    assert.equal(await server.stop(), 0)
  }
})

test('few threads hash passwords, since each keeps the memory that it took', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, async () => {
  await using server = await startServer()
  for (const username of ['ana', 'beto', 'caro', 'dora']) await server.register(username)
  const tasks = `/proc/${server.pid}/task`
  const names = readdirSync(tasks).map(task => readFileSync(join(tasks, task, 'comm'), 'utf8'))
  assert.equal(names.filter(name => name === 'libuv-worker\n').length, HASHES_AT_ONCE + 1)
})

/** Makes the first page of a table unreadable. */
function damage(path: string, table: string): void {
  using database = new DatabaseSync(path, { readOnly: true })
  const root = Number(
    database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)?.rootpage,
  )
  const bytes = readFileSync(path)
  const size = bytes.readUInt16BE(16)
  writeFileSync(path, bytes.fill(0xff, (root - 1) * size, (root - 1) * size + 8))
}

test('a file that is damaged where it is read first stops the start with a sentence', async t => {
  const data = await folder(t)
  {
    await using server = await startServer({ data })
    await server.register('ana')
    assert.equal(await server.stop(), 0)
    damage(server.database, 'sessions')
  }
  await using server = await ServerProcess.spawn({ data })
  assert.equal(await server.exited, 1)
  assert.match(
    server.errors,
    /chat\.db está dañado\. Restaura una copia o elige otra carpeta con --data\.\n$/,
  )
})

test('a missing folder is created; only its owner may read the file', async t => {
  const data = join(await folder(t), 'aula', 'chat')
  await using server = await startServer({ data })
  assert.ok(existsSync(server.database))
  if (process.platform !== 'win32') assert.equal(statSync(server.database).mode & 0o777, 0o600)
})

test('the second start of a server knows its owner', async t => {
  const data = await folder(t)
  {
    await using server = await startServer({ data, edits: [] })
    await server.register('ana')
  }
  await using server = await startServer({ data, edits: [] })
  await server.logIn('ana')
  assert.ok(!server.console.includes('dueña'))
})

test('a port that is taken: the command with the next free one', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => other.once('listening', resolve))
  const address = other.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const said = await refusal({ args: ['--port', `${port}`] })
  other.close()
  const [, taken, next] =
    /El puerto (\d+) está ocupado\. Prueba con: npm start -- --port (\d+)/.exec(said) ?? []
  assert.equal(Number(taken), port, said)
  // Other tests take ports too: the very next may be somebody's.
  assert.ok(Number(next) > port && Number(next) <= port + 20, said)
})

test('each step of a start that fails says its one sentence, and leaves nothing behind', async t => {
  const data = await folder(t)
  const bad = join(data, 'malo.pem')
  {
    // With people and texts, so that all that a server does by itself has something to do.
    await using server = await startServer({ data })
    const ana = await server.register('ana')
    ana.say('hola')
    await server.register('beto')
  }
  const taken = createServer().listen(0, '127.0.0.1')
  t.after(async () => void taken.close())
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  writeFileSync(bad, 'esto no es un certificado')
  const steps: readonly [readonly string[], RegExp][] = [
    [['--irc-motd', 'nada.txt'], /mensaje del día nada\.txt: no existe\./],
    [['--tls-cert', 'nada.pem', '--tls-key', 'nada.pem'], /No se puede leer nada\.pem/],
    [['--tls-cert', bad, '--tls-key', bad], /malo\.pem/],
    [['--port', `${port}`], /está ocupado/],
    [['--host', '192.0.2.1', '--allow-plaintext'], /no tiene la dirección 192\.0\.2\.1/],
    [
      ['--listen', `irc://127.0.0.1:${port}`],
      /No se puede escuchar en irc:.*: ese puerto ya está en uso\.$/m,
    ],
    [
      ['--listen', `line://127.0.0.1:0,irc://127.0.0.1:${port}`],
      /No se puede escuchar en irc:.*: ese puerto ya está en uso\.$/m,
    ],
  ]
  for (const [args, sentence] of steps) {
    assert.match(await refusal({ data, args }), sentence)
    assert.ok(!existsSync(join(data, 'chat.db-wal')), `closed, after ${args.join(' ')}`)
  }
  await using server = await startServer({ data })
  await server.logIn('ana')
})

test('a second server on the same file', async () => {
  await using first = await startServer()
  assert.match(await refusal({ data: first.data }), /Otro servidor ya usa .*chat\.db/)
  await first.register('ana')
})

test('a folder that cannot be written', {
  skip: process.platform === 'win32' && 'POSIX permissions',
}, async t => {
  const data = await folder(t)
  if (process.getuid?.() === 0)
    return assert.match(await refusal({ data: '/proc/tertulia' }), /No se puede escribir/)
  chmodSync(data, 0o500)
  assert.match(await refusal({ data }), /No se puede escribir .*chat\.db/)
})

test('a file that is not a database', async t => {
  const data = await folder(t)
  writeFileSync(join(data, 'chat.db'), `no soy una base de datos ${'.'.repeat(4096)}`)
  assert.match(await refusal({ data }), /no es una base de datos/)
  assert.match(readFileSync(join(data, 'chat.db'), 'utf8'), /^no soy/, 'it is left as it was')
})

test('a database of another program, such as the lab’s own', async t => {
  const data = await folder(t)
  const lab = new DatabaseSync(join(data, 'chat.db'))
  lab.exec('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, username TEXT UNIQUE, password TEXT)')
  lab.close()
  assert.match(await refusal({ data }), /es de otro programa/)
})

test('a database from a newer version', async t => {
  const data = await folder(t)
  await using server = await startServer({ data })
  await server.kill()
  const newer = new DatabaseSync(server.database)
  newer.exec('PRAGMA user_version = 999')
  newer.close()
  assert.match(await refusal({ data }), /versión más nueva/)
})

test('settings: an unknown name or a bad value stops the start and is named', async t => {
  const data = await folder(t)
  assert.match(await refusal({ args: ['--prot', '1'] }), /No existe la opción --prot/)
  assert.match(
    await refusal({ args: ['--port', 'mil'] }),
    /--port no puede ser «mil»: un número de 0 a 65535/,
  )
  assert.match(await refusal({ args: ['--data'] }), /A --data le falta un valor/)
  assert.match(await refusal({ env: { TERTULIA_PROT: '1' } }), /No existe la clave TERTULIA_PROT/)
  assert.match(await refusal({ env: { TERTULIA_LANG: 'fr' } }), /TERTULIA_LANG no puede ser «fr»: es o en/)
  assert.match(
    await refusal({ args: ['--lang', 'en', '--port', '-1'] }),
    /--port .* a number from 0 to 65535/,
  )
  writeFileSync(join(data, 'tertulia.toml'), 'limites = false\n')
  assert.match(await refusal({ data }), /No existe la clave limites/)
  writeFileSync(join(data, 'tertulia.toml'), 'limits = \n')
  assert.match(await refusal({ data }), /No se puede leer tertulia\.toml/)
  assert.match(await refusal({ args: ['--config', 'nada.toml'] }), /No se puede leer nada\.toml/)
})

test('a public URL is an origin; trusted proxies are addresses and networks', async t => {
  const data = await folder(t)
  for (const url of [
    'chat.example.org',
    'https://chat.example.org/chat',
    'ftp://x',
    'https://ana@x',
    'https://x?y',
  ])
    assert.match(
      await refusal({ args: ['--public-url', url] }),
      /--public-url no puede ser .*: http:\/\/ o https/,
    )
  for (const proxies of ['localhost', '10.0.0.0/33', '10.0.0.1,', '::1/129', '10.0.0.0/8/8', 'fe80::1%eth0'])
    assert.match(await refusal({ args: ['--trusted-proxies', proxies] }), /--trusted-proxies no puede ser/)
  writeFileSync(join(data, 'tertulia.toml'), 'trusted-proxies = ["10.0.0.0/8", 7]\n')
  assert.match(await refusal({ data }), /trusted-proxies no puede ser .*: direcciones o redes/)
  writeFileSync(join(data, 'tertulia.toml'), 'trusted-proxies = ["10.0.0.0/8", "::1"]\n')
  await using server = await startServer({ data, args: ['--public-url', 'HTTPS://chat.example.org:443/'] })
  await server.expect('Para entrar: https://chat.example.org\n')
})

test('behind a proxy others can connect to a loopback address: with codes and long passwords', async () => {
  const args = ['--public-url', 'https://chat.example.org']
  assert.match(await refusal({ args: [...args, '--no-limits'] }), /--no-limits solo vale/)
  await using server = await startServer({ args })
  await server.expect(/este código: \w{8}\n/)
  const client = await server.connect()
  for (const line of ['2', 'Ana', 'ana', '1234', '']) client.say(line)
  assert.match(await client.expect('\n'), /entre 8 y 256/)
})

test('flags override the environment, which overrides the file', async t => {
  const data = await folder(t)
  writeFileSync(join(data, 'tertulia.toml'), 'lang = "en"\nlimits = true\n')
  {
    await using server = await startServer({ data })
    assert.match(server.console, /^Server listening/)
  }
  {
    await using server = await startServer({ data, env: { TERTULIA_LANG: 'es' } })
    assert.match(server.console, /^Servidor escuchando/)
  }
  await using server = await startServer({ data, env: { TERTULIA_LANG: 'es' }, args: ['--lang', 'en'] })
  assert.match(server.console, /^Server listening/)
})

test('beyond this machine: only when plaintext is allowed, with a code to register and long passwords', async () => {
  const ways = [
    /--tls-cert y --tls-key/,
    /--tls self-signed/,
    /--lan/,
    /--allow-plaintext/,
    /--host 127\.0\.0\.1/,
  ]
  const spanish = await refusal({ args: ['--host', '0.0.0.0'] })
  const english = await refusal({ args: ['--host', '0.0.0.0', '--lang', 'en'] })
  for (const way of ways) assert.match(spanish, way)
  for (const way of ways) assert.match(english.replace('and', 'y'), way)
  const open = ['--host', '0.0.0.0', '--allow-plaintext']
  assert.match(await refusal({ args: [...open, '--no-limits'] }), /--no-limits solo vale/)
  await using server = await startServer({ args: open })
  await server.expect(/este código: \w{8}\n/)
  const code = /código: (\w{8})/.exec(server.console)?.[1] ?? ''
  const client = await server.connect()
  const tryWith = async (password: string, typed: string) => {
    for (const line of ['2', 'Ana', 'ana', password, typed]) client.say(line)
    return client.expect('\n')
  }
  assert.match(await tryWith('corta', code), /entre 8 y 256/)
  assert.match(await tryWith('bastante larga', 'nada'), /Ese código no es válido/)
  assert.match(await tryWith('bastante larga', code.toUpperCase()), /Registro exitoso/)
})

test('--help, in the language that --lang names', async () => {
  await using spanish = await ServerProcess.spawn({ args: ['--help'] })
  assert.equal(await spanish.exited, 0)
  assert.match(spanish.console, /--port N +puerto/)
  await using english = await ServerProcess.spawn({ args: ['--help', '--lang', 'en'] })
  assert.equal(await english.exited, 0)
  assert.match(english.console, /--port N +port/)
})

async function smallDisk(t: Cleaning, size: string): Promise<string> {
  const made = await temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', made])
  t.after(async () => {
    execFileSync('umount', ['-l', made])
    await rm(made, { recursive: true })
  })
  return made
}

const canMount = process.platform === 'linux' && process.getuid?.() === 0

test('a full disk: the post is refused and its sender told; with room again it goes on', {
  skip: !canMount && 'needs root on Linux, to mount a small file system',
}, async t => {
  const data = await smallDisk(t, '2m')
  await using server = await startServer({ data, args: ['--no-limits'] })
  const beto = await server.register('beto')
  const ana = await server.register('ana')
  const full = 'El disco del servidor está lleno: no se puede guardar nada.\n'
  // Four times what fits, however much later the server says so.
  for (let i = 0; i < 2000 && !ana.heard.includes(full); i++) {
    ana.say(`${i} ${'x'.repeat(3900)}`)
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  const stored = () => {
    const database = new DatabaseSync(server.database, { readOnly: true })
    const texts = database.prepare('SELECT message FROM messages ORDER BY id').all()
    database.close()
    return texts.map(row => String(row.message))
  }
  await ana.expect(full)
  const isReady = async () => (await fetch(`${server.web.origin}/readyz`)).status === 200
  assert.equal(await isReady(), false)
  await server.expect('No queda espacio en el disco de ')
  const headers = { Authorization: `Bearer ${'x'.repeat(43)}` }
  assert.equal((await fetch(`${server.web.origin}/api/v1/session`, { headers })).status, 401)
  assert.equal(await isReady(), false, 'what only reads is told to have found room')
  execFileSync('mount', ['-o', 'remount,size=64m', data])
  await patiently(isReady, () => 'it does not notice that there is room') // though nobody says anything
  await server.expect('está bien otra vez')
  ana.say('hay lugar')
  await beto.expect('ana: hay lugar\n')
  const seen = [...beto.heard.matchAll(/^ana: (.*)$/gm)].map(match => match[1])
  assert.deepEqual(stored(), seen, 'what was stored was delivered, and the reverse')
})

/** Sets how long a file of the process may become: SQLite tells of it as it tells of a used-up quota. */
function limitFiles(pid: number, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', `${pid}`, `--fsize=${bytes}:unlimited`])
}

test('a used-up quota is a full disk: the server stays, and starts again only with room', {
  skip: process.platform !== 'linux' && 'needs Linux, to limit a running process',
}, async t => {
  const data = await folder(t)
  {
    await using server = await startServer({ data, args: ['--no-limits'] })
    const ana = await server.register('ana')
    limitFiles(server.pid, statSync(`${server.database}-wal`).size + 10_000)
    const full = 'El disco del servidor está lleno: no se puede guardar nada.\n'
    for (let i = 0; i < 20; i++) ana.say(`${i} ${'x'.repeat(3900)}`)
    await ana.expect(full)
    await server.expect('No queda espacio en el disco de ')
    const isReady = async () => (await fetch(`${server.web.origin}/readyz`)).status === 200
    assert.equal(await isReady(), false)
    limitFiles(server.pid, 'unlimited')
    await patiently(isReady, () => 'it does not notice that there is room')
    const beto = await server.register('beto')
    ana.say('hay lugar')
    await beto.expect('ana: hay lugar\n')
  }
  const file = new URL('../../src/cli/main.js', import.meta.url).pathname
  const { stderr } = spawnSync(
    'prlimit',
    ['--fsize=0', process.execPath, file, '--port', '0', '--data', data],
    { encoding: 'utf8', env: cleanEnvironment() },
  )
  assert.match(stderr, /^No queda espacio para /)
})

test('a full disk at the start', { skip: !canMount && 'needs root on Linux' }, async t => {
  const data = await smallDisk(t, '16k')
  assert.match(await refusal({ data }), /No queda espacio para/)
})
