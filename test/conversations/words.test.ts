// The same text looks equivalent in all doors, whichever it comes in by: as it was typed where it is plain, and without
// its marks, but for the line door, where it is Markdown.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse, parsePlain } from '../../src/clients/web/markup/parse.ts'
import { type Block, type Inline, plainText } from '../../src/clients/web/markup/tree.ts'
import type { Message } from '../../src/wire/schemas.ts'
import { TERMINAL_CLIENT } from '../../src/wire/terminal-client.ts'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc } from '../tools/irc-client.ts'
import { LineClient } from '../tools/line-client.ts'
import type { LiveClient } from '../tools/web-client.ts'

interface Words {
  readonly text: string
  /** What is left of it for who sees its marks. */
  readonly marked: string
  /** The same on IRC, where quotes, lists, links and tables are as they were typed. */
  readonly irc: string
}

/** Nothing of it is a mark. */
function as(text: string): Words {
  return { text, marked: text, irc: text }
}

function marked(text: string, seen: string, irc = seen): Words {
  return { text, marked: seen, irc }
}

const raw = String.raw

const TABLE: readonly Words[] = [
  ...[
    'hola',
    'def f():\n    if x:\n        return 1',
    '    sangrado al comienzo',
    '\tcon tabulador\n\t\ty dos',
    'dos  espacios   y tres',
    raw`\\srv\x\carpeta`,
    raw`C:\_temp_\*.*`,
    raw`¯\_(ツ)_/¯`,
    raw`/^\d+\.\d*[\w\-]+\s?$/`,
    raw`\*así\* \_no\_ \~~nada\~~ \[ni\](esto)`,
    raw`\begin{x} \alpha_1 + \beta^2 \end{x}`,
    '__init__',
    '__init__.py y __main__',
    'snake_case y otra_cosa_más',
    '_privado y _protegido',
    '5*6*7',
    '2 * 3 * 4',
    '2**3**4 y 2 ** 3',
    'a*b*c = d*e',
    '*args, **kwargs',
    'f(*args, **kwargs)',
    'char *s, **t;',
    '/* comentario */ y /*otro*/',
    '**/*.ts y *.js',
    'SELECT *, COUNT(*) FROM t WHERE a*b > 3*c',
    '"*" y "**" y \'_\'',
    '# comentario',
    '## título',
    '#!/bin/sh',
    '#define X 1',
    '---',
    '***',
    '* * *',
    '===',
    'título\n=====',
    '>>> print(1)\n1',
    '>:( y >_<',
    '-_- ^_^ *_* o_O',
    '+ 3 = 5',
    '-5 grados',
    '->x->y',
    '<b>hola</b> & <script>',
    '&amp; &lt; &#65; &copy;',
    '$x_1$ y $y_1$',
    '~/a ~/b ~c~',
    'a ~ b ~~ c',
    '[1] y [a]: b',
    'arr[0](x) y ![no](es)',
    '`',
    'un ` solo',
    '100% *de todo',
    'precio* y otra*',
    '(*p)->x = *q;',
    'Ñandú, café, 你好*世界*你好, שלום',
    '😀 👨‍👩‍👧 🇪🇸',
    '{"_id": 1, "_x": [2, 3]}',
    '@ana. y ana@correo.example',
    'https://x.example/a_b_c/*d*?e=_f_',
    'a | b || c',
    '1) uno, 2) dos',
    'fin.\n\n\notra vez'.replace('\n\n\n', '\n\n'),
  ].map(as),
  marked('**negrita** y *cursiva* y _otra_', 'negrita y cursiva y otra'),
  marked('~~no~~ `x = *y*` ***las dos***', 'no x = *y* las dos'),
  marked('**a _b_ c** (*d*), ¡*e*!', 'a b c (d), ¡e!'),
  marked('`` a`b ``', 'a`b'),
  marked('```py\nx = **k**\n\n    y\n```\nfin', 'x = **k**\n\n    y\nfin'),
  marked('```esto se ve\nx\n```', 'esto se ve\nx'),
  marked('> dijo\n\nsí', 'dijo\nsí', '> dijo\n\nsí'),
  marked('- uno\n- **dos**', 'uno\ndos', '- uno\n- dos'),
  marked('3. tres\n7. siete', 'tres\nsiete', '3. tres\n7. siete'),
  marked('[texto](https://x.example/)', 'texto', '[texto](https://x.example/)'),
]

/** What the web app shows of it. */
function seen({ text, format, styles }: Pick<Message, 'text' | 'format' | 'styles'>): string {
  const { blocks } = format === 'markdown' ? parse(text) : parsePlain(text, styles)
  return blocks.map(seenOf).join(format === 'markdown' && text.includes('\n\n') ? '\n\n' : '\n')
}

function seenOf(block: Block): string {
  const inside = (inlines: readonly Inline[]) => plainText(inlines)
  switch (block.kind) {
    case 'paragraph':
      return inside(block.inside)
    case 'quote':
      return block.blocks.map(seenOf).join('\n')
    case 'list':
      return block.items.flatMap(({ blocks }) => blocks.map(seenOf)).join('\n')
    case 'table':
      return [block.head, ...block.rows].map(row => row.map(cell => inside(cell.inside)).join('|')).join('\n')
    case 'fence':
      return block.code
  }
}

/** Lines that hold something: IRC says no others, and pages have space between paragraphs instead. */
function lines(text: string): string[] {
  return text.split('\n').filter(line => line !== '')
}

const CODES = /[\x02\x11\x1d-\x1f]/g

class Doors {
  readonly line: LineClient
  readonly irc: Irc
  readonly live: LiveClient
  #said = 0

  constructor(line: LineClient, irc: Irc, live: LiveClient) {
    this.line = line
    this.irc = irc
    this.live = live
  }

  /** What has come of it in each door, when the next one of eva's has. */
  async shown(author: string, words: Words, format: Message['format']): Promise<void> {
    const [wanted, onIrc] = format === 'plain' ? [words.text, words.text] : [words.marked, words.irc]
    const told = await this.#next()
    assert.deepEqual([told.text, told.format], [words.text, format], 'the API')
    assert.deepEqual(lines(seen(told)), lines(wanted), 'the web app')
    await this.line.expectExactly(`${author}: ${words.text.replaceAll('\n', `\n${author}| `)}\n`)
    for (const line of lines(onIrc)) {
      const heard = bare(await this.irc.expect(/ PRIVMSG #general :/))
      assert.equal(heard.slice(heard.indexOf(' :') + 2).replace(CODES, ''), line, 'IRC')
    }
  }

  async #next(): Promise<Message> {
    const there = () => this.live.events.filter(event => event.kind === 'message')
    await this.live.until(() => there().length > this.#said, 'nothing came')
    return (there()[this.#said++] ?? assert.fail()) as Message
  }
}

async function says(client: LineClient, text: string): Promise<void> {
  if (!text.includes('\n')) return client.say(text)
  client.say('/pegar')
  for (const line of text.split('\n')) client.say(line)
  client.say('.')
  await client.expect('\n')
}

test('sixty texts and more, in by each door and out by each', { timeout: 480_000 }, async () => {
  assert.ok(TABLE.length >= 60)
  await using server = await openServer({ args: ['--no-limits'] })
  const reader = await server.register('eva')
  const netcat = await server.register('ana')
  using writer = await Irc.register(server.port, 'beto', { caps: '' })
  const caro = await server.web.register('caro')
  using live = await caro.connect()
  const terminal = await LineClient.connect(server.port)
  terminal.send(TERMINAL_CLIENT)
  await terminal.register('dani')
  using irc = await Irc.register(server.port, 'fito', { caps: '' })
  const watching = await server.web.register('gabi')
  using watcher = await watching.connect()
  await irc.settled()
  await reader.expect('Usuario fito se ha conectado.\n')
  await reader.expect('Usuario gabi se ha conectado.\n')
  irc.skip()
  const doors = new Doors(reader, irc, watcher)
  for (const words of TABLE) {
    const { text } = words
    await says(netcat, text)
    await doors.shown('ana', words, 'plain')
    await says(terminal, text)
    await doors.shown('dani', words, 'markdown')
    if (!text.includes('\n')) {
      writer.send(`PRIVMSG #general :${text}`)
      await doors.shown('beto', words, 'plain')
    }
    await live.client.post(1, text)
    await doors.shown('caro', words, 'markdown')
    await caro.do('POST', '/rooms/1/messages', { text })
    await doors.shown('caro', words, 'markdown')
    await caro.do('POST', '/rooms/1/messages', { text, format: 'plain' })
    await doors.shown('caro', words, 'plain')
  }
})

test('what is sent as it is has the format that its type says, and an edit keeps it', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  using live = await ana.connect()
  const send = async (type: string, body: string) => {
    const answer = await fetch(`${ana.origin}/api/v1/rooms/1/messages`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ana.token}`, 'Content-Type': type },
      body,
    })
    assert.equal(answer.status, 201)
  }
  await send('text/plain; charset=utf-8', '__init__')
  await send('text/markdown', '**hola**')
  await live.client.post(1, 'x', { format: 'plain' })
  await live.client.post(1, 'y')
  const formats = async () => {
    const { messages } = await ana.do('GET', '/rooms/1/messages')
    return messages.map((each: Message) => each.format)
  }
  assert.deepEqual(await formats(), ['plain', 'markdown', 'plain', 'markdown'])
  for (const seq of [1, 2]) await ana.do('PATCH', `/rooms/1/messages/${seq}`, { text: 'otra cosa' })
  await ana.do('PATCH', '/rooms/1/messages/3', { text: 'x', format: 'markdown' })
  assert.deepEqual(await formats(), ['plain', 'markdown', 'markdown', 'markdown'])
  await live.until(() => live.events.filter(({ kind }) => kind === 'edit').length === 3, 'edits did not come')
  assert.deepEqual(
    live.events.flatMap(event => (event.kind === 'edit' ? [event.format] : [])),
    ['plain', 'markdown', 'markdown'],
  )
  assert.equal(await ana.refused('POST', '/rooms/1/messages', { text: 'x', format: 'html' }), 'bad-request')
  assert.equal(await ana.refused('PATCH', '/rooms/1/messages/1', { text: 'x', format: '' }), 'bad-request')
  await assert.rejects(live.client.post(1, 'x', { format: 'html' as never }), /bad-request/)
  const again = live.client.post(1, 'z', { key: 'k' })
  assert.equal((await again).seq, (await live.client.post(1, 'z', { key: 'k' })).seq)
  await assert.rejects(live.client.post(1, 'z', { key: 'k', format: 'plain' }), /key-reused/)
})

test('who edits in the line door types plain text, spaces and all', async () => {
  await using server = await openServer()
  const ana = await server.register('ana')
  const web = await server.web.logIn('ana')
  await web.do('POST', '/rooms/1/messages', { text: '**hola**' })
  await ana.expect('ana: **hola**\n')
  ana.say('/editar 1     return __x__')
  await ana.expect('* ana corrigió #1:     return __x__\n')
  const { messages } = await web.do('GET', '/rooms/1/messages')
  assert.deepEqual([messages[0].text, messages[0].format], ['    return __x__', 'plain'])
})

test('a text that seems to begin many lists holds nobody up, neither now nor when it is read again', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  const ana = await server.web.register('ana')
  for (const unit of ['*    ', '-    ', '>    ', '1.    ']) {
    for (const begin of ['', '@ana `x`\n']) {
      const text = begin + unit.repeat((3990 - begin.length) / unit.length)
      await ana.do('POST', '/rooms/1/messages', { text: `${text}*` })
    }
  }
  using irc = await Irc.register(server.port, 'beto', { caps: 'draft/chathistory' })
  await irc.settled()
  irc.send('CHATHISTORY LATEST #general * 8')
  for (let seq = 1; seq <= 8; seq++) await irc.expect(/ PRIVMSG #general :/)
  await ana.do('GET', '/rooms/1/messages/8/doors')
})
