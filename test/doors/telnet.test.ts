import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Telnet } from '../../src/doors/line/telnet.ts'

function listening() {
  const said: number[] = []
  let interrupts = 0
  const telnet = new Telnet({ answer: bytes => said.push(...bytes), interrupt: () => interrupts++ })
  return { telnet, said, interrupts: () => interrupts }
}

/** Feeds the bytes one by one: commands may be cut anywhere. */
function read(telnet: Telnet, ...bytes: number[]): string {
  return bytes.map(byte => telnet.read(Buffer.of(byte)).toString('latin1')).join('')
}

test('what is no telnet passes through as it is', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), chunks => {
      const bytes = Buffer.concat(
        chunks.map(chunk => chunk.map(byte => (byte === 255 || byte === 0 ? 65 : byte))),
      )
      const { telnet, said } = listening()
      const out = Buffer.concat(
        chunks.map(chunk =>
          telnet.read(Buffer.from(chunk.map(byte => (byte === 255 || byte === 0 ? 65 : byte)))),
        ),
      )
      assert.deepEqual(out, bytes)
      assert.deepEqual(said, [])
    }),
  )
})

test('whatever is sent, nothing throws, and answers are no longer than questions', () => {
  const byte = fc.oneof(
    fc.constantFrom(255, 254, 253, 252, 251, 250, 240, 246, 244, 1, 3, 13, 0),
    fc.nat(255),
  )
  fc.assert(
    fc.property(fc.array(byte), bytes => {
      const { telnet, said } = listening()
      read(telnet, ...bytes)
      assert.ok(said.length <= bytes.length * 12)
    }),
  )
})

test('options are refused, but ECHO while a password is typed, and SUPPRESS-GO-AHEAD', () => {
  const { telnet, said } = listening()
  assert.equal(read(telnet, 255, 253, 24, 255, 251, 31, 65), 'A')
  assert.deepEqual(said.splice(0), [255, 252, 24, 255, 254, 31])
  read(telnet, 255, 253, 3)
  assert.deepEqual(said.splice(0), [255, 251, 3])
  telnet.hide()
  assert.deepEqual(said.splice(0), [255, 251, 1])
  read(telnet, 255, 253, 1)
  assert.deepEqual(said.splice(0), [], 'an agreement is not answered')
  assert.equal(telnet.show(), true)
  assert.deepEqual(said.splice(0), [255, 252, 1])
})

test('who never spoke telnet is never spoken to in telnet', () => {
  const { telnet, said } = listening()
  read(telnet, 65, 10)
  telnet.hide()
  assert.equal(telnet.show(), false)
  assert.deepEqual(said, [])
})

test('CR NUL ends a line, subnegotiations are passed over, the interrupt key is heard', () => {
  const { telnet, interrupts } = listening()
  assert.equal(read(telnet, 65, 13, 0, 255, 250, 24, 0, 255, 255, 13, 255, 240, 66, 255, 244), 'A\r\nB')
  assert.equal(interrupts(), 1)
})
