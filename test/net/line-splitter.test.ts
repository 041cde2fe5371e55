import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LineSplitter } from '../../src/net/line-splitter.ts'

const LONGEST = 12

function split(chunks: readonly Buffer[]): string[] {
  const heard: string[] = []
  const splitter = new LineSplitter(
    LONGEST,
    line => heard.push(line),
    () => heard.push('<too long>'),
  )
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return heard
}

/** A simple reference implementation: cut, drop one CR, measure, decode. */
function simply(bytes: Buffer): string[] {
  const lines: Buffer[] = []
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  if (start < bytes.length) lines.push(bytes.subarray(start))
  return lines.map(line => {
    const body = line.at(-1) === 13 ? line.subarray(0, -1) : line
    return body.length > LONGEST ? '<too long>' : body.toString()
  })
}

const byte = fc.oneof(fc.constantFrom(10, 13, 97, 0xc3, 0xb1, 0xf0, 0x9f, 0x98, 0x80, 0xff), fc.nat(255))
const chunks = fc.array(fc.array(byte, { maxLength: 40 }).map(bytes => Buffer.from(bytes)))

test('lines are the same however the packets are cut', () => {
  fc.assert(
    fc.property(chunks, pieces => assert.deepEqual(split(pieces), simply(Buffer.concat(pieces)))),
    { numRuns: 2000 },
  )
})

test('a line without end costs no more than its limit', () => {
  const heard: string[] = []
  const splitter = new LineSplitter(
    LONGEST,
    line => heard.push(line),
    () => heard.push('<too long>'),
  )
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 5000; i++) splitter.push(Buffer.alloc(10_000, 97))
  assert.ok(process.memoryUsage().arrayBuffers - before < 60 << 20)
  splitter.push(Buffer.from('\nok\n'))
  assert.deepEqual(heard, ['<too long>', 'ok'])
})
