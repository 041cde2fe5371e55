// A person at a terminal that sends each key as it is pressed.

import { PASSWORD } from './line-client.ts'
import type { Terminal } from './tmux.ts'

/** Types the text key by key. */
export async function type(terminal: Terminal, text: string): Promise<void> {
  for (const key of text) await terminal.type(key)
}

/** Waits until the server echoes a key after the prompt: it does once somebody has sent Backspace. */
export async function untilKeysAreSeen(terminal: Terminal, prompt: string): Promise<void> {
  await terminal.press('BSpace')
  await terminal.type('x')
  await terminal.expect(`${prompt} x`)
  await terminal.press('C-u')
}

/** Registers ana, correcting a wrong line, a wrong letter and an arrow key on the way. @param name the full name */
export async function registerByKeys(terminal: Terminal, name: string): Promise<void> {
  await terminal.expect('Registrarte?:')
  await type(terminal, '2')
  await terminal.press('Enter')
  await terminal.expect('completo:')
  await untilKeysAreSeen(terminal, 'completo:')
  await type(terminal, `${name.slice(0, 5)}x`)
  await terminal.press('BSpace', 'Left')
  await type(terminal, name.slice(5))
  await terminal.press('Enter')
  await terminal.expect('usuario:')
  await type(terminal, 'otra')
  await terminal.press('C-u')
  await type(terminal, 'ana')
  await terminal.press('Enter')
  await terminal.expect('contraseña:')
  await type(terminal, PASSWORD)
  await terminal.press('Enter')
  await terminal.expect(`Registro exitoso. Bienvenido ${name}!`)
}
