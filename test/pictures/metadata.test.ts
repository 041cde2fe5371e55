import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutJpegMetadata } from '../../src/pictures/jpeg.ts'
import { withoutMetadata } from '../../src/pictures/metadata.ts'
import { upright, withLocation } from './making.ts'

/** The smallest parts that are kept, with those between them that are not. */
const PARTS = {
  png: {
    kept: '00000000 4944415400000000',
    gone: '00000000 7445587400000000',
    end: '00000000 49454e4400000000',
  },
  gif: { kept: '21f900', gone: '21fe00', end: '3b' },
  webp: { kept: '414c504800000000', gone: '5858585800000000', end: '' },
  jpeg: { kept: 'ffdb0002', gone: 'fffe0002', end: 'ffd9' },
}
const HEADS = {
  png: '89504e470d0a1a0a',
  gif: '474946383961 01000100 000000',
  webp: '52494646 00000000 57454250',
  jpeg: 'ffd8',
}
const COUNT = 200_000

const bytesOf = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex')

for (const format of ['png', 'gif', 'webp', 'jpeg'] as const)
  test(`${format}: of hundreds of thousands of parts what is kept is one piece`, () => {
    const [head, kept, gone, end] = [
      bytesOf(HEADS[format]),
      bytesOf(PARTS[format].kept),
      bytesOf(PARTS[format].gone),
      bytesOf(PARTS[format].end),
    ]
    const both = Buffer.concat([kept, gone])
    const sent = Buffer.concat([head, Buffer.alloc(COUNT * both.length, both), end])
    const expected = Buffer.concat([head, Buffer.alloc(COUNT * kept.length, kept), end])
    if (format === 'webp') for (const each of [sent, expected]) each.writeUInt32LE(each.length - 8, 4)
    const bytes = format === 'jpeg' ? withoutJpegMetadata(sent) : withoutMetadata(format, sent, true)?.bytes
    assert.ok(bytes?.equals(expected))
  })

test('JPEG: an Exif that breaks off is gone, and the first that says how it lies is kept', async () => {
  const picture = await upright(40, 30).jpeg().toBuffer()
  const turned = await withLocation(upright(40, 30)).jpeg().withMetadata({ orientation: 6 }).toBuffer()
  const exif = turned.subarray(turned.indexOf(bytesOf('ffe1')))
  const whole = exif.subarray(0, 2 + exif.readUInt16BE(2))
  const broken = bytesOf('ffe1 0010 457869660000 4d4d002a00000fff')
  const clean = withoutJpegMetadata(
    Buffer.concat([picture.subarray(0, 2), broken, whole, whole, picture.subarray(2)]),
  )
  assert.equal(clean.length, withoutJpegMetadata(picture).length + 36)
  assert.equal(clean.readUInt16BE(2 + 28), 6)
})
