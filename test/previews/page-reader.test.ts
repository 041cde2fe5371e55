// What pages say of themselves, and what is taken of that.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SafeFetch } from '../../src/net/fetch/safe-fetch.ts'
import { LONGEST_HEAD } from '../../src/previews/head.ts'
import { PageReader } from '../../src/previews/page-reader.ts'
import { type PageSource, Pages } from '../tools/pages.ts'

async function read(page: PageSource) {
  await using pages = await Pages.open({ '/': page })
  const fetch = new SafeFetch({ allowInternal: [pages.host], userAgent: 'test' })
  return await new PageReader(fetch).read(pages.url('/'))
}

function inCharset(bytes: Uint8Array, type: string): PageSource {
  return (_request, response) => void response.setHeader('Content-Type', type).end(bytes)
}

test('Open Graph counts more than Twitter’s cards, and those more than plain HTML', async () => {
  const og = `<meta property="og:title" content="A"><meta property=og:description content=B>
    <meta property="og:site_name" content='C'>`
  const card = '<meta name="twitter:title" content="a"><meta name="Twitter:Description" content="b">'
  const html =
    '<title>x</title><meta name="description" content="y"><meta name="application-name" content="z">'
  assert.deepEqual(await read(`<html><head>${html}${card}${og}`), { title: 'A', description: 'B', site: 'C' })
  assert.deepEqual(await read(`<!doctype html>${html}${card}`), { title: 'a', description: 'b', site: 'z' })
  assert.deepEqual(await read(html), { title: 'x', description: 'y', site: 'z' })
  const swapped =
    '<meta name="og:title" content="A"><meta property="og:title" content="B"><meta property="og:title">'
  assert.deepEqual(await read(swapped), { title: 'A' })
})

test('pictures: of a page by its URL, which may be relative, and a link to one', async () => {
  const picture = async (page: PageSource) => (await read(page))?.picture?.replace(/:\d+/, '')
  const og =
    '<title>x</title><meta property="og:image" content="a.png"><meta name="twitter:image" content="b.png">'
  assert.equal(await picture(og), 'http://127.0.0.1/a.png')
  assert.equal(await picture(`<base href="/c/">${og}`), 'http://127.0.0.1/c/a.png')
  assert.equal(await picture(`<base href="http://[">${og}`), 'http://127.0.0.1/a.png')
  assert.equal(await picture('<title>x</title><meta property="og:image" content="http://[">'), undefined)
  assert.equal(await picture('<meta property="og:image" content="a.png">'), undefined)
  const image = inCharset(Buffer.from('GIF89a'), 'image/gif')
  assert.equal(await picture(image), 'http://127.0.0.1/')
})

test('a page without a title has no preview; nor has anything that is no page', async () => {
  assert.equal(await read('<meta name="description" content="y"><title> </title>'), undefined)
  assert.equal(await read(''), undefined)
  assert.equal(await read(inCharset(Buffer.from('<title>x</title>'), 'text/plain')), undefined)
  assert.equal(await read(inCharset(Buffer.from('<title>x</title>'), '')), undefined)
  assert.equal(
    await read((_request, response) => void response.writeHead(500).end('<title>x</title>')),
    undefined,
  )
})

test('only the head counts, and its end is the end', async () => {
  assert.equal(await read('<head></head><title>x</title>'), undefined)
  assert.equal(await read('</head><title>x</title>'), undefined, 'a head need not be opened')
  assert.equal(await read('<body><title>x</title>'), undefined)
  assert.equal(await read('<!-- <title>x</title> --><script>"<title>y</title>"</script>'), undefined)
  assert.deepEqual(await read('<title>a &amp; <b>b</b> &#x1F600;</title><title>c</title>'), {
    title: 'a & <b>b</b> 😀',
  })
  const isLate = (at: number) => `<head>${' '.repeat(at)}<title>x</title></head>`
  assert.deepEqual(await read(isLate(LONGEST_HEAD - 64)), { title: 'x' })
  assert.equal(await read(isLate(4 * LONGEST_HEAD)), undefined)
})

test('after the head nothing more is read: a page without an end has a preview', async () => {
  const closed = Promise.withResolvers<void>()
  const endless: PageSource = (_request, response) => {
    response.setHeader('Content-Type', 'text/html').write('<head><title>x</title></head>')
    const more = () =>
      void (response.write('<p>'.repeat(1000)) ? setImmediate(more) : response.once('drain', more))
    more()
    response.on('close', closed.resolve)
  }
  assert.deepEqual(await read(endless), { title: 'x' })
  await closed.promise
})

test('charsets: by the header, a byte order mark or the page; unknown ones and broken bytes are no error', async () => {
  const latin = Buffer.from('<meta charset="iso-8859-1"><title>camión</title>', 'latin1')
  assert.deepEqual(await read(latin), { title: 'camión' })
  assert.deepEqual(await read(inCharset(latin, 'text/html; charset=iso-8859-1')), { title: 'camión' })
  assert.deepEqual(await read(inCharset(latin, 'text/html; charset=utf-8')), { title: 'cami\ufffdn' })
  const old = Buffer.from(
    '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title>\xcf</title>',
    'latin1',
  )
  assert.deepEqual(await read(old), { title: 'П' })
  assert.deepEqual(await read(inCharset(latin, 'text/html; charset=klingon')), { title: 'camión' })
  assert.deepEqual(await read('<meta charset="klingon"><title>camión</title>'), { title: 'camión' })
  assert.deepEqual(await read(Buffer.from('\ufeff<meta charset="iso-8859-1"><title>camión</title>')), {
    title: 'camión',
  })
  assert.deepEqual(await read(Buffer.from('\ufeff<title>ñ</title>', 'utf16le')), { title: 'ñ' })
  assert.deepEqual(await read('<meta charset="utf-16"><title>ñ</title>'), { title: 'ñ' })
  const slowly: PageSource = (_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    const bytes = Buffer.from(
      `<title>${'ñ'.repeat(3)}</title>${' '.repeat(2000)}<meta name=description content=é>`,
    )
    for (const byte of bytes) response.write(Buffer.of(byte))
    response.end()
  }
  assert.deepEqual(await read(slowly), { title: 'ñññ', description: 'é' })
})

test('texts are one line without what would move others’ text, and not too long', async () => {
  const page = `<title>a\n\t b\u0007\u001b[2J\u202e\u2066c&#8238;&#0;d</title>
    <meta name=description content="${'x'.repeat(5000)}"><meta property=og:site_name content="a${'\u0301'.repeat(50)}">`
  const { title, description = '', site } = (await read(page)) ?? assert.fail()
  assert.equal(title, 'a b [2J c \ufffdd')
  assert.equal(description, `${'x'.repeat(299)}…`)
  assert.equal(site, 'á\u0301\u0301'.slice(0, site?.length))
})
