// Links in messages, and what is shown of the pages behind them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { looksAtLinks } from '../../src/cli/policy.ts'
import { defaults } from '../../src/config/settings.ts'
import type { LinkPreview } from '../../src/wire/attachment-schemas.ts'
import { openServer } from '../tools/hosted.ts'
import { type PageSource, Pages } from '../tools/pages.ts'
import { patiently } from '../tools/patiently.ts'
import { type Server, startServer } from '../tools/server.ts'
import type { LiveClient, Web } from '../tools/web-client.ts'

const page = (title: string) =>
  `<head><title>${title}</title><meta property="og:site_name" content="Sitio"></head>`

function serving(pages: Pages, args: readonly string[] = []): Promise<Server> {
  return openServer({ args: ['--previews', 'on', '--allow-internal', pages.host, '--no-limits', ...args] })
}

async function post(who: Web, text: string, more: object = {}): Promise<number> {
  const { seq } = await who.do('POST', '/rooms/general/messages', { text, format: 'markdown', ...more })
  return seq
}

async function shown(who: Web, seq: number): Promise<LinkPreview[] | undefined> {
  const { messages } = await who.do('GET', '/rooms/general/messages')
  return messages.find((each: { seq: number }) => each.seq === seq)?.previews
}

/** The links of the first event about previews of that message. */
async function told(who: LiveClient, seq: number): Promise<readonly LinkPreview[]> {
  const found = () => who.events.find(each => each.kind === 'preview' && each.target === seq)
  await who.until(() => found() !== undefined, `nothing was told of the links of ${seq}`)
  const event = found()
  return event?.kind === 'preview' ? event.links : assert.fail()
}

test('a link shows what its page says, to whoever is there and whoever comes later, and nothing counts as unread', async () => {
  await using pages = await Pages.open({ '/a': page('Un título'), '/b': page('Otro') })
  await using server = await serving(pages)
  const ana = await server.web.register('ana')
  const beto = await server.web.register('beto')
  const line = await server.register('caro')
  using live = await beto.connect()
  const seq = await post(ana, `mira ${pages.url('/a')} y ${pages.url('/b')}, ${pages.url('/a')}`)
  const links = [
    { url: pages.url('/a'), title: 'Un título', site: 'Sitio' },
    { url: pages.url('/b'), title: 'Otro', site: 'Sitio' },
  ]
  assert.deepEqual(await told(live, seq), links)
  assert.deepEqual(await shown(beto, seq), links)
  assert.deepEqual(pages.asked.toSorted(), ['/a', '/b'])
  const room = async () => (await beto.do('GET', '/rooms')).mine[0]
  assert.equal((await room()).unread, 1)
  await beto.do('PUT', '/rooms/general/read', { seq })
  assert.equal((await room()).unread, 0)
  assert.ok((await room()).head > seq)
  await post(ana, 'fin')
  await line.expect('ana: fin\n')
  assert.doesNotMatch(line.heard, /t[ií]tulo/i)

  const again = await post(ana, pages.url('/a'))
  assert.deepEqual(await told(live, again), links.slice(0, 1))
  assert.equal(pages.asked.length, 2, 'a link is asked once')
})

test('links in code, too many links, pages that are none and messages that are gone have no previews', async () => {
  const held = Promise.withResolvers<void>()
  await using pages = await Pages.open({
    '/a': page('a'),
    '/slow': async (_request, response) => {
      await held.promise
      response.setHeader('Content-Type', 'text/html').end(page('tarde'))
    },
    '/broken': (_request, response) => void response.destroy(),
    ...Object.fromEntries([1, 2, 3, 4].map(number => [`/${number}`, page(`${number}`)])),
    '/last': page('último'),
  })
  await using server = await serving(pages)
  const ana = await server.web.register('ana')
  using live = await ana.connect()
  const code = await post(ana, `\`${pages.url('/a')}\`\n\`\`\`\n${pages.url('/a')}\n\`\`\``)
  const broken = await post(ana, `${pages.url('/broken')} ${pages.url('/missing')}`)
  const many = await post(ana, [1, 2, 3, 4].map(number => pages.url(`/${number}`)).join(' '))
  const gone = await post(ana, pages.url('/slow'))
  const changed = await post(ana, `${pages.url('/slow')} ${pages.url('/a')}`)
  await patiently(
    () => pages.asked.includes('/slow'),
    () => 'it was never asked',
  )
  await ana.do('DELETE', `/rooms/general/messages/${gone}`)
  await ana.do('PATCH', `/rooms/general/messages/${changed}`, { text: pages.url('/a') })
  held.resolve()
  assert.deepEqual(
    (await told(live, many)).map(({ title }) => title),
    ['1', '2', '3'],
  )
  assert.deepEqual(
    (await told(live, changed)).map(({ title }) => title),
    ['a'],
  )
  assert.equal(await shown(ana, code), undefined)
  assert.equal(await shown(ana, broken), undefined)
  assert.ok(!live.events.some(each => each.kind === 'preview' && each.target === gone))
  await post(ana, pages.url('/broken'))
  await told(live, await post(ana, pages.url('/last')))
  assert.deepEqual(pages.asked.toSorted(), ['/1', '/2', '/3', '/a', '/broken', '/last', '/missing', '/slow'])
})

test('a page and a picture that break off in the middle end nothing but their preview', async () => {
  const breaking =
    (type: string): PageSource =>
    (_request, response) => {
      const begun = () => response.socket?.resetAndDestroy()
      response.writeHead(200, { 'Content-Type': type, 'Content-Length': 1 << 20 }).write('<title>x', begun)
    }
  const noPiece: PageSource = ({ socket }) =>
    void socket.end(
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nno piece\r\n',
    )
  await using pages = await Pages.open({
    '/reset': breaking('text/html'),
    '/no-piece': noPiece,
    '/picture': '<title>b</title><meta property="og:image" content="/reset.png">',
    '/reset.png': breaking('image/png'),
    '/a': page('a'),
  })
  await using server = await startServer({ args: ['--previews', 'on', '--allow-internal', pages.host] })
  const ana = await server.web.register('ana')
  using live = await ana.connect()
  const links = ['/reset', '/no-piece', '/picture'].map(path => pages.url(path))
  assert.deepEqual(await told(live, await post(ana, links.join(' '))), [
    { url: pages.url('/picture'), title: 'b' },
  ])
  assert.equal((await told(live, await post(ana, pages.url('/a')))).length, 1)
})

test('an edit takes off the previews of links that are gone, and shows those of new ones; a deletion removes all', async () => {
  await using pages = await Pages.open({ '/a': page('a'), '/b': page('b'), '/c': page('c') })
  await using server = await serving(pages)
  const ana = await server.web.register('ana')
  using live = await ana.connect()
  const [{ cursor }] = (await ana.do('POST', '/catch-up', { cursors: [] })).rooms
  const seq = await post(ana, `${pages.url('/a')} ${pages.url('/b')}`)
  assert.equal((await told(live, seq)).length, 2)
  const edit = (text: string) => ana.do('PATCH', `/rooms/general/messages/${seq}`, { text })
  await edit(`solo ${pages.url('/b')}`)
  assert.deepEqual(
    (await shown(ana, seq))?.map(({ title }) => title),
    ['b'],
  )
  await edit('nada')
  assert.equal(await shown(ana, seq), undefined)
  await edit(pages.url('/c'))
  await patiently(
    async () => (await shown(ana, seq))?.[0]?.title === 'c',
    () => 'the new link is never shown',
  )
  await ana.do('DELETE', `/rooms/general/messages/${seq}`)
  const [{ events }] = (await ana.do('POST', '/catch-up', { cursors: [cursor] })).rooms
  const replayed = events.filter((each: { kind: string }) => each.kind === 'preview')
  assert.deepEqual(
    replayed.map(({ target, links }: { target: number; links: unknown }) => [target, links]),
    [
      [seq, []],
      [seq, []],
    ],
  )
})

test('the author or a moderator takes a preview off for good, and nobody else', async () => {
  await using pages = await Pages.open({ '/a': page('a'), '/b': page('b') })
  await using server = await serving(pages)
  const owner = await server.web.register('ana')
  const [beto, caro] = [await server.web.register('beto'), await server.web.register('caro')]
  using live = await caro.connect()
  const text = `${pages.url('/a')} ${pages.url('/b')}`
  const seq = await post(beto, text)
  await told(live, seq)
  const path = (url: string) => `/rooms/general/messages/${seq}/previews?url=${encodeURIComponent(url)}`
  assert.equal(await caro.refused('DELETE', path(pages.url('/a'))), 'forbidden')
  await beto.do('DELETE', path(pages.url('/a')))
  assert.deepEqual(
    (await shown(caro, seq))?.map(({ title }) => title),
    ['b'],
  )
  await owner.do('DELETE', path(pages.url('/b')))
  assert.equal(await shown(caro, seq), undefined)
  await live.until(() => live.events.filter(each => each.kind === 'preview').length === 3, 'not all was told')
  assert.deepEqual(live.events.findLast(each => each.kind === 'preview')?.links, [])
  await beto.do('DELETE', path(pages.url('/b')))
  await beto.do('PATCH', `/rooms/general/messages/${seq}`, { text: `${text} y` })
  await told(live, await post(beto, pages.url('/a')))
  assert.equal(await shown(caro, seq), undefined)
})

test('pictures are our server’s own small copies, for who may read the message, as long as it is there', async () => {
  const picture = await sharp({ create: { width: 960, height: 480, channels: 3, background: '#0a7' } })
    .png()
    .toBuffer()
  const image = (bytes: Uint8Array, type = 'image/png'): PageSource => {
    return (_request, response) => void response.setHeader('Content-Type', type).end(bytes)
  }
  const withPicture = (url: string) => `<title>x</title><meta property="og:image" content="${url}">`
  await using pages = await Pages.open({
    '/a': withPicture('/good.png'),
    '/good.png': image(picture),
    '/broken': withPicture('/broken.png'),
    '/broken.png': image(picture.subarray(0, 40)),
    '/text': withPicture('/text.png'),
    '/text.png': image(Buffer.from('<svg onload="x"/>')),
    '/large': withPicture('/large.png'),
    '/large.png': image(Buffer.concat([picture, Buffer.alloc(6 << 20)])),
    '/inside': withPicture('http://10.0.0.1/a.png'),
    '/lost': withPicture('/lost.png'),
  })
  await using server = await serving(pages)
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  using live = await ana.connect()
  const get = (who: Web, id: string) =>
    fetch(`${who.origin}/f/${id}`, { headers: { Authorization: `Bearer ${who.token}` } })

  await ana.do('POST', '/rooms', { name: 'club', kind: 'closed' })
  const { seq } = await ana.do('POST', '/rooms/club/messages', {
    text: `${pages.url('/a')} ${pages.url('/good.png')}`,
  })
  const [link, alone] = await told(live, seq)
  const shape = { width: 480, height: 240 }
  assert.deepEqual({ ...link?.picture, id: '', placeholder: '' }, { ...shape, id: '', placeholder: '' })
  assert.deepEqual([alone?.title, alone?.picture?.width], [undefined, 480])
  const id = link?.picture?.id ?? assert.fail()
  const answer = await get(ana, id)
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/webp'])
  assert.equal((await sharp(await answer.bytes()).metadata()).width, 480)
  assert.equal((await get(beto, id)).status, 404)

  for (const path of ['/broken', '/text', '/large', '/inside', '/lost']) {
    const [only] = await told(live, await post(ana, pages.url(path)))
    assert.deepEqual(only, { url: pages.url(path), title: 'x' }, path)
  }
  const shared = await post(beto, pages.url('/a'))
  assert.equal((await told(live, shared))[0]?.picture?.id, id)
  for (const room of [1, 2]) {
    const { token } = await ana.do('POST', '/me/tokens', { name: 'bot', scope: 'read', room })
    assert.equal(
      (await get(ana.with(token), id)).status,
      200,
      `a token of one room, ${room}, of two that show it`,
    )
  }
  await ana.do('DELETE', `/rooms/club/messages/${seq}`)
  assert.equal((await get(beto, id)).status, 200)
  const off = `/rooms/general/messages/${shared}/previews?url=${encodeURIComponent(pages.url('/a'))}`
  await beto.do('DELETE', off)
  assert.equal((await get(beto, id)).status, 404)
})

test('where others can connect, links are looked at only if the owner wants it', () => {
  const open = { ...defaults, publicUrl: 'https://chat.example.org' }
  assert.equal(looksAtLinks(defaults), true)
  assert.equal(looksAtLinks(open), false)
  assert.equal(looksAtLinks({ ...open, previews: 'on' }), true)
  assert.equal(looksAtLinks({ ...defaults, previews: 'off' }), false)
})

test('links are not looked at where the owner does not want it', async () => {
  await using pages = await Pages.open({ '/a': page('a') })
  await using server = await openServer({ args: ['--allow-internal', pages.host] })
  const ana = await server.web.register('ana')
  await post(ana, pages.url('/a'))
  await post(ana, 'fin')
  assert.deepEqual(pages.asked, [])
})
