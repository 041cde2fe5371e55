import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Telnet } from '../../src/doors/line/telnet.ts'

const DO_BINARY = [255, 253, 0]

/** Feeds telnet byte by byte, since commands may be cut anywhere. */
function slowly() {
  const telnet = new Telnet()
  const said: number[] = []
  let interrupts = 0
  const read = (...bytes: number[]) => {
    let text = ''
    for (const byte of bytes) {
      const part = telnet.read(Buffer.of(byte))
      text += part.text.toString('latin1')
      said.push(...part.answer)
      if (part.interrupted) interrupts++
    }
    return text
  }
  return { telnet, read, said, interrupts: () => interrupts }
}

const plain = fc
  .uint8Array({ maxLength: 30 })
  .map(bytes => Buffer.from(bytes.map(byte => (byte === 255 || byte === 13 ? 65 : byte))))

test('text without telnet passes through unchanged', () => {
  fc.assert(
    fc.property(fc.array(plain), chunks => {
      const telnet = new Telnet()
      const read = chunks.map(chunk => telnet.read(chunk))
      assert.deepEqual(Buffer.concat(read.map(part => part.text)), Buffer.concat(chunks))
      assert.ok(read.every(part => part.answer.length === 0 && !part.interrupted))
    }),
  )
})

test('whatever is sent, nothing throws, and answers are bounded by requests', () => {
  const byte = fc.oneof(
    fc.constantFrom(255, 254, 253, 252, 251, 250, 240, 246, 244, 1, 3, 13, 0),
    fc.nat(255),
  )
  fc.assert(
    fc.property(fc.array(byte), bytes => {
      const { answer } = new Telnet().read(Buffer.from(bytes))
      assert.ok(answer.length <= bytes.length + 12)
    }),
  )
})

test('input is read the same however its packets are cut', () => {
  const byte = fc.oneof(fc.constantFrom(255, 253, 251, 250, 240, 244, 1, 13, 10, 0, 65), fc.nat(255))
  fc.assert(
    fc.property(fc.array(byte), bytes => {
      const { read, said, interrupts } = slowly()
      const whole = new Telnet().read(Buffer.from(bytes.filter(each => each !== 246)))
      assert.equal(read(...bytes.filter(each => each !== 246)), whole.text.toString('latin1'))
      assert.deepEqual(Uint8Array.from(said), whole.answer)
      assert.equal(interrupts() > 0, whole.interrupted)
    }),
  )
})

test('options are refused, SUPPRESS-GO-AHEAD too, but ECHO while a password is typed', () => {
  const { telnet, read, said } = slowly()
  assert.equal(read(255, 253, 24, 255, 251, 31, 65), 'A')
  assert.deepEqual(said.splice(0), [...DO_BINARY, 255, 252, 24, 255, 254, 31])
  read(255, 253, 3)
  assert.deepEqual(said.splice(0), [255, 252, 3], 'or it would send each key as it is pressed')
  assert.deepEqual([...telnet.hide()], [255, 251, 1])
  read(255, 253, 1)
  assert.deepEqual(said, [], 'an agreement is not answered')
  assert.deepEqual([...telnet.show()], [255, 252, 1, 13, 10])
})

test('a client that never sent telnet is never sent any', () => {
  const { telnet, read, said } = slowly()
  read(65, 10, 255, 255, 255, 65) // as ÿ of some code pages is
  assert.equal(telnet.isTelnet, false)
  assert.equal(telnet.hide().length + telnet.show().length, 0)
  assert.deepEqual(said, [])
})

test('CR, CR LF and CR NUL end a line; subnegotiations are skipped; the interrupt key counts', () => {
  const { read, interrupts } = slowly()
  assert.equal(read(65, 13, 0, 255, 250, 24, 0, 255, 255, 7, 255, 240, 66, 255, 244), 'A\nB')
  assert.equal(interrupts(), 1)
  assert.equal(read(67, 13, 68, 13, 10, 69, 10, 10), 'C\nD\nE\n\n')
})

test('a telnet client is asked once for eight bits, and told once that we send them', () => {
  const { read, said } = slowly()
  read(255, 251, 0)
  assert.deepEqual(said.splice(0), DO_BINARY, 'the agreement is not answered')
  read(255, 251, 0, 255, 252, 0, 255, 254, 0)
  assert.deepEqual(said, [])
  read(255, 253, 0, 255, 253, 0)
  assert.deepEqual(said.splice(0), [255, 251, 0])
  read(255, 254, 0, 255, 254, 0)
  assert.deepEqual(said, [255, 252, 0])
})

/** Like inetutils' telnet without BINARY: these bytes become keys, which it also marks (RFC 860). */
function sevenBits(text: string): number[] {
  const keys = new Map([
    [0x83, 244],
    [0x84, 236],
    [0x8f, 245],
    [0x9a, 237],
    [0x9c, 243],
  ])
  return Array.from(Buffer.from(text)).flatMap(byte => {
    const key = keys.get(byte)
    return key === undefined ? byte : [255, key, 255, 253, 6]
  })
}

test('keys that a seven-bit telnet finds inside characters are bytes of these, and end nothing', () => {
  const letters = fc.constantFrom(...'aéÚÜÃÄÏя“𐄏🦜😃😄\n')
  fc.assert(
    fc.property(fc.array(fc.oneof(letters, fc.string({ unit: 'grapheme' }))), parts => {
      const { read, interrupts } = slowly()
      const text = parts.join('').replace(/\r/g, '')
      assert.equal(Buffer.from(read(...sevenBits(text)), 'latin1').toString(), text)
      const telnet = new Telnet()
      const chunks = Array.from(text, each => {
        const bytes = sevenBits(each)
        const chunk = telnet.read(Buffer.from(bytes))
        assert.equal(chunk.mended, bytes.includes(255))
        return chunk
      })
      assert.equal(Buffer.concat(chunks.map(chunk => chunk.text)).toString(), text)
      assert.equal(interrupts(), 0)
      assert.ok(!chunks.some(chunk => chunk.interrupted))
    }),
  )
})

test('between characters, and from clients that send keys, a key is that key', () => {
  for (const before of [[], [0x41], [0xc3, 0x91], [0xc3, 0x0a]]) {
    const { read, interrupts } = slowly()
    read(...before, 255, 244)
    assert.equal(interrupts(), 1, `after ${before}`)
  }
  const { telnet, read, interrupts } = slowly()
  telnet.takeKeys()
  read(0xc3, 255, 244)
  assert.equal(interrupts(), 1)
})

test('an unterminated subnegotiation ends with its line, or at its bound', () => {
  const { read } = slowly()
  assert.equal(read(255, 250, 24, 65, 66, 13, 10, 67, 10), '\nC\n')
  assert.equal(read(255, 250, ...Array<number>(256).fill(65), 66, 10), 'B\n')
})

test('a client that sends keys is offered our echo, and asked for nothing else', () => {
  const { telnet, read, said } = slowly()
  read(255, 253, 3)
  said.splice(0)
  assert.deepEqual([...telnet.takeKeys()], [255, 251, 1, 255, 251, 3, 255, 253, 31])
  read(255, 253, 1, 255, 253, 3)
  assert.deepEqual(said, [], 'an agreement is not answered')
  assert.equal(telnet.hide().length + telnet.show().length, 0, 'we show what we like')
  assert.equal(telnet.echoesItself, false)
  read(255, 254, 1)
  assert.equal(telnet.echoesItself, true)
})

test('a client whose line we edit sends its window size, whatever bytes that takes', () => {
  const { telnet, read, said } = slowly()
  assert.equal(read(255, 253, 3), '')
  telnet.takeKeys()
  assert.equal(telnet.columns, undefined)
  said.length = 0
  assert.equal(read(255, 251, 31, 255, 250, 31, 0, 132, 0, 10, 255, 240, 65), 'A')
  assert.deepEqual([said, telnet.columns], [[], 132], 'it was asked for, and a row of ten is no end of line')
  assert.equal(read(255, 250, 31, 1, 255, 255, 0, 13, 255, 240, 66), 'B')
  assert.equal(telnet.columns, 511, 'a byte of 255 comes twice')
  assert.equal(read(255, 250, 31, 0, 0, 0, 0, 255, 240), '')
  assert.equal(telnet.columns, undefined, 'none is not known')
})
