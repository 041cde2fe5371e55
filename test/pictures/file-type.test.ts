import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { typeOf } from '../../src/pictures/file-type.ts'
import { moving, Studio, upright } from './making.ts'

const studio = await Studio.open()
after(() => studio[Symbol.asyncDispose]())

async function found(bytes: Buffer | string): Promise<string> {
  return typeOf(await studio.sent(Buffer.from(bytes)))
}

test('pictures and films are told by their content', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)
    assert.equal(await found(await upright(9, 9)[format]().toBuffer()), `image/${format}`)
  assert.equal(await found(await moving(9, 9, 2).webp().toBuffer()), 'image/webp')
  assert.equal(await found(brand('isom')), 'video/mp4')
  assert.equal(await found(brand('qt  ')), 'video/quicktime')
  assert.equal(await found(brand('M4A ')), 'audio/mp4')
  assert.equal(await found(brand('heic')), 'image/heic')
  assert.equal(await found('%PDF-1.7\n%comentario\n'), 'application/pdf')
})

function brand(name: string): Buffer {
  return Buffer.from(`\0\0\0\x14ftyp${name}\0\0\0\0${name}\0\0\0\x08free`, 'latin1')
}

test('texts are text/plain, whatever two letters they begin with', async () => {
  for (const text of [
    'Hola, ¿qué tal?\r\n\tBien.',
    'BMW y MZ son marcas',
    'MZ',
    '\ufeffcon marca',
    'BEGIN:VCALENDAR\nVERSION:2.0\n',
  ])
    assert.equal(await found(text), 'text/plain', text)
  assert.equal(
    await found(`${'a'.repeat(64 * 1024 - 1)}ñ`),
    'text/plain',
    'a character on the edge of what is read',
  )
})

test('what a browser would run is never said to be that', async () => {
  const page = '<html><script>alert(1)</script></html>'
  const utf16 = (text: string) => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')])
  const active = [
    page,
    '<!doctype html>',
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    `<?xml version="1.0"?><svg/>\0`,
    utf16('<?xml version="1.0"?><svg/>'),
    utf16(page),
    `${page}\0`,
    `\0asm\x01\0\0\0${page}`,
    `FWS\x05\0\0\0${page}`,
    `MIME-Version: 1.0\nContent-Type: multipart/related\n\n${page}`,
    `BEGIN:VCARD\0${page}`,
  ]
  for (const bytes of active)
    assert.match(await found(bytes), /^(text\/plain|application\/octet-stream)$/, `${bytes}`)
})

test('a JPEG with a web page in it is a JPEG', async () => {
  const jpeg = await upright(9, 9).jpeg().toBuffer()
  assert.equal(await found(Buffer.concat([jpeg, Buffer.from('<script>alert(1)</script>')])), 'image/jpeg')
})

test('what is no text and has no signature is not known', async () => {
  for (const bytes of [
    Buffer.of(0, 1, 2, 3),
    Buffer.of(0xc3, 0x28),
    Buffer.alloc(0),
    Buffer.from('a\x1b[2J'),
  ])
    assert.equal(await found(bytes), 'application/octet-stream')
})
