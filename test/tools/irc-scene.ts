// The scene in which a real IRC client is tested: people at other doors, and a conversation that it must take part in.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { impatient, quickArgon2 } from './edits.ts'
import { type HostedOptions, openServer } from './hosted.ts'
import type { LineClient } from './line-client.ts'
import { patiently } from './patiently.ts'
import type { Server } from './server.ts'
import type { LiveClient, Web } from './web-client.ts'

export interface Cleaning {
  after(clean: () => Promise<void> | void): void
}

/** The client under test plays ana, who has an account. */
export interface Scene {
  readonly server: Server
  /** At the line door. */
  readonly beto: LineClient
  /** caro at the web door, and what she receives there. */
  readonly web: Web
  readonly caro: LiveClient
}

/** Said by beto before ana connects: she has not read it. */
export const BEFORE = 'dicho antes: mañana, ¿eh? 🦜'

export async function scene(t: Cleaning, options: HostedOptions = {}): Promise<Scene> {
  const server = await openServer({ edits: [quickArgon2, impatient], ...options }) // SCRAM as in production
  t.after(() => server[Symbol.asyncDispose]())
  await server.web.register('ana')
  const beto = await server.register('beto')
  const web = await server.web.register('caro')
  const caro = await web.connect()
  t.after(() => caro[Symbol.dispose]())
  beto.say(BEFORE)
  await caro.expect(BEFORE)
  return { server, beto, web, caro }
}

/** Drives the client that plays ana. */
export interface Playing {
  /** In #general. */
  say(text: string): Promise<void> | void
  /** In #general. */
  sees(who: string, text: string): Promise<void>
  /** To beto alone. */
  tells(text: string): Promise<void> | void
  /** By beto alone. */
  isTold(text: string): Promise<void>
}

/**
 * Asserts that what the client says reaches the others and the reverse, in the room and in private, letter by letter.
 */
export async function converse({ beto, web, caro }: Scene, ana: Playing): Promise<void> {
  const said = 'hola desde IRC: ¿qué tal, señor Ñu? 🙂'
  await ana.say(said)
  await beto.expect(`ana: ${said}\n`)
  await caro.expect(said)
  beto.say('buenas, ñandú 🦜')
  await ana.sees('beto', 'buenas, ñandú 🦜')
  await web.do('POST', '/rooms/1/messages', { text: 'saludos de la web: «así», ü 🌵' })
  await ana.sees('caro', 'saludos de la web: «así», ü 🌵')
  await ana.tells('en privado, ¿sí? 🙂')
  await beto.expect('(privado) ana: en privado, ¿sí? 🙂\n')
  beto.say('/privado ana solo para ti: ñ 🦜')
  await ana.isTold('solo para ti: ñ 🦜')
}

/** A temporary folder for a client's settings. */
export function folder(t: Cleaning): string {
  const made = mkdtempSync(join(tmpdir(), 'tertulia-irc-'))
  t.after(() => rmSync(made, { recursive: true, force: true, maxRetries: 5 }))
  return made
}

export async function shownIn(file: string, wanted: RegExp): Promise<void> {
  const read = () => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  await patiently(
    () => wanted.test(read()),
    () => `${file} never held ${wanted}:\n${read()}`,
  )
}
