import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands } from '../../src/doors/line/commands/commands.ts'
import type { CommandName } from '../../src/doors/line/commands/context.ts'
import { languages } from '../../src/wording/languages.ts'
import { noRest, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import type { LineClient } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import type { Server } from '../tools/server.ts'
import { type Scene, type Shown, stories, type Who } from './stories.ts'

const names = Object.keys(commands) as CommandName[]
const PEOPLE: readonly Who[] = ['ana', 'beto', 'caro']

test('every command has a story', () => {
  assert.deepEqual(Object.keys(stories).toSorted(), names.toSorted())
})

test('every command that needs a word is typed without it', () => {
  for (const name of names)
    assert.equal(stories[name].missing !== undefined, commands[name].minArgs > 0, name)
})

test('every command is called differently, in every language, and is in the help', async t => {
  for (const [language, { commands: worded }] of Object.entries(languages)) {
    const words = names.map(name => worded[name].word)
    assert.equal(new Set(words).size, words.length)
    for (const word of words) assert.match(word, /^[a-z]+$/)
    await t.test(language, async () => {
      await using server = await openServer({ args: ['--lang', language, '--no-limits'] })
      const client = await server.connect()
      for (const line of ['2', 'Ana', 'ana', 'x', '/help', '/more']) client.say(line)
      for (const name of names) await client.expect(`/${worded[name].word} `)
    })
  }
})

/** The club of the stories, eva, who is only there, and dora, who tells when everything has been shown. */
class Club {
  readonly #clients: Readonly<Record<Who | 'dora', LineClient>>
  #marks = 0
  #pasting = false
  /** Of a command that asks. */
  #questions: string[] = []

  private constructor(clients: Readonly<Record<Who | 'dora', LineClient>>) {
    this.#clients = clients
  }

  static async open(server: Server): Promise<Club> {
    const [ana, beto, caro, dora] = [
      await server.register('ana'),
      await server.register('beto'),
      await server.register('caro'),
      await server.register('dora'),
    ]
    await server.register('eva')
    const club = new Club({ ana, beto, caro, dora })
    ana.say('/crear club')
    await ana.expect('* Estás en #club.\n')
    beto.say('/unirse club')
    await ana.expect('beto entró en #club.\n')
    ana.say('hola')
    await beto.expect('ana: hola\n')
    beto.say('¿qué tal?')
    await ana.expect('beto: ¿qué tal?\n')
    await club.settled()
    return club
  }

  /** What each has been shown since it was asked last. */
  async settled(): Promise<Record<Who, string>> {
    const mark = `dora: marca ${++this.#marks}\n`
    this.#clients.dora.say(mark.slice('dora: '.length, -1))
    const shown: [Who, string][] = []
    for (const who of PEOPLE) {
      const before = await this.#clients[who].expect(mark)
      shown.push([who, before.replace(/#general $/, '')])
    }
    return Object.fromEntries(shown) as Record<Who, string>
  }

  /** Types the lines one after the other; @returns what the last one showed. */
  async play({ who, types }: Pick<Scene, 'who' | 'types'>): Promise<Record<Who, string>> {
    for (const line of types.slice(0, -1)) await this.#type(who, line)
    await this.settled()
    await this.#type(who, types.at(-1) ?? '')
    return this.settled()
  }

  /** Types a line, and waits until it has been dealt with: a command waits for what was typed before it. */
  async #type(who: Who, line: string): Promise<void> {
    const client = this.#clients[who]
    client.say(line)
    if (line === '/clave') this.#questions = ['Contraseña actual: ', 'Contraseña nueva: ']
    const question = this.#questions.shift()
    if (question !== undefined) return void (await this.#answered(client, question, client.heard.length))
    if (line === '/pegar') this.#pasting = true
    if (line === '.') this.#pasting = false
    if (this.#pasting && line !== '/pegar') return // everything typed is text
    const heard = client.heard.length
    if (!this.#pasting) client.say('/ayuda mas')
    await this.#answered(client, this.#pasting ? 'lo envía.\n' : PROBE, heard)
  }

  async #answered(client: LineClient, wanted: string | RegExp, from: number): Promise<void> {
    await patiently(
      () => client.heard.slice(from).search(wanted) >= 0,
      () => `never answered: ${client.unread}`,
    )
  }
}

const PROBE = /\/(mas — sigue una respuesta larga|more — .*)\n/
/** Of eva, whom nobody watches: she comes and goes when she is made to. */
const NOISE = /Usuario eva se ha (des)?conectado\.\n/g

function check(shown: Record<Who, string>, wanted: Shown, scene: string): void {
  for (const who of PEOPLE) {
    const expected = wanted[who] ?? ''
    const got = shown[who].replace(PROBE, '').replace(NOISE, '')
    if (typeof expected === 'string') assert.equal(got, expected, `${who}, after ${scene}`)
    else assert.match(got, expected, `${who}, after ${scene}`)
  }
}

for (const name of names) {
  test(`/${languages.es.commands[name].word}`, async () => {
    const { valid, missing, forbidden } = stories[name]
    await using server = await openServer({ edits: [noRest, ...quickHashes], args: ['--no-limits'] })
    const club = await Club.open(server)
    if (missing !== undefined) {
      const shown = await club.play({ who: 'beto', types: [missing] })
      const { word, args } = languages.es.commands[name]
      check(shown, { beto: `Uso: /${word} ${args}\n` }, missing)
    }
    if (forbidden !== 'nobody is refused')
      check(await club.play(forbidden), forbidden.shown, forbidden.types.join(', '))
    for (const scene of valid) check(await club.play(scene), scene.shown, scene.types.join(', '))
    assert.equal(server.errors, '', 'nothing failed')
  })
}
