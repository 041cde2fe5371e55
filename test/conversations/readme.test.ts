// What the READMEs say works, as they say it, but on ports that are free.

import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { copySources } from '../tools/copy.ts'
import { freePort } from '../tools/free-port.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { ROOT } from '../tools/root.ts'
import { cleanEnvironment, type Server, startServer } from '../tools/server.ts'
import { Terminal } from '../tools/tmux.ts'

/** The one that they name. */
const PORT = 8000

function blocks(text: string, kind: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    match => match[1] ?? '',
  )
}

for (const file of ['README.md', 'README.es.md']) {
  describe(`the examples of ${file}`, { skip: lacking('tmux', 'nc', 'telnet') }, () => {
    let server: Server
    let readme = ''
    before(async () => {
      readme = await readFile(join(ROOT, file), 'utf8')
      server = await startServer()
    })
    after(() => server[Symbol.asyncDispose]())

    /** The command as it stands, but for the port. */
    const here = (command: string) =>
      command
        .replace(`${PORT}`, `${server.port}`)
        .replace(/npm run (-s )?chat/, `$& -- --port ${server.port}`)

    test('the transcript', async () => {
      const [transcript = ''] = blocks(readme, 'console')
      const [command = '', ...screen] = transcript.trimEnd().split('\n')
      await using terminal = await Terminal.run(here(command.replace('$ ', '')))
      for (const line of screen.slice(0, 4)) {
        const [question = '', answer = ''] = line.split(': ')
        await terminal.expect(`${question}:`)
        await terminal.line(answer)
      }
      await terminal.expect(screen[4] ?? '')
      const beto = await server.register('beto')
      await terminal.expect(screen[5] ?? '')
      await terminal.line(screen[6] ?? '')
      await beto.expect(`ana: ${screen[6]}\n`)
      beto.say(screen[7]?.replace('beto: ', '') ?? '')
      await terminal.expect(screen[7] ?? '')
      await terminal.line('salir')
      await terminal.expect(screen.at(-1) ?? '')
      assert.equal((await terminal.screen()).trimEnd(), screen.join('\n'))
    })

    test('the conversation in a room', async () => {
      const talk = blocks(readme, 'console')[1] ?? assert.fail('there is no second transcript')
      await using club = await startServer()
      const [ana, beto] = [await club.register('ana'), await club.register('beto')]
      await club.register('caro')
      for (const line of talk.trimEnd().split('\n')) {
        if (line.startsWith('beto: ')) {
          for (const typed of ['/unirse club', line.slice('beto: '.length)]) beto.say(typed)
          await ana.expect(`${line}\n`)
        } else if (!/^[*#]/.test(line)) ana.say(line)
        else
          await patiently(
            () => ana.unread.search(shownAs(line)) >= 0,
            () => `ana was never shown ${line}, but ${ana.unread}`,
          )
      }
    })

    test('the commands of whoever runs the server', async () => {
      const commands = blocks(readme, 'sh').find(block => block.includes('users list')) ?? assert.fail()
      await using copy = await copySources()
      const { folder } = copy
      await using running = await startServer({ data: folder })
      const ana = await running.web.register('ana')
      const [, roster = '', room = ''] = /import (\S+) '#(\S+)'/.exec(commands) ?? []
      await ana.do('POST', '/rooms', { name: room, kind: 'open' })
      await writeFile(join(folder, roster), 'Nombre\nZoé Núñez\n')
      const options = { cwd: folder, env: cleanEnvironment() }
      const shown = await Promise.all(
        commands
          .trim()
          .split('\n')
          .map(async command => {
            const running = promisify(execFile)('sh', ['-c', command], options)
            running.child.stdin?.end('una frase secreta\n') // for the one that asks
            return (await running).stdout
          }),
      )
      assert.match(
        shown.join(''),
        /^ana\tAna\t[\s\S]*\tZoé Núñez\t(?:\w{4}-){2}\w{4}\n[\s\S]*\* Código de invitación: \w+\n#general\t[\s\S]*port = 8000/,
      )
    })

    test('the ways to join', async () => {
      const joining = blocks(readme, 'sh').find(block => block.includes('telnet')) ?? assert.fail()
      for (const command of joining.trim().split('\n')) {
        await using terminal = await Terminal.run(here(command))
        await terminal.expect('¿Deseas (1) Iniciar sesión o (2) Registrarte?:')
      }
    })

    test('the API by curl, and a bot in shell', { skip: lacking('curl') }, async () => {
      await using chat = await startServer()
      const at = (text: string) => text.replaceAll(`localhost:${PORT}`, `localhost:${chat.port}`)
      const ana = await chat.register('ana')
      const shell = async (script: string, env: Record<string, string> = {}) => {
        const options = { env: { ...cleanEnvironment(), ...env } }
        return (await promisify(execFile)('sh', ['-c', script], options)).stdout
      }
      const calls = blocks(readme, 'sh').find(block => block.includes('/me/tokens')) ?? assert.fail()
      const said = await shell(at(calls))
      await ana.expect('reloj: hola\n')
      assert.match(said, /"username":"reloj"[\s\S]*"seq":1[\s\S]*"text":"hola"[\s\S]*"token":"/)
      const token = /.*"token":"([^"]+)"/s.exec(said)?.[1] ?? assert.fail()
      const bot = blocks(readme, 'sh').find(block => block.includes('!hora')) ?? assert.fail()
      assert.ok(bot.trimEnd().split('\n').length <= 10)
      const running = spawn('sh', ['-c', at(bot)], {
        env: { ...cleanEnvironment(), TOKEN: token },
        stdio: 'ignore',
        detached: true,
      })
      try {
        // What was said before it began to listen is none of its business.
        const asking = setInterval(() => ana.say('!hora'), 1000)
        await ana.expect('reloj: Son las ').finally(() => clearInterval(asking))
      } finally {
        process.kill(-(running.pid ?? assert.fail()))
      }
    })

    test('a bot in TypeScript', async () => {
      await using chat = await startServer()
      const ana = await chat.register('ana')
      const { token = '' } = await chat.web.register('eco')
      const [bot = assert.fail()] = blocks(readme, 'ts')
      assert.ok(bot.trimEnd().split('\n').length <= 10)
      const path = join(ROOT, `bot-${chat.port}.ts`)
      await writeFile(path, bot.replace(`localhost:${PORT}`, `localhost:${chat.port}`))
      const running = spawn(process.execPath, [path], {
        env: { ...cleanEnvironment(), TOKEN: token },
        stdio: 'ignore',
      })
      try {
        await ana.expect('Usuario eco se ha conectado.\n')
        ana.say('!eco')
        await ana.expect('eco → ana: Aquí estoy, ana.\n')
      } finally {
        running.kill()
        await rm(path)
      }
    })

    test('the settings', async () => {
      const settings = blocks(readme, 'sh').find(block => block.includes('--lang en')) ?? assert.fail()
      await using copy = await copySources()
      const { folder } = copy
      for (const command of settings.trim().split('\n')) {
        const port = await freePort()
        await using terminal = await Terminal.run(`cd ${folder} && ${command.replaceAll('8123', `${port}`)}`)
        if (command.includes('--help')) await terminal.expect(/--port N[\s\S]*exit 0/)
        else await terminal.expect(new RegExp(`127\\.0\\.0\\.1:${port}\n[\\s\\S]*chat\\.db`))
      }
    })

    test('the pipe', async () => {
      const piped = blocks(readme, 'sh').find(block => block.includes('printf')) ?? assert.fail()
      const options = { cwd: ROOT, env: cleanEnvironment() }
      const { stdout } = await promisify(execFile)('sh', ['-c', here(piped)], options)
      assert.match(stdout, /Bienvenido Ana María Rojas!\n[\s\S]*Usuario ana se ha desconectado\.\n$/)
    })
  })
}

/** The line, at whatever time it is. */
function shownAs(line: string): RegExp {
  const pattern = line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${pattern.replace(/\\\[[\d: -]+\\\]/, '\\[[\\d: -]+\\]')}$`, 'm')
}
