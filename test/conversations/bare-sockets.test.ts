// Programs for bare sockets and telnet, as people run them. What counts is what stands on the screen.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { registerByKeys, type } from '../tools/keys.ts'
import { MENU, PASSWORD } from '../tools/line-client.ts'
import { lacking, type Program } from '../tools/programs.ts'
import { temporaryFolder } from '../tools/server.ts'
import { Terminal } from '../tools/tmux.ts'

interface LineProgram {
  readonly name: string
  readonly programs: readonly Program[]
  readonly command: (port: number) => string
  /** Whether its user's password is not shown: it may have to speak telnet first. */
  readonly hides: 'always' | 'later' | 'never'
  /** It waits for its user to end their side, too. */
  readonly waits?: true
}

/** They send a line when it is ended; until then their user can take back what is wrong. */
const LINES: readonly LineProgram[] = [
  {
    name: "PuTTY's plink, raw",
    programs: ['plink'],
    command: port => `plink -raw -P ${port} 127.0.0.1`,
    hides: 'never',
    waits: true,
  },
  {
    name: "PuTTY's plink, telnet",
    programs: ['plink'],
    command: port => `plink -telnet -P ${port} 127.0.0.1`,
    hides: 'always',
  },
  {
    name: 'a telnet that introduces itself',
    programs: ['telnet'],
    command: port => `telnet -- 127.0.0.1 -${port}`,
    hides: 'always',
  },
  {
    // Until it finds a key in a character (Ú's last byte, without its highest bit, is Ctrl-Z) and tells.
    name: 'a telnet that does not introduce itself',
    programs: ['telnet'],
    command: port => `telnet 127.0.0.1 ${port}`,
    hides: 'later',
  },
  {
    name: "busybox's nc",
    programs: ['busybox'],
    command: port => `busybox nc 127.0.0.1 ${port}`,
    hides: 'never',
  },
  {
    name: "busybox's telnet",
    programs: ['busybox'],
    command: port => `busybox telnet 127.0.0.1 ${port}`,
    hides: 'never',
  },
  {
    name: 'socat',
    programs: ['socat'],
    command: port => `socat - TCP:127.0.0.1:${port}`,
    hides: 'never',
  },
]

interface KeyProgram extends Pick<LineProgram, 'name' | 'programs'> {
  /** @param tty where a device may be made */
  readonly command: (port: number, tty: string) => string
}

/** They send each key as it is pressed. */
const KEYS: readonly KeyProgram[] = [
  {
    name: 'socat on a raw terminal',
    programs: ['socat'],
    command: port => `socat -,rawer TCP:127.0.0.1:${port}`,
  },
  {
    name: 'picocom on a pseudo-terminal',
    programs: ['socat', 'picocom'],
    command: (port, tty) => `${pseudoTerminal(port, tty)} picocom --quiet ${tty}`,
  },
]

/** Makes a serial line, as it were, at whose other end the server is. */
function pseudoTerminal(port: number, tty: string): string {
  const line = `socat PTY,link=${tty},rawer,wait-slave TCP:127.0.0.1:${port}`
  return `${line} & until [ -e ${tty} ]; do sleep 0.05; done;`
}

async function answer(terminal: Terminal, question: string, line: string): Promise<void> {
  await terminal.expect(new RegExp(`${RegExp.escape(question.trimEnd())}\\s*$`))
  await terminal.line(line)
}

/** The dialogue as it stands on the screen, from the menu on. */
async function dialogue(terminal: Terminal): Promise<string[]> {
  const screen = await terminal.screen()
  return screen.slice(screen.indexOf(MENU.trimEnd())).trimEnd().split('\n')
}

describe('programs that send lines', () => {
  for (const { name, programs, command, hides, waits } of LINES)
    test(`${name}: registering, talking, being interrupted, leaving, coming back`, {
      skip: lacking('tmux', ...programs),
    }, async () => {
      await using server = await openServer()
      const beto = await server.register('beto')
      const secretWhere = (shown: boolean) => (shown ? ` ${PASSWORD}` : '')
      {
        await using terminal = await Terminal.run(command(server.port))
        await answer(terminal, MENU, '2')
        await terminal.expect('completo:')
        await terminal.type('Úrsula Ñandú Pérex')
        await terminal.press('BSpace')
        await terminal.line('z')
        await answer(terminal, 'usuario:', 'ana')
        await answer(terminal, 'contraseña:', PASSWORD)
        await terminal.expect('Registro exitoso. Bienvenido Úrsula Ñandú Pérez!')
        await terminal.line('hola, “¿qué tal?” 😃 я 🦜')
        await beto.expect('ana: hola, “¿qué tal?” 😃 я 🦜\n')
        beto.say('muy bien, señora 🙂')
        await terminal.expect('beto: muy bien, señora 🙂\n')
        await terminal.type('a medio ')
        await terminal.expect(/^a medio/m)
        beto.say('interrumpo')
        await terminal.expect('beto: interrumpo\n')
        await terminal.line('escribir')
        await beto.expect('ana: a medio escribir\n')
        beto.say('/privado ana en privado, ñ')
        await terminal.expect('(privado) beto: en privado, ñ\n')
        await terminal.line('/privado beto también, 🙂')
        await beto.expect('(privado) ana: también, 🙂\n')
        await terminal.line('salir')
        await terminal.expect('Usuario ana se ha desconectado.\n')
        if (waits) await terminal.press('C-d')
        await terminal.expect(/exit \d+/)
        await beto.expect('Usuario ana se ha desconectado.\n')
        const lines = await dialogue(terminal)
        assert.deepEqual(lines.slice(0, 12), [
          `${MENU}2`,
          'Ingrese su nombre completo: Úrsula Ñandú Pérez',
          'Ingrese su nombre de usuario: ana',
          `Ingrese su contraseña:${secretWhere(hides === 'never')}`,
          'Registro exitoso. Bienvenido Úrsula Ñandú Pérez!',
          'hola, “¿qué tal?” 😃 я 🦜',
          'beto: muy bien, señora 🙂',
          'a medio beto: interrumpo', // the terminal's own line, which the server can't know of
          'escribir',
          '(privado) beto: en privado, ñ',
          '/privado beto también, 🙂',
          'salir',
        ])
      }
      beto.say('mientras no estabas')
      await using terminal = await Terminal.run(command(server.port))
      await answer(terminal, MENU, '1')
      await answer(terminal, 'usuario:', 'ana')
      await answer(terminal, 'contraseña:', PASSWORD)
      await terminal.expect('beto: mientras no estabas\n')
      assert.deepEqual((await dialogue(terminal)).slice(0, 5), [
        `${MENU}1`,
        'Ingrese su nombre de usuario: ana',
        `Ingrese su contraseña:${secretWhere(hides !== 'always')}`,
        'Bienvenido Úrsula Ñandú Pérez!',
        '* Mensajes anteriores:',
      ])
    })
})

describe('programs that send keys', () => {
  const edits = [...quickHashes, impatient, { file: 'doors/line/editor.ts', set: { APART_MS: 0 } }]
  for (const { name, programs, command } of KEYS)
    test(`${name}: typed keys are echoed and can be erased, the password is not shown`, {
      skip: lacking('tmux', ...programs),
    }, async t => {
      const folder = await temporaryFolder()
      t.after(() => rm(folder, { recursive: true }))
      await using server = await openServer({ edits })
      const beto = await server.register('beto')
      await using terminal = await Terminal.run(command(server.port, join(folder, 'tty')))
      await registerByKeys(terminal, 'Ana Ñandú')
      await type(terminal, 'hola mundo cruel')
      await terminal.press('C-w')
      await type(terminal, 'feliz 🦜')
      await terminal.press('Enter')
      await beto.expect('ana: hola mundo feliz 🦜\n')
      beto.say('te leo, ñandú 🙂')
      await terminal.expect('beto: te leo, ñandú 🙂\n')
      await type(terminal, 'a medio ')
      await terminal.expect(/^a medio/m)
      beto.say('interrumpo')
      await terminal.expect('beto: interrumpo')
      await type(terminal, 'escribir')
      await terminal.press('Enter')
      await beto.expect('ana: a medio escribir\n')
      await type(terminal, 'salir')
      await terminal.press('Enter')
      await terminal.expect('Usuario ana se ha desconectado.\n')
      await beto.expect('Usuario ana se ha desconectado.\n')
      const lines = await dialogue(terminal)
      assert.deepEqual(lines.slice(0, 9), [
        // The answer to the menu came before it was seen that keys come one by one.
        `${MENU}Ingrese su nombre completo: Ana Ñandú`,
        'Ingrese su nombre de usuario: ana',
        'Ingrese su contraseña:',
        'Registro exitoso. Bienvenido Ana Ñandú!',
        'hola mundo feliz 🦜',
        'beto: te leo, ñandú 🙂',
        'beto: interrumpo',
        'a medio escribir', // drawn again
        'salir',
      ])
    })
})
