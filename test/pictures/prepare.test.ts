import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { thumbHashToAverageRGBA } from 'thumbhash'
import { allOf, moving, noise, pathsOf, Studio, tellsLocation, upright, withLocation } from './making.ts'

const studio = await Studio.open()
after(() => studio[Symbol.asyncDispose]())

/** The colour of a pixel: red, green, blue, alpha. */
async function pixel(picture: Sharp, x: number, y: number): Promise<readonly number[]> {
  const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)]
}

function isNear(colour: readonly number[], expected: readonly number[]): void {
  const distance = Math.max(...expected.map((each, index) => Math.abs(each - (colour[index] ?? 0))))
  assert.ok(distance < 40, `${colour} should be ${expected}`)
}

const [RED, GREEN, BLUE] = [
  [255, 0, 0],
  [0, 160, 0],
  [0, 0, 255],
]

const formats: Record<string, (picture: Sharp) => Sharp> = {
  jpeg: picture => picture.jpeg(),
  png: picture => picture.png(),
  webp: picture => picture.webp(),
}

for (const [format, encoded] of Object.entries(formats)) {
  test(`${format}: nothing that is made of a picture says where it was taken`, async () => {
    for (const orientation of [1, 6]) {
      const sent = await encoded(withLocation(upright(600, 400)).withMetadata({ orientation })).toBuffer()
      assert.ok(tellsLocation(sent), 'the picture as it was sent does')
      const prepared = await studio.prepare(sent)
      assert.equal(prepared.type, format === 'webp' && orientation === 6 ? 'image/jpeg' : `image/${format}`)
      for (const made of await allOf(prepared)) {
        assert.ok(!tellsLocation(made))
        const { exif, xmp, iptc, orientation } = await sharp(made).metadata()
        assert.deepEqual([exif, xmp, iptc, orientation], [undefined, undefined, undefined, undefined])
      }
    }
  })
}

/** How an upright picture has to lie in the file: turned clockwise, then mirrored (TIFF 6.0, 274, Orientation). */
const LYING = [[0], [0, 'flop'], [180], [0, 'flip'], [90, 'flop'], [-90], [90, 'flip'], [90]] as const

test('all eight orientations are read upright', async () => {
  const picture = await upright(600, 400).png().toBuffer()
  for (const [index, [angle, mirror]] of LYING.entries()) {
    const turned = sharp(await sharp(picture).rotate(angle).toBuffer())
    const lying = mirror ? turned[mirror]() : turned
    const sent = await lying
      .jpeg({ quality: 95 })
      .withMetadata({ orientation: index + 1 })
      .toBuffer()
    const { width, height, files } = await studio.prepare(sent)
    assert.deepEqual([width, height], [600, 400], `orientation ${index + 1}`)
    for (const path of pathsOf(files)) {
      const shown = sharp(path)
      const { width: across, height: down } = await shown.metadata()
      isNear(await pixel(shown, 20, 20), BLUE)
      isNear(await pixel(shown, across - 20, 20), RED)
      isNear(await pixel(shown, 20, down - 20), GREEN)
    }
  }
})

test('the screen size fits into 1,920 pixels, the thumbnail into 480, and nothing is enlarged', async () => {
  const large = await studio.prepare(upright(2600, 1300).jpeg())
  assert.deepEqual(await sizeOf(large.files.screen), ['webp', 1920, 960])
  assert.deepEqual(await sizeOf(large.files.thumb?.path), ['webp', 480, 240])
  const { type, width, height } = large.files.thumb ?? assert.fail()
  assert.deepEqual([type, width, height], ['image/webp', 480, 240])
  const small = await studio.prepare(upright(300, 200).jpeg())
  assert.deepEqual(Object.keys(small.files), ['clean'])
  const heavy = await studio.prepare(noise(470, 470).png())
  assert.deepEqual(await sizeOf(heavy.files.screen), ['webp', 470, 470], 'few pixels, many bytes')
})

async function sizeOf(path: string | undefined): Promise<readonly unknown[]> {
  assert.ok(path)
  const { format, width, height } = await sharp(path).metadata()
  return [format, width, height]
}

test('the placeholder is a ThumbHash of the picture', async () => {
  const { placeholder } = await studio.prepare(
    sharp({ create: { width: 40, height: 30, channels: 3, background: '#c02010' } }).png(),
  )
  const { r, g, b } = thumbHashToAverageRGBA(Buffer.from(placeholder, 'base64'))
  isNear([r * 255, g * 255, b * 255], [0xc0, 0x20, 0x10])
})

test('PNG stays lossless, transparent, and as deep as it was', async () => {
  const sent = await upright(500, 300, 4).png().toBuffer()
  const { files } = await studio.prepare(sent)
  assert.ok((await sharp(sent).raw().toBuffer()).equals(await sharp(files.clean).raw().toBuffer()))
  const { thumb } = files
  assert.ok(thumb)
  assert.equal((await pixel(sharp(thumb.path), 470, 10))[3], 0)

  const deep = upright(64, 64).toColourspace('rgb16').png().withMetadata({ orientation: 3 })
  assert.equal((await sharp((await studio.prepare(deep)).files.clean).metadata()).depth, 'ushort')
})

test('a lossless WebP stays lossless, also when it is turned', async () => {
  const sent = await noise(60, 40).webp({ lossless: true }).withMetadata({ orientation: 6 }).toBuffer()
  const { files } = await studio.prepare(sent)
  const turned = await sharp(sent).autoOrient().raw().toBuffer()
  assert.ok(turned.equals(await sharp(files.clean).raw().toBuffer()))
})

test('texts in a PNG, and what stands behind its end, are gone', async () => {
  const sent = await upright(30, 20).png().toBuffer()
  const text = chunk('tEXt', 'Comment\0Plaza-Mayor-4712')
  const spoilt = Buffer.concat([
    sent.subarray(0, 33),
    text,
    sent.subarray(33),
    Buffer.from('<script>Plaza-Mayor-4712'),
  ])
  const { files } = await studio.prepare(spoilt)
  assert.ok(!tellsLocation(await readFile(files.clean)))
  assert.ok((await sharp(sent).raw().toBuffer()).equals(await sharp(files.clean).raw().toBuffer()))
})

/** A chunk of a PNG; its checksum is of no interest. */
function chunk(type: string, text: string): Buffer {
  const bytes = Buffer.alloc(12 + text.length)
  bytes.writeUInt32BE(text.length)
  bytes.write(type + text, 4, 'latin1')
  return bytes
}

test('AVIF becomes JPEG, and WebP where it is transparent', async () => {
  const opaque = await studio.prepare(upright(64, 48).avif({ effort: 0 }))
  assert.deepEqual([opaque.type, opaque.width], ['image/jpeg', 64])
  isNear(await pixel(sharp(opaque.files.clean), 60, 4), RED)
  const transparent = await studio.prepare(upright(64, 48, 4).avif({ effort: 0 }))
  assert.equal(transparent.type, 'image/webp')
  assert.equal((await pixel(sharp(transparent.files.clean), 60, 4))[3], 0)
})

for (const format of ['gif', 'webp'] as const) {
  test(`${format}: what moves goes on moving; its thumbnail stands still`, async () => {
    const sent = await withLocation(
      moving(120, 80, 5)[format]({ loop: 3, delay: [100, 200, 100, 100, 100] }),
    ).toBuffer()
    const spoilt = format === 'gif' ? withComment(sent) : sent
    assert.ok(tellsLocation(spoilt))
    const prepared = await studio.prepare(spoilt)
    assert.deepEqual([prepared.animated, prepared.width, prepared.height], [true, 120, 80])
    for (const made of await allOf(prepared)) assert.ok(!tellsLocation(made))
    const { clean, screen, thumb } = prepared.files
    const { pages, loop, delay } = await sharp(clean, { animated: true }).metadata()
    assert.deepEqual([pages, loop, delay], [5, 3, [100, 200, 100, 100, 100]])
    const frames = (bytes: string | Buffer) => sharp(bytes, { animated: true }).raw().toBuffer()
    assert.ok((await frames(sent)).equals(await frames(clean)))
    assert.equal(screen, undefined)
    assert.ok(thumb)
    assert.equal((await sharp(thumb.path).metadata()).pages, undefined)
  })
}

/** A GIF with a comment in front of its first block. */
function withComment(gif: Buffer): Buffer {
  const comment = Buffer.from('!\xfe\x10Plaza-Mayor-4712\0', 'latin1')
  const flags = gif.readUInt8(10)
  const blocks = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
  return Buffer.concat([gif.subarray(0, blocks), comment, gif.subarray(blocks)])
}

test('colours stay: a small profile of primaries is kept, any other is converted to sRGB', async () => {
  const wide = await upright(64, 48).withIccProfile('p3').jpeg().toBuffer()
  const { icc } = await sharp(wide).metadata()
  assert.ok(icc)
  const { files } = await studio.prepare(wide)
  assert.ok((await sharp(files.clean).metadata()).icc?.equals(icc))

  const print = await upright(64, 48)
    .withIccProfile('cmyk')
    .toColourspace('cmyk')
    .jpeg({ quality: 95 })
    .toBuffer()
  assert.equal((await sharp(print).metadata()).space, 'cmyk')
  const prepared = await studio.prepare(print)
  assert.equal((await sharp(prepared.files.clean).metadata()).space, 'srgb')
  isNear(await pixel(sharp(prepared.files.clean), 60, 4), await pixel(sharp(print), 60, 4))
})

test('what is no picture, or another kind, is refused whatever it claims', async () => {
  const texts = [
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    '%PDF-1.7\n',
    'P3 1 1 255 1 2 3\n',
    '',
  ]
  const tiff = await upright(9, 9).tiff().toBuffer()
  for (const bytes of [...texts.map(each => Buffer.from(each)), tiff])
    await assert.rejects(studio.prepare(bytes), { code: 'bad-picture' })
})

test('a picture that was cut off is refused', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif'] as const) {
    const sent = await noise(300, 300)[format]({ effort: 1 }).toBuffer()
    assert.ok(await studio.prepare(sent))
    const half = sent.subarray(0, sent.length / 2)
    await assert.rejects(studio.prepare(half), { code: 'bad-picture' }, format)
  }
})

test('a JPEG that is a web page as well is a JPEG alone afterwards', async () => {
  const sent = await upright(64, 48).jpeg().toBuffer()
  const page = '<!doctype html><script>alert(1)</script>'
  const comment = Buffer.from(`\xff\xfe\0${String.fromCharCode(page.length + 2)}${page}`, 'latin1')
  const { type, files } = await studio.prepare(
    Buffer.concat([sent.subarray(0, 2), comment, sent.subarray(2), Buffer.from(page)]),
  )
  assert.equal(type, 'image/jpeg')
  assert.ok(!(await readFile(files.clean)).includes('script'))
})
