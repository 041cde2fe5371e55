// The lab's own text, played: every block of docs/lab.md must be seen byte for byte, through every way in.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { openServer } from '../tools/hosted.ts'
import { LineClient } from '../tools/line-client.ts'
import { lacking, type Program } from '../tools/programs.ts'
import { ROOT } from '../tools/root.ts'
import { cleanEnvironment, type Server, startServer } from '../tools/server.ts'
import { Terminal } from '../tools/tmux.ts'

/** The lines of the plaintext blocks; the spaces that lead them are the page's layout. */
async function labBlocks(): Promise<string[]> {
  const lab = await readFile(join(ROOT, 'docs/lab.md'), 'utf8')
  const blocks = [...lab.matchAll(/```plaintext\n([\s\S]*?)```/g)].map(match => match[1] ?? '')
  assert.equal(blocks.length, 9)
  return blocks.flatMap(block =>
    block
      .trimEnd()
      .split('\n')
      .map(line => line.trim()),
  )
}

/** The lab's words, found in its text; nothing is written here twice. */
async function labWords() {
  const lines = await labBlocks()
  const find = (start: string) =>
    lines.find(line => line.startsWith(start)) ?? assert.fail(`the lab says no ${start}`)
  return {
    lines,
    listening: find('Servidor'),
    menu: `${find('¿Deseas')} `,
    name: `${find('Ingrese su nombre completo')} `,
    username: `${find('Ingrese su nombre de usuario')} `,
    password: `${find('Ingrese su contraseña')} `,
    registered: (name: string) => `${find('Registro exitoso').replace('[Nombre]', name)}\n`,
    taken: `${find('Nombre de usuario ya existe')}\n`,
    welcome: (name: string) => `${find('Bienvenido').replace('[Nombre]', name)}\n`,
    wrong: `${find('Credenciales')}\n`,
    left: (username: string) => `${find('Usuario').replace('[username]', username)}\n`,
  }
}

interface Flow {
  readonly title: string
  /** What is typed, line by line. */
  readonly typed: readonly string[]
  /** All that the server says. */
  readonly said: string
}

/** Every flow of the lab, one after the other, on one server. */
async function labFlows(): Promise<Flow[]> {
  const { menu, name, username, password, registered, taken, welcome, wrong, left } = await labWords()
  const asked = menu + name + username + password
  const known = menu + username + password
  const past = (...lines: string[]) => `* Mensajes anteriores:\n${lines.map(line => `${line}\n`).join('')}`
  return [
    {
      title: 'register, write, leave',
      typed: ['2', 'Ana María Rojas', 'ana', 'secreto123', 'hola a todos', 'salir'],
      said: asked + registered('Ana María Rojas') + left('ana'),
    },
    {
      title: 'register with a name that exists',
      typed: ['2', 'Otra Ana', 'ana', 'otra', 'salir'],
      said: asked + taken + menu,
    },
    {
      title: 'log in, write, leave',
      typed: ['1', 'ana', 'secreto123', 'otra vez', 'salir'],
      said: known + welcome('Ana María Rojas') + past('ana: hola a todos') + left('ana'),
    },
    {
      title: 'wrong credentials, then the right ones',
      typed: ['1', 'ana', 'falsa', '1', 'nadie', 'secreto123', '1', 'ana', 'secreto123', 'salir'],
      said: `${known + wrong + known + wrong + known + welcome('Ana María Rojas') + past('ana: hola a todos', 'ana: otra vez')}${left('ana')}`,
    },
  ]
}

/** Every line of the lab's blocks stands in what was seen, names put in, and the console's among it. */
async function checkAllSeen(seen: string, port: number): Promise<void> {
  for (const line of (await labWords()).lines) {
    const wanted = line
      .replace('[Nombre]', 'Ana María Rojas')
      .replace('[username]', 'ana')
      .replace(':8000', `:${port}`)
    // At the start of a line, or behind a question that the answer's end of line did not follow.
    assert.match(seen, new RegExp(`(^|: )${escaped(wanted)}`, 'm'), `the lab's line was never seen: ${line}`)
  }
}

async function overASocket(server: Server, { typed }: Flow): Promise<string> {
  const client = await LineClient.connect(server.port)
  client.send(typed.map(line => `${line}\n`).join(''))
  await client.closed
  return client.heard
}

async function throughAPipe(
  server: Server,
  { typed }: Flow,
  env: Record<string, string> = {},
): Promise<string> {
  const chat = spawn('npm', ['run', '-s', 'chat', '--', '--port', `${server.port}`], {
    cwd: ROOT,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  chat.stdin.end(typed.map(line => `${line}\n`).join(''))
  const said = await text(chat.stdout)
  assert.equal(await new Promise(resolve => chat.once('close', resolve)), 0)
  return said
}

/** Programs that are a bare socket in a pipe: they end their side when what is typed ends, and hear the rest. */
const PIPES: readonly { name: string; part: Program; command: (port: number) => readonly string[] }[] = [
  { name: 'netcat', part: 'nc', command: port => ['nc', '-N', '127.0.0.1', `${port}`] },
  { name: "busybox's netcat", part: 'busybox', command: port => ['busybox', 'nc', '127.0.0.1', `${port}`] },
  { name: 'socat', part: 'socat', command: port => ['socat', '-t', '30', '-', `TCP:127.0.0.1:${port}`] },
  {
    name: "PuTTY's plink",
    part: 'plink',
    command: port => ['plink', '-raw', '-batch', '-P', `${port}`, '127.0.0.1'],
  },
]

async function withProgram([program = '', ...args]: readonly string[], typed: string): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(typed)
  return text(child.stdout)
}

describe('the lab, to the letter', () => {
  test('over a bare socket', async () => {
    await using server = await openServer({ edits: [] })
    let seen = server.console
    for (const flow of await labFlows()) {
      const said = await overASocket(server, flow)
      assert.equal(said, flow.said, flow.title)
      seen += said
    }
    await checkAllSeen(seen, server.port)
  })

  for (const { name, part, command } of PIPES) {
    test(`with ${name}`, { skip: lacking(part) }, async () => {
      await using server = await openServer({ edits: [] })
      let seen = server.console
      for (const flow of await labFlows()) {
        const said = await withProgram(command(server.port), flow.typed.map(line => `${line}\n`).join(''))
        assert.equal(said, flow.said, flow.title)
        seen += said
      }
      await checkAllSeen(seen, server.port)
    })

    test(`with ${name}, which ends its side in the middle of a line`, { skip: lacking(part) }, async () => {
      await using server = await openServer({ edits: [] })
      const { menu, name: fullName, username, password, registered, welcome, left } = await labWords()
      const registering = await withProgram(command(server.port), '2\nAna\nana\nsecreto123\nadiós')
      assert.equal(registering, menu + fullName + username + password + registered('Ana') + left('ana'))
      const loggingIn = await withProgram(command(server.port), '1\nana\nsecreto123\n')
      assert.equal(
        loggingIn,
        `${menu + username + password + welcome('Ana')}* Mensajes anteriores:\nana: adiós\n${left('ana')}`,
      )
    })
  }

  for (const LANG of ['es_CO.UTF-8', 'en_US.UTF-8']) {
    test(`through a pipe, with LANG=${LANG}`, async () => {
      await using server = await startServer({ edits: [], env: { LANG } })
      let seen = server.console
      for (const flow of await labFlows()) {
        const said = await throughAPipe(server, flow, { LANG })
        assert.equal(said, flow.said, flow.title)
        seen += said
      }
      await checkAllSeen(seen, server.port)
    })

    test(`in a terminal, with LANG=${LANG}`, { skip: lacking('tmux') }, async () => {
      await using server = await startServer({ edits: [], env: { LANG } })
      const { menu, name, username, password, registered, taken, welcome, wrong, left } = await labWords()
      let seen = server.console
      const chat = () => Terminal.run(`npm run -s chat -- --port ${server.port}`, { env: { LANG } })
      const answer = async (terminal: Terminal, question: string, line: string) => {
        await terminal.expect(new RegExp(`${escaped(question.trimEnd())}\\s*$`))
        await terminal.line(line)
      }
      {
        await using terminal = await chat()
        await answer(terminal, menu, '2')
        await answer(terminal, name, 'Ana María Rojas')
        await answer(terminal, username, 'ana')
        await answer(terminal, password, 'secreto123')
        await terminal.expect(registered('Ana María Rojas'))
        await terminal.line('hola a todos')
        await terminal.line('salir')
        await terminal.expect(`${left('ana')}exit 0`)
        seen += await terminal.screen()
      }
      {
        await using terminal = await chat()
        await answer(terminal, menu, '2')
        await answer(terminal, name, 'Otra Ana')
        await answer(terminal, username, 'ana')
        await answer(terminal, password, 'otra')
        await terminal.expect(taken + menu.trimEnd())
        await answer(terminal, menu, '1')
        await answer(terminal, username, 'ana')
        await answer(terminal, password, 'falsa')
        await terminal.expect(wrong + menu.trimEnd())
        await answer(terminal, menu, '1')
        await answer(terminal, username, 'ana')
        await answer(terminal, password, 'secreto123')
        await terminal.expect(`${welcome('Ana María Rojas')}* Mensajes anteriores:\nana: hola a todos\n`)
        await terminal.line('salir')
        await terminal.expect(`${left('ana')}exit 0`)
        seen += await terminal.screen()
      }
      await checkAllSeen(seen, server.port)
      assert.ok(!/secreto123|falsa/.test(seen), 'no password was shown')
    })
  }
})

function escaped(text: string): string {
  return text.replace(/[.?*+^$()[\]{}|\\]/g, '\\$&')
}
