// Parsing of a message's text into a tree; xss.test.ts looks at the elements in a browser.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { highlight, TINTS } from '../../src/clients/web/markup/highlight.ts'
import { actualTarget } from '../../src/clients/web/markup/links.ts'
import { memoized } from '../../src/clients/web/markup/memoized.ts'
import { EVERYONE } from '../../src/clients/web/markup/names.ts'
import { type Parsed, parse, parsePlain } from '../../src/clients/web/markup/parse.ts'
import { type Block, type Inline, plainText } from '../../src/clients/web/markup/tree.ts'
import { mentionsIn } from '../../src/core/text/mentions.ts'
import { readMarks } from '../../src/wire/marks.ts'
import { ROOT } from '../tools/root.ts'

const words = (text: string): Inline => ({ kind: 'text', text })

/** The content of a text that is one paragraph. */
function line(text: string): readonly Inline[] {
  const [block, ...others] = parse(text).blocks
  assert.ok(block?.kind === 'paragraph' && others.length === 0, `${text} is one paragraph`)
  return block.inside
}

test('emphasis, code and line ends are parsed', () => {
  assert.deepEqual(line('**hola** _a_ ~~todos~~\n`x = *y*`'), [
    { kind: 'strong', inside: [words('hola')] },
    words(' '),
    { kind: 'emphasis', inside: [words('a')] },
    words(' '),
    { kind: 'struck', inside: [words('todos')] },
    { kind: 'break' },
    { kind: 'code', text: 'x = *y*' },
  ])
})

test('quotes and lists are blocks, and each item keeps the number that it was typed with', () => {
  const paragraph = (text: string): Block => ({ kind: 'paragraph', inside: [words(text)] })
  const { blocks } = parse('> dijo\nrespondo\n\n3. c\n7. d\n\n- e')
  assert.deepEqual(blocks, [
    { kind: 'quote', blocks: [paragraph('dijo')] },
    paragraph('respondo'),
    {
      kind: 'list',
      ordered: true,
      items: [
        { number: 3, blocks: [paragraph('c')] },
        { number: 7, blocks: [paragraph('d')] },
      ],
    },
    { kind: 'list', ordered: false, items: [{ number: undefined, blocks: [paragraph('e')] }] },
  ])
})

test('a table has its columns, and nothing of a row that is too long is lost', () => {
  const [table] = parse('|a|b|\n|:-:|-:|\n|1|').blocks
  assert.ok(table?.kind === 'table')
  assert.deepEqual(
    table.head.map(cell => cell.align),
    ['center', 'right'],
  )
  assert.deepEqual(
    table.rows.map(row => row.map(cell => plainText(cell.inside))),
    [['1', '']],
  )
  assert.match(seen(parse('|a|b|\n|-|-|\n|1|2|tres|')), /tres/)
})

test('text that only looks like markup stays as it was typed', () => {
  const literals = [
    '---',
    '***',
    '>',
    '#',
    '-',
    'a_b_c',
    '2 * 3 * 4',
    '<b>hola</b>',
    '&amp; &#60;',
    '[a]: /x',
    '[x][y]',
    '__init__',
    '5*6*7',
    '# comentario',
    '#!/bin/sh',
    String.raw`\\srv\x`,
    String.raw`¯\_(ツ)_/¯`,
    String.raw`/^\d+\.\d*\[\w\]\*\_$/`,
    String.raw`\*no\* \_tampoco\_ \`no\``,
    '*args, **kwargs',
    '2**3**4 y 2 ** 3 ** 4',
    'SELECT *, COUNT(*) FROM t',
    '**/*.ts y **/*.js',
    '/*comentario*/',
    '"*" y "*"',
    '*_* *-* >_<',
    '>>> print(1)',
    '>:(',
    '+ 3',
    '~/a ~/b',
    'Nota_al_pie* y otra*',
    '&lt; &copy;',
    'C:\\_dir_\\*.*',
    'a | b',
  ]
  for (const text of literals) {
    assert.deepEqual(line(text), [words(text)], text)
  }
  assert.deepEqual(parse('título\n===').blocks.length, 1)
  assert.equal(plainText(line('def f():\n    if x:\n\t\treturn  1  ')), 'def f():\n    if x:\n\t\treturn  1')
  assert.equal(plainText(line('    def f():')), '    def f():')
})

test('a code block keeps every character, and has a language if one is named', () => {
  const fence = (code: string, language: string): Block => ({ kind: 'fence', code, language })
  assert.deepEqual(parse('```js\nlet x = "*a*"\n\n  @ana\n```').blocks, [
    fence('let x = "*a*"\n\n  @ana', 'js'),
  ])
  assert.deepEqual(parse('~~~c++\nx').blocks, [fence('x', 'c++')])
  assert.deepEqual(parse('```esto no es un lenguaje\nx\n```').blocks, [
    fence('esto no es un lenguaje\nx', ''),
  ])
})

test('addresses with a scheme are links, others are not', () => {
  const link = (href: string, text: string): Inline => ({
    kind: 'link',
    href,
    actualTarget: undefined,
    inside: [words(text)],
  })
  assert.deepEqual(line('ver https://x.example/a_b_c#d, o no'), [
    words('ver '),
    link('https://x.example/a_b_c#d', 'https://x.example/a_b_c#d'),
    words(', o no'),
  ])
  assert.deepEqual(line('<mailto:ana@x.example>'), [link('mailto:ana@x.example', 'mailto:ana@x.example')])
  for (const text of ['x.example', 'www.x.example', 'ana@x.example', 'ftp://x.example', '//x.example'])
    assert.deepEqual(line(text), [words(text)])
})

test('an image is a link to it', () => {
  const [picture] = line('![gato](https://x.example/g.png)')
  assert.ok(picture?.kind === 'link')
  assert.equal(plainText(picture.inside), 'gato')
})

test('there is no link in a link, and no invisible one', () => {
  const [outer, ...others] = line('[a ![b](https://b.example) <https://c.example>](https://d.example)')
  assert.ok(outer?.kind === 'link' && others.length === 0)
  assert.deepEqual(outer.inside, [words('a b https://c.example')])
  const [empty] = line('[](https://x.example)')
  assert.ok(empty?.kind === 'link')
  assert.equal(plainText(empty.inside), 'https://x.example/')
})

test('a link whose text names another host says where it leads', () => {
  const bank = 'https://bank.example/'
  const honest = [
    'haz clic',
    'https://bank.example',
    'HTTPS://WWW.Bank.Example/evil.example',
    'bank.example/a.md',
    'v1.2.3',
    'ｂａｎｋ.example',
  ]
  for (const text of honest) assert.equal(actualTarget(text, bank), undefined, text)
  const lies = [
    'bank.example',
    'https://bank.example/login',
    'https://bank.example@evil.example',
    'entra en www.bank.example.',
    'bank。example',
    'ba\u200bnk.exa\u00admple',
    '127.0.0.1',
    'localhost',
    'evil.example.bank.example',
  ]
  for (const text of lies) assert.equal(actualTarget(text, 'https://evil.example/x'), 'evil.example', text)
  assert.equal(actualTarget('https://bаnk.example', 'https://xn--bnk-8cd.example/'), 'xn--bnk-8cd.example')
  assert.equal(actualTarget('ana@bank.example', 'mailto:eva@evil.example'), 'eva@evil.example')
  assert.equal(actualTarget('Ana@bank.example', 'mailto:ana@bank.example'), undefined)
})

test('links carry no user name, password, copy or attachment', () => {
  const hrefs = [
    '[a](https://bank.example:x@evil.example/)',
    '[a](mailto:a@x.example?bcc=b@x.example&attach=c)',
  ].map(text => linksIn(parse(text).blocks)[0]?.href)
  assert.deepEqual(hrefs, ['https://evil.example/', 'mailto:a@x.example'])
})

test('names are mentions where the server notifies of them, but not in code and links', () => {
  assert.deepEqual(mentioned('@ana, @Beto: @todos; a@b `@c` [@d](https://x.example) **@e**'), [
    'ana',
    'beto',
    EVERYONE,
    'e',
  ])
  assert.deepEqual(mentioned('@__ana__ *@beto_* _@c_'), [
    '__ana',
    '__ana_',
    '__ana__',
    'beto',
    'beto_',
    'c',
    'c_',
  ])
  assert.deepEqual(mentioned('@ana. y @beto...'), ['ana', 'ana.', 'beto', 'beto.', 'beto..', 'beto...'])
  for (const text of ['```\n@ana\n```', 'a `x @ana y` b', String.raw`\@ana`, '> ```\n> @ana'])
    assert.deepEqual([mentioned(text), mentionsIn(text, 'markdown')], [[], []], text)
  for (const text of [
    'https://x.example/@ana',
    'www.x.example/@ana',
    'x.example/a/@ana',
    '<https://x.example/?a=@ana>',
  ])
    for (const format of ['plain', 'markdown'] as const) assert.deepEqual(mentionsIn(text, format), [], text)
  assert.deepEqual(mentionsIn('`@ana`', 'plain'), ['ana'])
  const sixty = Array.from({ length: 60 }, (_, at) => `@u${at}`)
  assert.equal(mentioned(sixty.join(' ')).length, 50)
})

test('a name after # is a room, but numbers, character references and anchors are not', () => {
  const rooms = line('#general #año-1 #41 &#x41; https://x.example/#top a#b `#c`').filter(
    each => each.kind === 'room',
  )
  assert.deepEqual(
    rooms.map(room => room.name),
    ['general', 'año-1'],
  )
})

test('a few emoji alone are large', () => {
  for (const text of ['😀', '👨‍👩‍👧 🇪🇸', '1️⃣🏴󠁧󠁢󠁥󠁮󠁧󠁿❤️\n😀😀']) assert.ok(parse(text).jumbo, text)
  for (const text of ['😀😀😀😀😀😀', '😀!', '1', '©', 'hola', '']) assert.ok(!parse(text).jumbo, text)
})

test('controls are visible, direction overrides are removed, marks do not pile up', () => {
  assert.deepEqual(line('a\x1b[31m\u202eb\u2066\x85'), [words('a␛[31mb\ufffd')])
  assert.equal(plainText(line(`z${'\u0301'.repeat(50)}`)), `z${'\u0301'.repeat(8)}`)
  assert.equal(plainText(line('שלום\u200f!')), 'שלום\u200f!')
})

test('a short text cannot make a large tree', () => {
  const hostile = [
    `a\n\n${'>'.repeat(3990)}b`,
    `a\n\n${'> '.repeat(1990)}b`,
    `a\n\n${'- '.repeat(1990)}b`,
    `a\n\n${'> - '.repeat(990)}b`,
    '*'.repeat(4000),
    '*a **b '.repeat(250) + 'c** d* '.repeat(250),
    '['.repeat(4000),
    '![a]('.repeat(800),
    `${'|a'.repeat(900)}\n${'|-'.repeat(900)}\n${'|x\n'.repeat(100)}`,
    `${'|a'.repeat(20)}\n${'|-'.repeat(20)}\n${'x\n'.repeat(1900)}`,
  ]
  for (const text of hostile) {
    const { blocks } = parse(text)
    assert.ok(depth(blocks) < MOST_DEPTH, `${text.slice(0, 20)}: depth`)
    assert.ok(size(blocks) <= text.length, `${text.slice(0, 20)}: size`)
    assert.equal(letters(seen(parse(text))), letters(text))
  }
})

test('emphasis that is too deep shows its marks', () => {
  const deep = plainText(line(`${'*a _b '.repeat(6)}c${' d_ e*'.repeat(6)}`))
  assert.match(deep, /^(?:a b ){4}(?:\*a _b ){2}c(?: d_ e\*){2}(?: d e){4}$/)
})

const LETTERS = ['a', 'b', 'ñ', 'ש', 'http', 'js']
const MARKS = [
  ...'*_~`[]!<>#-+|\n \\:/@&;"=\t',
  '://',
  '1.',
  '    ',
  '```',
  '\n\n',
  '|a|b|\n|-|-|\n',
  '> ',
  '\n- ',
]
const HOSTILE = [
  ...'()?',
  'javascript:',
  'data:',
  '](',
  'https://x.example',
  'mailto:',
  '\0',
  '\u202e',
  '\ud800',
]
const texts = (...units: string[]) =>
  fc.string({ unit: fc.constantFrom(...units), maxLength: 60, size: 'max' })

test('whatever the markup is, no letter is lost or moved', () => {
  fc.assert(
    fc.property(texts(...LETTERS, ...MARKS), text => {
      assert.equal(letters(seen(parse(text))), letters(text))
    }),
    { numRuns: 3000 },
  )
})

test('whatever the text is, links lead to the web or a mailbox, and the tree is not deep', () => {
  fc.assert(
    fc.property(fc.oneof(texts(...LETTERS, ...MARKS, ...HOSTILE), fc.string({ unit: 'binary' })), text => {
      const { blocks } = parse(text)
      for (const { href } of linksIn(blocks)) assert.match(href, /^(?:https?:\/\/|mailto:)/)
      assert.ok(depth(blocks) < MOST_DEPTH)
      assert.doesNotMatch(
        seen({ blocks, jumbo: false }),
        /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/,
      )
    }),
    { numRuns: 3000 },
  )
})

test('the web app and the IRC door recognize the same marks', () => {
  const units = [
    'a',
    'b',
    'ñ',
    ' ',
    '\n',
    ...'*_~`*_~`.,()/\\"',
    '**',
    '~~',
    '```',
    '\n```\n',
    'https://x.example/',
  ]
  fc.assert(
    fc.property(texts(...units), text => {
      fc.pre(/[abñ]/.test(text) && !/^\s*\*(?:\s|$)/m.test(text)) // signs alone; lists
      const bare = (shown: string) => shown.replace(/\s/g, '')
      const shown = bare(seen(parse(text), ''))
      fc.pre(shown !== '') // the name of a language alone
      assert.equal(shown, bare(readMarks(text).text))
    }),
    { numRuns: 5000 },
  )
})

test('the mentions on the page are those that the server counts', () => {
  const signs = texts(
    'a',
    'B',
    'ñ',
    '你',
    '𝒂',
    '1',
    '@',
    '@',
    '@',
    '.',
    '-',
    '_',
    ' ',
    ',',
    '\u0301',
    '😀',
    '@todos',
  )
  fc.assert(
    fc.property(signs, text => {
      assert.deepEqual([...new Set(mentioned(text))], mentionsIn(text, 'markdown'))
      assert.deepEqual([...new Set(mentionedIn(parsePlain(text)))], mentionsIn(text, 'plain'))
    }),
    { numRuns: 3000 },
  )
})

test('highlighting adds nothing to code and removes nothing', async () => {
  const code = `const x = \`a \${b} c\` // hola\n<p class="x">`
  const runs = await highlight(code, 'TS')
  assert.equal(runs?.map(run => run.text).join(''), code)
  const tinted = (text: string) => runs?.find(run => run.text.includes(text))?.tint
  assert.deepEqual(['const', '`a ', 'b', 'hola'].map(tinted), ['keyword', 'string', undefined, 'comment'])
  for (const language of ['', 'nada', 'constructor', '__proto__', 'toString'])
    assert.equal(await highlight(code, language), undefined)
  assert.equal(
    await highlight(`let a\n${'a'.repeat(1000)}`, 'js'),
    undefined,
    'a line that nobody wrote by hand',
  )
})

test('highlighted code has enough contrast in both themes', async () => {
  const css = await readFile(join(ROOT, 'src/clients/web/markup/text.css'), 'utf8')
  const themes = css.matchAll(/:root[^{]*\{([^}]*)\}/g)
  const read = [...themes].map(([, rules = '']) => new Map(colours(rules)))
  assert.equal(read.length, 3)
  assert.deepEqual(read[1], read[2], 'dark by the system is dark by choice')
  for (const theme of read) {
    const pairs = ['ink', ...TINTS].map(name => [`code-${name}`, 'code-ground'] as const)
    for (const [ink, ground] of [
      ...pairs,
      ['mention-ink', 'mention-ground'] as const,
      ['mention-me-ink', 'mention-me-ground'] as const,
    ])
      assert.ok(contrast(theme.get(ink), theme.get(ground)) >= 4.5, `${ink} on ${ground}`)
  }
})

test('memoized keeps the keys that were used last, and computes others again', () => {
  const made: string[] = []
  const get = memoized(2, key => made.push(key))
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key)
  assert.deepEqual(made, ['a', 'b', 'c', 'b'])
})

/** The deepest tree, blocks and emphasis together. */
const MOST_DEPTH = 24

function inlinesOf(block: Block): readonly Inline[] {
  switch (block.kind) {
    case 'paragraph':
      return block.inside
    case 'table':
      return [block.head, ...block.rows].flat().flatMap(cell => cell.inside)
    default:
      return []
  }
}

function blocksIn(block: Block): readonly Block[] {
  if (block.kind === 'quote') return block.blocks
  return block.kind === 'list' ? block.items.flatMap(({ blocks }) => blocks) : []
}

function flat(blocks: readonly Block[]): Inline[] {
  const within = (inlines: readonly Inline[]): Inline[] =>
    inlines.flatMap(each => ('inside' in each ? [each, ...within(each.inside)] : [each]))
  return blocks.flatMap(block => [...within(inlinesOf(block)), ...flat(blocksIn(block))])
}

function linksIn(blocks: readonly Block[]) {
  return flat(blocks).filter(each => each.kind === 'link')
}

function mentioned(text: string): string[] {
  return mentionedIn(parse(text))
}

function mentionedIn({ blocks }: Parsed): string[] {
  return flat(blocks).flatMap(each => (each.kind === 'mention' ? each.whom : []))
}

/** @param language overrides the one of a code block */
function seen({ blocks }: Parsed, language?: string): string {
  const one = (block: Block): string =>
    block.kind === 'fence'
      ? `${language ?? block.language}\n${block.code}\n`
      : `${plainText(revealed(inlinesOf(block)))}\n${blocksIn(block).map(one).join('')}`
  return blocks.map(one).join('')
}

/** With what hides its text shown. */
function revealed(inlines: readonly Inline[]): Inline[] {
  return inlines.map(each => {
    if (!('inside' in each)) return each
    const inside = revealed(each.inside)
    return each.kind === 'spoiler' ? { kind: 'strong', inside } : { ...each, inside }
  })
}

function letters(text: string): string {
  return text.replace(/\P{L}/gu, '')
}

function depth(blocks: readonly Block[]): number {
  const within = (inlines: readonly Inline[]): number =>
    Math.max(0, ...inlines.map(each => ('inside' in each ? 1 + within(each.inside) : 1)))
  return Math.max(0, ...blocks.map(block => 1 + Math.max(within(inlinesOf(block)), depth(blocksIn(block)))))
}

function size(blocks: readonly Block[]): number {
  const cells = (block: Block) => (block.kind === 'table' ? [block.head, ...block.rows].flat().length : 1)
  const one = (block: Block): number => cells(block) + size(blocksIn(block))
  return blocks.reduce((sum, block) => sum + one(block), 0) + flat(blocks).length
}

function colours(rules: string): [string, string][] {
  return [...rules.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [
    name,
    colour,
  ])
}

/** The contrast ratio by WCAG 2.2. */
function contrast(one = '', other = ''): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
