import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { open, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import sharp from 'sharp'
import { BrokenMedia } from '../../src/pictures/iso-media.ts'
import { removeLocation } from '../../src/pictures/location.ts'
import { BrokenPicture } from '../../src/pictures/metadata.ts'
import { LIMITS } from '../../src/pictures/pictures.ts'
import { box, brand, endlessPhotograph, full, handler, long, number, text, track } from './boxes.ts'
import { LOCATION, moving, Studio, tellsLocation, upright, withLocation } from './making.ts'

const studio = await Studio.open()
after(() => studio[Symbol.asyncDispose]())

const location = box('udta', box('\xa9xyz', text(LOCATION)))

/** @returns the copy; undefined where none was made */
async function removed(bytes: Buffer, type = 'video/mp4'): Promise<Buffer | undefined> {
  const to = join(await studio.target(), 'copy')
  const from = await studio.sent(bytes)
  const isChanged = await removeLocation(from, to, { type, most: LIMITS.bytes })
  assert.ok((await readFile(from)).equals(bytes), 'what was sent is not touched')
  assert.equal(existsSync(to), isChanged)
  return isChanged ? readFile(to) : undefined
}

// --- films -----------------------------------------------------------------------------------------------

test('user data of a film and of its tracks is gone, everything else stays where it was', async () => {
  const xyz = box('\xa9xyz', text(LOCATION))
  const film = (first: Buffer, inTrack: Buffer, second: Buffer, last: Buffer) =>
    Buffer.concat([
      brand('isom'),
      box('mdat', Buffer.alloc(5000, 'pixel')),
      box(
        'moov',
        full('mvhd', Buffer.alloc(96)),
        first,
        track('vide', [32], [10], { inside: inTrack }),
        second,
      ),
      last,
    ])
  const sent = film(
    box('udta', xyz),
    box('udta', xyz),
    full('meta', text(LOCATION)),
    box('uuid', text(LOCATION)),
  )
  const free = (length: number) => box('free', Buffer.alloc(length))
  const { length } = xyz
  assert.deepEqual(
    await removed(sent),
    film(free(length), free(length), free(4 + LOCATION.length), free(LOCATION.length)),
  )
})

test('what the sensors of a camera measured is gone with its track', async () => {
  const start = brand('qt  ').length + 8
  for (const sizes of [[20], [16, 20, 24]]) {
    const data = Buffer.alloc(200, 'pixel')
    data.write(LOCATION, 4)
    data.write(LOCATION, 24)
    data.write(LOCATION, 104)
    const offsets = [start, start + 100]
    const tracks = [track('vide', [start + 150], [1]), track('meta', offsets, sizes)]
    const copy = await removed(
      Buffer.concat([brand('qt  '), box('mdat', data), box('moov', ...tracks)]),
      'video/quicktime',
    )
    assert.ok(copy)
    assert.ok(!copy.includes(LOCATION))
    assert.equal(copy.subarray(start + 60, start + 100).toString(), data.toString('latin1', 60, 100))
    assert.equal(copy.toString('latin1').split('trak').length, 2)
  }
})

test('a film with nothing to remove, and one of another type, get no copy', async () => {
  assert.equal(await removed(Buffer.concat([brand('isom'), box('moov', track('vide', [], [1]))])), undefined)
  assert.ok(!studio.pictures.mayHoldLocation('audio/mpeg'))
  assert.equal(await removed(Buffer.concat([brand('isom'), box('moov', location)]), 'audio/mpeg'), undefined)
})

test('lengths of eight bytes, a length that is the rest, pixels that break off', async () => {
  const moov = box('moov', location)
  const rest = Buffer.concat([number(0), text('mdat'), text('pixels')])
  const broken = Buffer.concat([number(1000), text('mdat'), text('pixels')])
  for (const end of [long('mdat', text('pixels')), rest, broken]) {
    const copy = await removed(Buffer.concat([brand('isom'), moov, end]))
    assert.ok(copy && !copy.includes(LOCATION))
    assert.ok(copy.subarray(-end.length).equals(end))
  }
})

test('what is too broken to find its location is refused, and so is what has too much in it', async () => {
  const good = Buffer.concat([brand('isom'), box('moov', location)])
  const sensors = track('meta', [32], [5])
  const broken = [
    good.subarray(0, -1),
    Buffer.concat([brand('isom'), number(7), text('moov'), good]),
    Buffer.concat([brand('isom'), number(1), text('moov')]),
    Buffer.concat([brand('isom'), box('moov', location, number(500), text('udta'))]),
    Buffer.concat([brand('isom'), box('moov', location, track('meta', [1e6, 2e6], [5]))]),
    Buffer.concat([brand('isom'), box('moov', location, track('meta', [10, 20], [5, 6]))]),
    Buffer.concat([
      brand('isom'),
      box('moov', Buffer.from(sensors.toString('latin1').replace('stsz', 'stz2'), 'latin1')),
    ]),
    Buffer.from('nothing of that kind, but long enough'),
    Buffer.concat([brand('isom'), box('moov', track('meta', new Array(200_001).fill(20), [1]))]),
  ]
  for (const bytes of broken)
    await assert.rejects(removed(bytes), error => error instanceof BrokenMedia || error instanceof RangeError)
  assert.equal(await removed(Buffer.alloc(0)), undefined)
})

test('as many locations as a long film has are all found, in the order in which they are named', async () => {
  const count = 130_000
  const data = Buffer.alloc(count * 2, 'ab')
  const start = brand('isom').length + 8
  const offsets = Array.from({ length: count }, (_, index) => start + 2 * ((index * 7919) % count))
  const film = Buffer.concat([brand('isom'), box('mdat', data), box('moov', location, ...sensors(offsets))])
  const copy = await removed(film)
  assert.ok(copy && !copy.includes(LOCATION))
  assert.ok(copy.subarray(start, start + data.length).equals(Buffer.alloc(data.length, '\0b')))
})

/** A track with a sample of one byte in each of its chunks. */
function sensors(offsets: readonly number[]): Buffer[] {
  return [track('meta', offsets, [1], { runs: [1, 1, 1] })]
}

test('what follows a film and is none of its boxes is gone', async () => {
  const film = Buffer.concat([brand('isom'), box('moov', location), box('mdat', text('pixels'))])
  const copy = await removed(Buffer.concat([film, text(`TAG ${LOCATION}`)]))
  assert.ok(copy && !copy.includes(LOCATION))
  assert.ok(copy.includes('pixels'))
})

/** Bytes. */
const SIZE = 2 ** 26

test('the pixels of a film are not read', async () => {
  const head = Buffer.concat([brand('isom'), box('moov', location), number(SIZE), text('mdat')])
  const path = await studio.sent(head)
  await truncate(path, head.length - 8 + SIZE) // without blocks on the disk
  const to = join(await studio.target(), 'copy')
  const before = process.memoryUsage.rss()
  assert.ok(await removeLocation(path, to, { type: 'video/mp4', most: LIMITS.bytes }))
  assert.ok(process.memoryUsage.rss() - before < 24e6)
  await using copy = await open(to)
  assert.equal((await copy.stat()).size, head.length - 8 + SIZE)
  const { buffer } = await copy.read(Buffer.alloc(head.length), 0, head.length, 0)
  assert.ok(!buffer.includes(LOCATION))
})

// --- photographs -----------------------------------------------------------------------------------------

/** A HEIC photograph of two items: pixels, and metadata of this type. @param method 0 for the file, 1 for *idat* */
function photograph(type: string, method: 0 | 1, version: 0 | 1): Buffer {
  const [pixels, metadata] = [text('pixels of a photograph'), text(`\0\0\0\0II*\0${LOCATION}`)]
  const item = (id: number, kind: string) =>
    box('infe', number(2, 1), number(0, 3), number(id, 2), number(0, 2), text(`${kind}\0`))
  const made = (start: number) => {
    const extents = [
      [1, start, pixels.length],
      [2, start + pixels.length, metadata.length],
    ].map(([id = 0, from = 0, length = 0]) =>
      Buffer.concat([
        number(id, 2),
        ...(version > 0 ? [number(method, 2)] : []),
        ...[number(0, 2), number(1, 2), number(from), number(length)],
      ]),
    )
    const iloc = box('iloc', number(version, 1), number(0, 3), number(0x4400, 2), number(2, 2), ...extents)
    const boxes = [handler('pict'), full('iinf', number(2, 2), item(1, 'hvc1'), item(2, type)), iloc]
    if (method === 1) boxes.push(box('idat', pixels, metadata))
    const rest = method === 0 ? [box('mdat', pixels, metadata)] : []
    return Buffer.concat([
      box('ftyp', text('heic'), number(0), text('mif1heic')),
      full('meta', ...boxes),
      ...rest,
    ])
  }
  return made(method === 1 ? 0 : made(0).indexOf(pixels))
}

for (const [type, method, version] of [
  ['Exif', 0, 0],
  ['Exif', 0, 1],
  ['Exif', 1, 1],
  ['mime', 0, 1],
] as const) {
  test(`a HEIC photograph: ${type}, construction method ${method}, version ${version}`, async () => {
    const bytes = photograph(type, method, version)
    const copy = await removed(bytes, 'image/heic')
    assert.ok(copy)
    assert.equal(copy.length, bytes.length)
    assert.ok(!copy.includes(LOCATION))
    assert.ok(copy.includes('pixels of a photograph'))
    assert.ok(copy.includes('iinf') && copy.includes('iloc'), 'its pixels are found')
    assert.equal(copy.includes('MM\0*\0\0\0\x08\0\0'), type === 'Exif', 'an Exif that says nothing')
  })
}

test('a HEIC photograph whose metadata is said to be elsewhere, or everywhere, is refused', async () => {
  const bytes = photograph('Exif', 0, 1)
  const length = `${LOCATION}`.length + 8
  const at = bytes.lastIndexOf(number(length), bytes.indexOf('mdat'))
  for (const wrong of [1e9, 0]) {
    bytes.writeUInt32BE(wrong, at)
    await assert.rejects(removed(bytes, 'image/heic'), BrokenMedia)
  }
})

test('a HEIC photograph with more items, and pieces of them, than bytes', async () => {
  await assert.rejects(removed(endlessPhotograph(1), 'image/heic'), BrokenMedia)
  assert.equal(await removed(endlessPhotograph(2), 'image/heic'), undefined, 'of what is no metadata')
})

test('an AVIF of libheif is as it was, but for its metadata', async () => {
  const bytes = await withLocation(upright(64, 48)).avif({ effort: 0 }).toBuffer()
  assert.ok(tellsLocation(bytes))
  const copy = await removed(bytes, 'image/avif')
  assert.ok(copy)
  assert.ok(!tellsLocation(copy))
  assert.ok((await sharp(copy).raw().toBuffer()).equals(await sharp(bytes).raw().toBuffer()))
})

// --- pictures, on a machine that can't read them ---------------------------------------------------------

test('pictures lose their metadata without being read, and lie as before', async () => {
  const pictures = {
    'image/jpeg': withLocation(upright(64, 48)).jpeg().withMetadata({ orientation: 6 }),
    'image/png': withLocation(upright(64, 48)).png(),
    'image/webp': withLocation(moving(64, 48, 3)).webp(),
  }
  for (const [type, picture] of Object.entries(pictures)) {
    const bytes = await picture.toBuffer()
    assert.ok(tellsLocation(bytes))
    const copy = await removed(bytes, type)
    assert.ok(copy, type)
    assert.ok(!tellsLocation(copy))
    const { pages, orientation } = await sharp(bytes).metadata()
    const after = await sharp(copy).metadata()
    assert.deepEqual([after.pages, after.orientation], [pages, orientation === 1 ? undefined : orientation])
    assert.ok(
      (await sharp(copy).autoOrient().raw().toBuffer()).equals(
        await sharp(bytes).autoOrient().raw().toBuffer(),
      ),
    )
    await assert.rejects(removed(bytes.subarray(0, 20), type), BrokenPicture)
  }
})

test('a picture of more bytes than it may have is not read', async () => {
  const from = await studio.sent(upright(64, 48).png())
  const to = join(await studio.target(), 'copy')
  await assert.rejects(removeLocation(from, to, { type: 'image/png', most: 99 }), BrokenPicture)
})

test('a progressive JPEG keeps all its scans', async () => {
  for (const options of [{ progressive: true }, { mozjpeg: true }]) {
    const bytes = await withLocation(upright(200, 150)).jpeg(options).toBuffer()
    const copy = await removed(bytes, 'image/jpeg')
    assert.ok(copy && !tellsLocation(copy))
    assert.ok((await sharp(copy).raw().toBuffer()).equals(await sharp(bytes).raw().toBuffer()))
  }
})
