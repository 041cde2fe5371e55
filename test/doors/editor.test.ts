import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eraseSequence, Keystrokes, LineEditor } from '../../src/doors/line/editor.ts'
import { decode } from '../../src/wire/code-page.ts'

/** The lines and the echo; without echo if `hidden`. */
function typed(keys: string, hidden = false): { lines: string; echo: string; interrupted: boolean } {
  const editor = new LineEditor()
  editor.hidden = hidden
  const parts = Array.from(Buffer.from(keys), byte => editor.feed(Buffer.of(byte)))
  const whole = new LineEditor()
  whole.hidden = hidden
  const { lines, echo } = whole.feed(Buffer.from(keys))
  assert.deepEqual(Buffer.concat(parts.map(part => part.lines)), lines, 'however it is cut')
  assert.deepEqual(Buffer.concat(parts.map(part => part.echo)), echo)
  return {
    lines: lines.toString(),
    echo: echo.toString(),
    interrupted: parts.some(({ interrupted }) => interrupted),
  }
}

test('keys are echoed, and a line counts when it ends', () => {
  assert.deepEqual(typed('hola ñandú\ny'), {
    lines: 'hola ñandú\n',
    echo: 'hola ñandú\r\ny',
    interrupted: false,
  })
})

test('Backspace, Delete, Ctrl-U and Ctrl-W erase characters, lines and words, and no more than there are', () => {
  assert.equal(typed('ann\ba\n').lines, 'ana\n')
  assert.equal(typed('ann\x7fa\n').lines, 'ana\n')
  assert.equal(typed('\b\x7fx\n').lines, 'x\n')
  assert.equal(typed('x\b\n').echo, 'x\b \b\r\n')
  assert.equal(typed('año\b\bna\n').lines, 'ana\n')
  assert.equal(typed('漢\b\n').echo, '漢\b \b\b \b\r\n', 'two columns')
  assert.equal(typed('nada de esto\x15sí\n').lines, 'sí\n')
  assert.equal(typed('uno dos  \x17tres\n').lines, 'uno tres\n')
})

test('after erasing a long line or word, the rest is redrawn', () => {
  const long = 'x'.repeat(300)
  assert.deepEqual(typed(`${long}\x15y\n`), { lines: 'y\n', echo: `${long}\r\ny\r\n`, interrupted: false })
  assert.deepEqual(typed(`a ${long} \x17b\n`), {
    lines: 'a b\n',
    echo: `a ${long} \r\na b\r\n`,
    interrupted: false,
  })
  assert.equal(typed(`${long}\x15y\n`, true).echo, '\r\n')
})

test('a grapheme is erased whole, and the screen matches the line', () => {
  assert.deepEqual(typed('cafe\u0301\b\n'), {
    lines: 'caf\n',
    echo: 'cafe\u0301\b \b\r\n',
    interrupted: false,
  })
  for (const family of ['👩\u200d👧', '👍🏽', '❤\ufe0f', '🇨🇴', 'का', '\u1112\u1161\u11ab', '\t']) {
    const editor = new LineEditor()
    editor.question = Buffer.from('¿Qué? ')
    editor.feed(Buffer.from(`sí${family}`))
    const { echo } = editor.feed(Buffer.of(8))
    assert.match(echo.toString(), /^\r {9,16}\r¿Qué\? sí$/, family)
    assert.equal(editor.feed(Buffer.from('\n')).lines.toString(), 'sí\n')
  }
  const marks = new LineEditor()
  marks.feed(Buffer.from(`e${'\u0301'.repeat(100)}`))
  assert.equal(
    marks.feed(Buffer.alloc(2, 8)).echo.toString(),
    `\r \re${'\u0301'.repeat(36)}`,
    'of a heap, a part',
  )
  assert.equal(marks.feed(Buffer.from('\x7f\x7f\x7f\x7f\x7fx\n')).lines.toString(), 'x\n')
})

test('arrow keys and other control characters do nothing', () => {
  for (const key of ['\x1b[A', '\x1b[D', '\x1bOC', '\x1b[3~', '\x1b[1;5C', '\x01', '\x0c'])
    assert.deepEqual(typed(`ho${key}la\n`), { lines: 'hola\n', echo: 'hola\r\n', interrupted: false })
})

test('hidden input is not echoed, except for its line end', () => {
  assert.deepEqual(typed('secretx\bo\n', true), { lines: 'secreto\n', echo: '\r\n', interrupted: false })
})

test('Ctrl-C ends, and so does Ctrl-D on an empty line', () => {
  assert.ok(typed('ho\x03').interrupted)
  assert.ok(typed('\x04').interrupted)
  assert.ok(!typed('ho\x04').interrupted)
})

test('invalid UTF-8 is erased byte by byte, and leaves the rest alone', () => {
  const editor = new LineEditor()
  const { lines } = editor.feed(Buffer.from('\xe1x\xf1y\b\b\n', 'latin1'))
  assert.deepEqual(lines, Buffer.from('\xe1x\n', 'latin1'))
})

test('a flood of backspaces erases no more than there is', () => {
  const editor = new LineEditor()
  editor.feed(Buffer.alloc(16_000, 65))
  assert.equal(editor.feed(Buffer.alloc(10_000, 8)).echo.length, 30_000)
  assert.equal(editor.feed(Buffer.from('\x15\n')).lines.length, 1)
})

test('an endless line is passed on', () => {
  const flood = (bytes: number) => new LineEditor().feed(Buffer.alloc(bytes, 65)).lines.length
  assert.deepEqual([flood(16 << 10), flood(20_000), flood(200_000) > 180_000], [0, (16 << 10) + 1, true])
})

test('only the end of a long line is redrawn; the part before reappears as the end is erased', () => {
  const editor = new LineEditor()
  editor.feed(Buffer.from(`a${'ñ'.repeat(1000)}`))
  assert.equal(editor.shown.length, 2001, 'as it was typed')
  const drawn = editor.redraw().toString()
  assert.equal(drawn, `…${'ñ'.repeat(256)}`)
  assert.equal(editor.shown.toString(), drawn)
  editor.feed(Buffer.from('oh'))
  assert.equal(editor.shown.toString(), `${drawn}oh`)
  const { echo } = editor.feed(Buffer.alloc(258, 8))
  assert.equal(echo.toString(), `${'\b \b'.repeat(257)}\r  \r${drawn}`, 'the sign for what was left out, too')
  assert.equal(editor.feed(Buffer.alloc(488, 8)).echo.toString(), `${'\b \b'.repeat(255)}\r  \r${drawn}`)
  const left = editor.feed(Buffer.from('\x15uno\n'))
  assert.equal(left.lines.toString(), 'uno\n')
  editor.feed(Buffer.from('dos'))
  assert.equal(editor.redraw().toString(), 'dos')
})

test('single keys are told from lines by the pauses of a hand', () => {
  const hears = (isTelnet: boolean, ...chunks: [string, number][]) => {
    const keystrokes = new Keystrokes()
    let now = 0
    return chunks.map(([chunk, after]) => {
      now += after
      return keystrokes.sendsKeys(Buffer.from(chunk), { now, isTelnet })
    })
  }
  assert.deepEqual(hears(false, ['a', 100], ['n', 100], ['ñ', 100]), [false, false, true])
  assert.deepEqual(hears(false, ['a', 100], ['n', 1], ['a', 1], ['x', 1]), [false, false, false, false])
  assert.deepEqual(hears(false, ['2\n', 100], ['ana\n', 100], ['x\n', 100]), [false, false, false])
  assert.deepEqual(hears(false, ['anx\b', 100]), [true])
  assert.deepEqual(hears(true, ['2', 100]), [true])
  assert.deepEqual(hears(true, ['2\n', 100], ['\n', 100]), [false, false])
})

test('invalid UTF-8 is decoded as Windows-1252, or as CP850 without any of its letters', () => {
  const text = 'El ñandú comió: ¿qué?'
  const in1252 = Buffer.from(text, 'latin1')
  assert.deepEqual(decode(in1252), { text, codePage: 'Windows-1252' })
  const in850 = Buffer.from('El \xa4and\xa3 comi\xa2: \xa8qu\x82?', 'latin1')
  assert.deepEqual(decode(in850), { text, codePage: 'CP850' })
  assert.equal(decode(Buffer.from('10 \x80 \xe1', 'latin1')).text, '10 € á')
})

test('typed input is erased from the screen, as far as its size is known', () => {
  const off = (shown: string, columns?: number) => eraseSequence(Buffer.from(shown), columns).toString()
  assert.equal(off('hola', undefined), '\r    \r')
  assert.equal(off('漢字', 80), '\r    \r', 'four columns')
  assert.equal(off('x'.repeat(60), undefined), '\r\n', 'it may be two rows')
  assert.equal(off('x'.repeat(60), 80), '\r\x1b[J')
  assert.equal(off('x'.repeat(80), 80), '\r\x1b[J', 'the cursor waits at the end of the row')
  assert.equal(off('x'.repeat(81), 80), '\r\x1b[1A\x1b[J')
  assert.equal(off('x'.repeat(2049), 80), '\r\n', 'it may be more than the screen')
  assert.equal(off(`${'x'.repeat(79)}漢`, 80), '\r\x1b[1A\x1b[J', 'too broad for the last column')
})
