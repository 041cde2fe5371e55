import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { open, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import sharp from 'sharp'
import { removePlace } from '../../src/pictures/place.ts'
import { moving, PLACE, Studio, tellsPlace, upright, withPlace } from './making.ts'

const studio = await Studio.open()
after(() => studio[Symbol.asyncDispose]())

// --- boxes -----------------------------------------------------------------------------------------------

const text = (value: string) => Buffer.from(value, 'latin1')

function number(value: number, bytes = 4): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntBE(value, 0, bytes)
  return buffer
}

function box(type: string, ...content: readonly Buffer[]): Buffer {
  const inside = Buffer.concat(content)
  return Buffer.concat([number(8 + inside.length), text(type), inside])
}

const full = (type: string, ...content: readonly Buffer[]) => box(type, number(0), ...content)
/** A box whose length has eight bytes. */
const long = (type: string, content: Buffer) =>
  Buffer.concat([number(1), text(type), number(0), number(16 + content.length), content])
const brand = (name: string) => box('ftyp', text(name), number(0), text(name))
const place = box('udta', box('\xa9xyz', text(PLACE)))
const handler = (type: string) => full('hdlr', text('mhlr'), text(type), Buffer.alloc(12))

/** A track of two chunks, of two samples and one. @param sizes each sample's, or one for all */
function track(
  type: string,
  offsets: readonly number[],
  sizes: readonly number[],
  inside = box('free'),
): Buffer {
  const [same = 0] = sizes
  const ofSizes =
    sizes.length === 1
      ? [number(same), number(3)]
      : [number(0), number(3), ...sizes.map(each => number(each))]
  const table = box(
    'stbl',
    full('stco', number(offsets.length), ...offsets.map(each => number(each))),
    full('stsc', number(2), ...[1, 2, 1, 2, 1, 1].map(each => number(each))),
    full('stsz', ...ofSizes),
  )
  return box('trak', full('tkhd', Buffer.alloc(20)), inside, box('mdia', handler(type), box('minf', table)))
}

/** @returns the copy; undefined where none was made */
async function removed(bytes: Buffer, type = 'video/mp4'): Promise<Buffer | undefined> {
  const to = join(await studio.target(), 'copy')
  const from = await studio.sent(bytes)
  const isChanged = await removePlace(from, to, type)
  assert.ok((await readFile(from)).equals(bytes), 'what was sent is not touched')
  assert.equal(existsSync(to), isChanged)
  return isChanged ? readFile(to) : undefined
}

// --- films -----------------------------------------------------------------------------------------------

test('user data of a film and of its tracks is gone, everything else stays where it was', async () => {
  const xyz = box('\xa9xyz', text(PLACE))
  const film = (first: Buffer, inTrack: Buffer, second: Buffer, last: Buffer) =>
    Buffer.concat([
      brand('isom'),
      box('mdat', Buffer.alloc(5000, 'pixel')),
      box('moov', full('mvhd', Buffer.alloc(96)), first, track('vide', [32], [10], inTrack), second),
      last,
    ])
  const sent = film(box('udta', xyz), box('udta', xyz), full('meta', text(PLACE)), box('uuid', text(PLACE)))
  const free = (length: number) => box('free', Buffer.alloc(length))
  const { length } = xyz
  assert.deepEqual(
    await removed(sent),
    film(free(length), free(length), free(4 + PLACE.length), free(PLACE.length)),
  )
})

test('what the sensors of a camera measured is gone with its track', async () => {
  const start = brand('qt  ').length + 8
  for (const sizes of [[20], [16, 20, 24]]) {
    const data = Buffer.alloc(200, 'pixel')
    data.write(PLACE, 4)
    data.write(PLACE, 24)
    data.write(PLACE, 104)
    const offsets = [start, start + 100]
    const tracks = [track('vide', [start + 150], [1]), track('meta', offsets, sizes)]
    const copy = await removed(
      Buffer.concat([brand('qt  '), box('mdat', data), box('moov', ...tracks)]),
      'video/quicktime',
    )
    assert.ok(copy)
    assert.ok(!copy.includes(PLACE))
    assert.equal(copy.subarray(start + 60, start + 100).toString(), data.toString('latin1', 60, 100))
    assert.equal(copy.toString('latin1').split('trak').length, 2)
  }
})

test('a film with nothing to remove, and one of another type, get no copy', async () => {
  assert.equal(await removed(Buffer.concat([brand('isom'), box('moov', track('vide', [], [1]))])), undefined)
  assert.ok(!studio.pictures.mayHoldPlace('audio/mpeg'))
  assert.equal(await removed(Buffer.concat([brand('isom'), box('moov', place)]), 'audio/mpeg'), undefined)
})

test('lengths of eight bytes, a length that is the rest, pixels that break off', async () => {
  const moov = box('moov', place)
  const rest = Buffer.concat([number(0), text('mdat'), text('pixels')])
  const broken = Buffer.concat([number(1000), text('mdat'), text('pixels')])
  for (const end of [long('mdat', text('pixels')), rest, broken]) {
    const copy = await removed(Buffer.concat([brand('isom'), moov, end]))
    assert.ok(copy && !copy.includes(PLACE))
    assert.ok(copy.subarray(-end.length).equals(end))
  }
})

test('what is broken is left as it is', async () => {
  const good = Buffer.concat([brand('isom'), box('moov', place)])
  const broken = [
    good.subarray(0, -1),
    Buffer.concat([brand('isom'), number(7), text('moov'), good]),
    Buffer.concat([brand('isom'), number(1), text('moov')]),
    Buffer.concat([brand('isom'), box('moov', place, number(500), text('udta'))]),
    Buffer.concat([brand('isom'), box('moov', place, track('meta', [1e6, 2e6], [5]))]),
    Buffer.concat([brand('isom'), box('moov', place, track('meta', [10, 20], [5, 6]))]),
    Buffer.from('nothing of that kind, but long enough'),
    Buffer.alloc(0),
  ]
  for (const bytes of broken) assert.equal(await removed(bytes), undefined)
  const endless = Buffer.concat(Array.from({ length: 100_001 }, () => box('free')))
  assert.equal(await removed(Buffer.concat([good, endless])), undefined, 'boxes without end')
})

/** Bytes. */
const SIZE = 2 ** 26

test('the pixels of a film are not read', async () => {
  const head = Buffer.concat([brand('isom'), box('moov', place), number(SIZE), text('mdat')])
  const path = await studio.sent(head)
  await truncate(path, head.length - 8 + SIZE) // without blocks on the disk
  const to = join(await studio.target(), 'copy')
  const before = process.memoryUsage.rss()
  assert.ok(await removePlace(path, to, 'video/mp4'))
  assert.ok(process.memoryUsage.rss() - before < 24e6)
  await using copy = await open(to)
  assert.equal((await copy.stat()).size, head.length - 8 + SIZE)
  const { buffer } = await copy.read(Buffer.alloc(head.length), 0, head.length, 0)
  assert.ok(!buffer.includes(PLACE))
})

// --- photographs -----------------------------------------------------------------------------------------

/** A HEIC photograph of two items: pixels, and metadata of this type. @param method 0 for the file, 1 for *idat* */
function photograph(type: string, method: 0 | 1, version: 0 | 1): Buffer {
  const [pixels, metadata] = [text('pixels of a photograph'), text(`\0\0\0\0II*\0${PLACE}`)]
  const item = (id: number, kind: string) =>
    box('infe', number(2, 1), number(0, 3), number(id, 2), number(0, 2), text(`${kind}\0`))
  const made = (start: number) => {
    const places = [
      [1, start, pixels.length],
      [2, start + pixels.length, metadata.length],
    ].map(([id = 0, from = 0, length = 0]) =>
      Buffer.concat([
        number(id, 2),
        ...(version > 0 ? [number(method, 2)] : []),
        ...[number(0, 2), number(1, 2), number(from), number(length)],
      ]),
    )
    const iloc = box('iloc', number(version, 1), number(0, 3), number(0x4400, 2), number(2, 2), ...places)
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
    assert.ok(!copy.includes(PLACE))
    assert.ok(copy.includes('pixels of a photograph'))
    assert.ok(copy.includes('iinf') && copy.includes('iloc'), 'its pixels are found')
    assert.equal(copy.includes('MM\0*\0\0\0\x08\0\0'), type === 'Exif', 'an Exif that says nothing')
  })
}

test('a HEIC photograph whose metadata is said to be elsewhere is left as it is', async () => {
  const bytes = photograph('Exif', 0, 1)
  const length = `${PLACE}`.length + 8
  const at = bytes.lastIndexOf(number(length), bytes.indexOf('mdat'))
  bytes.writeUInt32BE(1e9, at)
  assert.equal(await removed(bytes, 'image/heic'), undefined)
})

test('an AVIF of libheif is as it was, but for its metadata', async () => {
  const bytes = await withPlace(upright(64, 48)).avif({ effort: 0 }).toBuffer()
  assert.ok(tellsPlace(bytes))
  const copy = await removed(bytes, 'image/avif')
  assert.ok(copy)
  assert.ok(!tellsPlace(copy))
  assert.ok((await sharp(copy).raw().toBuffer()).equals(await sharp(bytes).raw().toBuffer()))
})

// --- pictures, on a machine that can't read them ---------------------------------------------------------

test('pictures lose their metadata without being read, and lie as before', async () => {
  const pictures = {
    'image/jpeg': withPlace(upright(64, 48)).jpeg().withMetadata({ orientation: 6 }),
    'image/png': withPlace(upright(64, 48)).png(),
    'image/webp': withPlace(moving(64, 48, 3)).webp(),
  }
  for (const [type, picture] of Object.entries(pictures)) {
    const bytes = await picture.toBuffer()
    assert.ok(tellsPlace(bytes))
    const copy = await removed(bytes, type)
    assert.ok(copy, type)
    assert.ok(!tellsPlace(copy))
    const { pages, orientation } = await sharp(bytes).metadata()
    const after = await sharp(copy).metadata()
    assert.deepEqual([after.pages, after.orientation], [pages, orientation === 1 ? undefined : orientation])
    assert.ok(
      (await sharp(copy).autoOrient().raw().toBuffer()).equals(
        await sharp(bytes).autoOrient().raw().toBuffer(),
      ),
    )
    assert.equal(await removed(bytes.subarray(0, 20), type), undefined)
  }
})

test('a progressive JPEG keeps all its scans', async () => {
  for (const options of [{ progressive: true }, { mozjpeg: true }]) {
    const bytes = await withPlace(upright(200, 150)).jpeg(options).toBuffer()
    const copy = await removed(bytes, 'image/jpeg')
    assert.ok(copy && !tellsPlace(copy))
    assert.ok((await sharp(copy).raw().toBuffer()).equals(await sharp(bytes).raw().toBuffer()))
  }
})
