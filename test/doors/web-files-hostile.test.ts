// Files of hostile, slow or confused senders and readers: each is refused with a sentence, and nothing of it stays.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rmdir } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { crc32 } from 'node:zlib'
import pg from 'pg'
import { upright } from '../pictures/making.ts'
import { impatient, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { pairArguments, withoutFile } from '../tools/pair.ts'
import { patiently } from '../tools/patiently.ts'
import { type Server, type ServerOptions, type ServerProcess, startServer } from '../tools/server.ts'
import { bytesOf, upload } from '../tools/uploading.ts'
import type { Web } from '../tools/web-client.ts'

const KIB = 1024
const MIB = 1024 * KIB
/** Of all uploads that never end. */
const ALL = 300 * MIB
/** Uploads must bring something within a moment. */
const hasty = { file: 'doors/web/files/bodies.ts', set: { SPAN_MS: 1_000 } }
const OFFSET = { 'Content-Type': 'application/offset+octet-stream' }

describe('the web door and bad files', () => {
  let server: Server
  let ana: Web
  let beto: Web
  before(async () => {
    server = await openServer({
      edits: [...quickHashes, impatient, hasty],
      args: ['--no-limits', '--file-size', '1M', '--files-per-person', '3M'],
    })
    ana = await server.web.register('ana')
    beto = await server.web.register('beto')
  })
  after(async () => {
    await ana.do('GET', '/session')
    assert.equal(server.errors, '', 'nothing failed')
    await server[Symbol.asyncDispose]()
  })

  // --- asking ------------------------------------------------------------------------------------------------

  interface Asked {
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: BodyInit
  }

  async function ask(web: Web, path: string, { method = 'GET', headers, body }: Asked = {}) {
    return fetch(web.origin + path, {
      method,
      headers: { ...(web.token !== undefined && { Authorization: `Bearer ${web.token}` }), ...headers },
      ...(body !== undefined && { body }),
    })
  }

  /** A refusal says it in both languages. @returns its code */
  async function refusal(web: Web, path: string, asked: Asked = {}): Promise<string> {
    const titles = new Set<string>()
    let code = ''
    for (const language of ['es', 'en']) {
      const headers = { ...asked.headers, 'Accept-Language': language }
      const answer = await ask(web, path, { ...asked, headers })
      assert.match(
        answer.headers.get('content-type') ?? '',
        /^application\/problem\+json/,
        `${answer.status}`,
      )
      const problem = await answer.json()
      assert.equal(problem.status, answer.status)
      assert.ok(problem.title.length > 10, problem.title)
      titles.add(problem.title)
      code = problem.code
    }
    assert.equal(titles.size, 2, 'one sentence in each language')
    return code
  }

  const tus = (headers: Readonly<Record<string, string>> = {}) => ({ 'Tus-Resumable': '1.0.0', ...headers })
  const named = (name: string) => `filename ${Buffer.from(name).toString('base64')}`

  async function begin(web: Web, size: number, headers: Readonly<Record<string, string>> = {}) {
    const answer = await ask(web, '/api/v1/uploads', {
      method: 'POST',
      headers: tus({ 'Upload-Length': `${size}`, 'Upload-Metadata': named('tarea.pdf'), ...headers }),
    })
    assert.equal(answer.status, 201, await answer.clone().text())
    return answer.headers.get('location') ?? ''
  }

  const patch = (at: number, body: BodyInit): Asked => ({
    method: 'PATCH',
    headers: tus({ ...OFFSET, 'Upload-Offset': `${at}` }),
    body,
  })

  async function offsetOf(web: Web, path: string): Promise<number> {
    const answer = await ask(web, path, { method: 'HEAD', headers: tus() })
    return answer.status === 200 ? Number(answer.headers.get('upload-offset')) : -1
  }

  const cancel = (web: Web, path: string) => ask(web, path, { method: 'DELETE', headers: tus() })

  interface Sent {
    readonly seq: number
    readonly attachments: readonly { id: string; name: string; type: string; sha256: string }[]
  }

  async function send(web: Web, name: string, bytes: BodyInit, query = ''): Promise<Sent> {
    const path = `/api/v1/rooms/1/files?name=${encodeURIComponent(name)}${query}`
    const answer = await ask(web, path, { method: 'POST', body: bytes })
    assert.equal(answer.status, 201, await answer.clone().text())
    return answer.json()
  }

  async function sendOne(web: Web, name: string, bytes: BodyInit) {
    const [file] = (await send(web, name, bytes)).attachments
    return file ?? assert.fail('no attachment')
  }

  const roomFiles = '/api/v1/rooms/1/files?name=x.bin'

  /** Names of all bytes that are stored. */
  async function stored(): Promise<readonly string[]> {
    const [, url] = await pairArguments(server.data)
    if (url !== undefined) return storedAt(url)
    const entries = await readdir(join(server.data, 'files'), { recursive: true, withFileTypes: true })
    return entries.filter(each => each.isFile()).map(({ name }) => name)
  }

  /** After what was refused: no upload and no bytes are there that were not there before. */
  async function leavesNothing(work: () => Promise<unknown>): Promise<void> {
    const [before, { used }] = [await stored(), await ana.do('GET', '/uploads')]
    await work()
    await patiently(
      async () => (await stored()).length === before.length,
      () => 'its bytes stay',
    )
    await patiently(
      async () => (await ana.do('GET', '/uploads')).used === used,
      () => 'it takes up space',
    )
  }

  /** A connection that says what it is told to. */
  function dial(): { socket: Socket; heard: () => string; closed: Promise<unknown> } {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    let heard = ''
    socket.setEncoding('latin1').on('data', text => {
      heard += text
    })
    socket.on('error', () => {})
    return { socket, heard: () => heard, closed: new Promise(resolve => socket.on('close', resolve)) }
  }

  const head = (
    method: string,
    path: string,
    headers: Readonly<Record<string, string | number>>,
    { token } = ana,
  ) =>
    [
      `${method} ${path} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${token}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n')

  async function hears(line: ReturnType<typeof dial>, wanted: RegExp): Promise<void> {
    await patiently(
      () => wanted.test(line.heard()),
      () => `never said ${wanted}: ${line.heard().slice(0, 500)}`,
    )
  }

  // --- what a file is ------------------------------------------------------------------------------------------

  const ACTIVE: Readonly<Record<string, string>> = {
    'página.html': '<!doctype html><script>alert(1)</script>',
    'dibujo.svg':
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    'hoja.xhtml':
      '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    'código.js': 'alert(1)',
    'estilo.css': '@import "https://example.org";',
    'correo.mht': 'MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>',
  }
  for (const [name, text] of Object.entries(ACTIVE)) {
    test(`${name} is text, contained, and not sniffed`, async () => {
      const { id } = await sendOne(ana, name, text)
      for (const query of ['', '?download', '?size=screen', '?size=../x', '?type=text/html']) {
        const answer = await ask(ana, `/f/${id}${query}`)
        assert.equal(answer.status, 200)
        assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8')
        assert.match(answer.headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/)
        assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
        assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin')
        const disposition = answer.headers.get('content-disposition') ?? ''
        assert.match(disposition, query === '?download' ? /^attachment; / : /^inline; /)
        assert.equal(await answer.text(), text)
      }
    })
  }

  test('a picture with a page behind it is that picture alone, as it was made anew', async () => {
    const polyglot = Buffer.concat([
      await upright(40, 30).png().toBuffer(),
      Buffer.from('<script>alert(1)</script>PK\x03\x04'),
    ])
    const { id, type } = await sendOne(ana, 'foto.html', new Uint8Array(polyglot))
    assert.equal(type, 'image/png')
    const answer = await ask(ana, `/f/${id}`)
    assert.equal(answer.headers.get('content-type'), 'image/png')
    assert.ok(!(await answer.text()).includes('alert'))
  })

  test('a name that says another type changes nothing', async () => {
    const { type } = await sendOne(ana, 'virus.exe', new Uint8Array(await upright(8, 8).png().toBuffer()))
    assert.equal(type, 'image/png')
    assert.equal((await sendOne(ana, 'foto.png', 'hola')).type, 'text/plain')
    const { id, type: unknown } = await sendOne(ana, 'foto.png', new Uint8Array([0, 1, 2, 3]))
    assert.equal(unknown, 'application/octet-stream')
    const answer = await ask(ana, `/f/${id}`)
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; /)
  })

  /** What becomes of names; undefined for those that are refused. */
  const NAMES: Readonly<Record<string, string | undefined>> = {
    '../../etc/passwd': 'passwd',
    'C:\\clase\\tarea.txt': 'tarea.txt',
    '/etc/': undefined,
    '..': undefined,
    '.bashrc': 'bashrc',
    'a\0b\r\nSet-Cookie: x=1\x1b[31m.txt': 'a b Set-Cookie_ x=1 [31m.txt',
    '\u202egnp.exe': 'gnp.exe',
    'a:b*c?"<>|.txt': 'a_b_c_____.txt',
    'ca\u0301lculo.txt': 'c\u00e1lculo.txt',
    [`${'ñ'.repeat(300)}.txt`]: `${'ñ'.repeat(125)}.txt`,
    '   ': undefined,
  }
  for (const [typed, expected] of Object.entries(NAMES)) {
    test(`a file named ${JSON.stringify(typed).slice(0, 40)}`, async () => {
      const path = `/api/v1/rooms/1/files?name=${encodeURIComponent(typed)}`
      const answer = await ask(ana, path, { method: 'POST', body: 'hola' })
      if (expected === undefined) {
        assert.equal(answer.status, 422)
        return assert.equal((await answer.json()).code, 'bad-file-name')
      }
      assert.equal(answer.status, 201)
      const [file] = (await answer.json()).attachments
      assert.equal(file.name, expected)
      assert.ok(Buffer.byteLength(file.name) <= 255)
      const { headers } = await ask(ana, `/f/${file.id}`)
      assert.equal(headers.get('set-cookie'), null)
      assert.match(
        headers.get('content-disposition') ?? '',
        /^inline; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w%.~!-]+$/,
      )
    })
  }

  test('an empty file, by each way', () =>
    leavesNothing(async () => {
      assert.equal(await refusal(ana, roomFiles, { method: 'POST', body: '' }), 'empty-file')
      const headers = tus({ 'Upload-Length': '0', 'Upload-Metadata': named('x') })
      assert.equal(await refusal(ana, '/api/v1/uploads', { method: 'POST', headers }), 'empty-file')
      const form = new FormData()
      form.set('file', new Blob([]), 'x')
      assert.equal(await refusal(ana, '/api/v1/rooms/1/files', { method: 'POST', body: form }), 'empty-file')
    }))

  test('a JPEG that is cut off, and a picture of 30,000 × 30,000 pixels', () =>
    leavesNothing(async () => {
      const whole = await upright(300, 200).jpeg().toBuffer()
      const cut = new Uint8Array(whole.subarray(0, whole.length / 2))
      assert.equal(await refusal(ana, roomFiles, { method: 'POST', body: cut }), 'bad-picture')
      const huge = new Uint8Array(declaring(30_000, 30_000))
      assert.equal(await refusal(ana, roomFiles, { method: 'POST', body: huge }), 'bad-picture')
    }))

  // --- how it is sent --------------------------------------------------------------------------------------------

  test('an upload that sends a byte now and then is cut off with a sentence, and goes on', async () => {
    const path = await begin(ana, 10)
    const slow = dial()
    slow.socket.write(head('PATCH', path, tus({ ...OFFSET, 'Upload-Offset': '0', 'Content-Length': '10' })))
    slow.socket.write('a')
    await hears(slow, /^HTTP\/1\.1 408 .*"code":"too-slow"/s)
    slow.socket.destroy()
    await patiently(
      async () => (await offsetOf(ana, path)) === 1,
      () => 'the byte that came is lost',
    )
    assert.equal((await ask(ana, path, patch(1, 'bcdefghij'))).status, 204)
    await cancel(ana, path)
  })

  test('a body in one request that never ends leaves nothing', () =>
    leavesNothing(async () => {
      const slow = dial()
      slow.socket.write(head('POST', roomFiles, { 'Content-Length': 1000 }))
      slow.socket.write('hola')
      await hears(slow, /"code":"too-slow"/)
      slow.socket.destroy()
      const gone = dial()
      gone.socket.write(head('POST', roomFiles, { 'Content-Length': 1000 }))
      gone.socket.write('hola')
      await patiently(
        async () => (await ana.do('GET', '/uploads')).used > 0,
        () => 'it was never begun',
      )
      gone.socket.destroy()
    }))

  test('a digest that does not match, and one that is none', () =>
    leavesNothing(async () => {
      const digest = (text: string) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`
      const wrong = { 'Repr-Digest': digest('otra cosa') }
      assert.equal(
        await refusal(ana, roomFiles, { method: 'POST', body: 'hola', headers: wrong }),
        'wrong-digest',
      )
      const none = { 'Repr-Digest': 'sha-256=:AAAA:' }
      assert.equal(
        await refusal(ana, roomFiles, { method: 'POST', body: 'hola', headers: none }),
        'bad-request',
      )
      const path = await begin(ana, 4, wrong)
      const answer = await ask(ana, path, patch(0, 'hola'))
      assert.equal((await answer.json()).code, 'wrong-digest')
      assert.equal(await offsetOf(ana, path), -1, 'it is gone')
    }))

  test('Upload-Length: none, negative, huge, no number', () =>
    leavesNothing(async () => {
      for (const length of [undefined, '-1', '1e3', '0x10', '', '99999999999999999999']) {
        const headers = tus({ ...(length !== undefined && { 'Upload-Length': length }) })
        const asked = { method: 'POST', headers: { ...headers, 'Upload-Metadata': named('x') } }
        assert.equal(await refusal(ana, '/api/v1/uploads', asked), 'bad-request', `${length}`)
      }
      const headers = tus({ 'Upload-Length': '999999999999999', 'Upload-Metadata': named('x') })
      assert.equal(await refusal(ana, '/api/v1/uploads', { method: 'POST', headers }), 'large-file')
    }))

  test('Upload-Metadata: none, and nonsense', () =>
    leavesNothing(async () => {
      for (const metadata of [
        '',
        ',,,',
        'filename',
        'filename %%%',
        '__proto__ eA==',
        'filename ,filename',
      ]) {
        const headers = tus({ 'Upload-Length': '4', ...(metadata && { 'Upload-Metadata': metadata }) })
        assert.equal(
          await refusal(ana, '/api/v1/uploads', { method: 'POST', headers }),
          'bad-file-name',
          metadata,
        )
      }
    }))

  test('another version of tus, another type, another offset, an id that is none', async () => {
    const path = await begin(ana, 10)
    const at = (offset: string, type = OFFSET['Content-Type']) => ({
      method: 'PATCH',
      headers: tus({ 'Content-Type': type, 'Upload-Offset': offset }),
      body: 'x',
    })
    assert.equal(await refusal(ana, path, { ...patch(0, 'x'), headers: OFFSET }), 'bad-request')
    for (const type of ['text/html', 'application/json', 'application/offset+octet-stream; a=b', 'x', '/'])
      assert.equal(await refusal(ana, path, at('0', type)), 'wrong-type', type)
    for (const offset of ['1', '10', '11', '999999999999999'])
      assert.equal(await refusal(ana, path, at(offset)), 'wrong-offset', offset)
    for (const offset of ['-1', 'x', ''])
      assert.equal(await refusal(ana, path, at(offset)), 'bad-request', offset)
    assert.equal(await offsetOf(ana, path), 0)
    assert.equal(await refusal(beto, path, patch(0, 'x')), 'no-such-upload', 'another’s')
    for (const id of ['x', '%00', '..%2f..', 'x'.repeat(400), 'ñ'])
      assert.equal(await refusal(ana, `/api/v1/uploads/${id}`, patch(0, 'x')), 'no-such-upload', id)
    await cancel(ana, path)
  })

  test('a body that is longer than announced: what fits is kept, the rest is refused', async () => {
    const path = await begin(ana, 4)
    const answer = await ask(ana, path, patch(0, 'hola y más'))
    assert.equal((await answer.json()).code, 'large-file')
    assert.equal(await offsetOf(ana, path), 4)
    await cancel(ana, path)
    const endless = dial()
    endless.socket.write(head('POST', roomFiles, { 'Transfer-Encoding': 'chunked' }))
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const pushing = setInterval(() => endless.socket.write(chunk), 1)
    await hears(endless, /"code":"large-file"/)
    await endless.closed
    clearInterval(pushing)
  })

  test('chunked bodies are files like others', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (const text of ['ho', 'la']) controller.enqueue(new TextEncoder().encode(text))
        controller.close()
      },
    })
    const options = {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { Authorization: `Bearer ${ana.token}` },
    }
    const answer = await fetch(ana.origin + roomFiles, options as RequestInit)
    assert.equal(answer.status, 201)
    assert.equal((await answer.json()).attachments[0].size, 4)
    const broken = dial()
    broken.socket.write(`${head('POST', roomFiles, { 'Transfer-Encoding': 'chunked' })}zz\r\nhola`)
    await hears(broken, /"code":"bad-request"/)
    broken.socket.destroy()
  })

  test('requests that are sent behind an upload are answered after it, also behind a refused one', async () => {
    const path = await begin(ana, 4)
    const line = dial()
    const get = head('GET', '/api/v1/session', {})
    const patching = (body: string) =>
      head('PATCH', path, tus({ ...OFFSET, 'Upload-Offset': '0', 'Content-Length': `${body.length}` })) + body
    line.socket.write(patching('hola') + get + patching('otra') + get)
    await patiently(
      () => line.heard().split('HTTP/1.1 ').length === 5,
      () => line.heard(),
    )
    assert.deepEqual(
      [...line.heard().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
      ['204', '200', '204', '200'],
      'what is finished already takes no more',
    )
    line.socket.destroy()
    await cancel(ana, path)
  })

  const multipart = (parts: string, boundary = 'B'): Asked => ({
    method: 'POST',
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: parts,
  })
  const part = (disposition: string, content: string) =>
    `--B\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`

  test('forms without an end, a boundary or a file, with too much of each', () =>
    leavesNothing(async () => {
      const file = part('name="file"; filename="a.txt"', 'hola')
      const end = '--B--\r\n'
      const path = '/api/v1/rooms/1/files'
      const forms: Record<string, [string, string]> = {
        'no end': [file, 'bad-request'],
        'no end of a part': [
          '--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhola',
          'bad-request',
        ],
        'no end of a head': ['--B\r\nContent-Disposition: form-data; name="file', 'bad-request'],
        'no file': [part('name="text"', 'hola') + end, 'bad-request'],
        'another boundary': [file.replaceAll('--B', '--C'), 'bad-request'],
        nothing: ['', 'bad-request'],
        '11 files': [file.repeat(11) + end, 'too-many-files'],
        '1,000 files': [file.repeat(1000) + end, 'too-many-files'],
        '1,000 fields': [part('name="text"', 'hola').repeat(1000) + file + end, 'bad-request'],
        'a field of 100 KB': [part('name="text"', 'x'.repeat(100 * KIB)) + file + end, 'long-text'],
        'a file that is too large': [
          part('name="file"; filename="a"', 'x'.repeat(1100 * KIB)) + end,
          'large-file',
        ],
        'a file with a bad name': [part('name="file"; filename="..."', 'x') + end, 'bad-file-name'],
      }
      for (const [what, [body, code]] of Object.entries(forms))
        assert.equal(await refusal(ana, path, multipart(body)), code, what)
      const headers = { 'Content-Type': 'multipart/form-data' }
      assert.equal(await refusal(ana, path, { method: 'POST', headers, body: file }), 'bad-request')
    }))

  test('forms whose sender hangs up, or gets too slow, within a file: nothing is kept of any file', () =>
    leavesNothing(async () => {
      const file = part('name="file"; filename="a.txt"', 'x'.repeat(300 * KIB))
      const begun = file + part('name="f2"; filename="b.txt"', 'y'.repeat(50 * KIB))
      const type = { 'Content-Type': 'multipart/form-data; boundary=B' }
      const sending = (body: string) => {
        const line = dial()
        line.socket.write(
          head('POST', '/api/v1/rooms/1/files', { ...type, 'Content-Length': body.length + 1000 }),
        )
        line.socket.write(body)
        return line
      }
      const { used } = await ana.do('GET', '/uploads')
      const isBegun = async () => (await ana.do('GET', '/uploads')).used > used
      const slow = sending(begun)
      await hears(slow, /^HTTP\/1\.1 408 .*"code":"too-slow"/s)
      slow.socket.destroy()
      for (const body of [begun, file, file.slice(0, 200)]) {
        const gone = sending(body)
        await patiently(isBegun, () => 'it was never begun')
        gone.socket.destroy()
        await patiently(
          async () => !(await isBegun()),
          () => 'it is not dropped',
        )
      }
    }))

  test('a query that says something twice, no name, an unknown room', () =>
    leavesNothing(async () => {
      const asked = { method: 'POST', body: 'hola' }
      const path = '/api/v1/rooms/1/files'
      assert.equal(await refusal(ana, `${path}?name=a&name=b`, asked), 'bad-request')
      assert.equal(await refusal(ana, `${path}?name=a&text=b&text=c`, asked), 'bad-request')
      assert.equal(await refusal(ana, path, asked), 'bad-request')
      assert.equal(await refusal(ana, '/api/v1/rooms/nada/files?name=a', asked), 'no-such-room')
      assert.equal(await refusal(ana, `${path}?name=a&alt=${'x'.repeat(2000)}`, asked), 'long-alt')
      assert.equal(await refusal(ana.with('x'), `${path}?name=a`, asked), 'not-logged-in')
    }))

  test('two PATCH at one offset: one is taken, and the file is that one’s', async () => {
    const path = await begin(ana, 64 * KIB)
    const [one, other] = ['1'.repeat(64 * KIB), '2'.repeat(64 * KIB)]
    const answers = await Promise.all([one, other].map(body => ask(ana, path, patch(0, body))))
    const statuses = answers.map(({ status }) => status).toSorted()
    // The later one may come when the file is finished already, and is told so.
    assert.ok(statuses.includes(204), statuses.join())
    assert.equal(await offsetOf(ana, path), 64 * KIB)
    const id = path.split('/').at(-1)
    const content = await (await ask(ana, `/f/${id}`)).text()
    assert.ok(content === one || content === other, 'a mixture')
    await cancel(ana, path)
  })

  test('two uploads of one content that finish at once are stored once, and each is sent', async () => {
    const before = (await stored()).length
    const ids = await Promise.all([1, 2, 3].map(i => upload(ana, `${i}.txt`, bytesOf(50 * KIB))))
    const { seq } = await ana.do('POST', '/rooms/1/messages', {
      text: '',
      attachments: ids.map(id => ({ upload: id })),
    })
    await patiently(
      async () => (await stored()).length === before + 1,
      () => 'it is stored several times',
    )
    for (const id of ids) assert.equal((await ask(beto, `/f/${id}`)).status, 200)
    await ana.do('DELETE', `/rooms/1/messages/${seq}`)
    await patiently(
      async () => (await stored()).length === before,
      () => 'its bytes stay',
    )
  })

  test('an upload that is cancelled while it comes', () =>
    leavesNothing(async () => {
      const path = await begin(ana, 900 * KIB)
      const line = dial()
      line.socket.write(
        head('PATCH', path, tus({ ...OFFSET, 'Upload-Offset': '0', 'Content-Length': `${900 * KIB}` })),
      )
      line.socket.write('x'.repeat(300 * KIB))
      await patiently(
        async () => (await stored()).includes(path.split('/').at(-1) ?? ''),
        () => 'it never began',
      )
      assert.equal((await cancel(ana, path)).status, 204)
      line.socket.write('x'.repeat(600 * KIB))
      await hears(line, /"code":"(wrong-offset|no-such-upload)"/)
      line.socket.destroy()
    }))

  test('a body that does not say its size needs no more space than it takes', async () => {
    const eva = await server.web.register('eva')
    const room = await eva.do('POST', '/rooms', { name: 'cuarto', kind: 'closed' })
    const path = `/api/v1/rooms/${room.id}/files?name=x.bin`
    for (let i = 0; i < 3; i++) await upload(eva, `${i}.bin`, bytesOf(900 * KIB))
    const { used } = await eva.do('GET', '/uploads')
    assert.ok(used > 2 * MIB, 'there is less space than one file may have')
    const chunked = (size: number) =>
      fetch(eva.origin + path, {
        method: 'POST',
        body: new Blob(['x'.repeat(size)]).stream(),
        duplex: 'half',
        headers: { Authorization: `Bearer ${eva.token}` },
      } as RequestInit)
    const large = await chunked(600 * KIB)
    assert.equal((await large.json()).code, 'own-files-full')
    assert.equal((await eva.do('GET', '/uploads')).used, used)
    assert.equal((await chunked(100)).status, 201)
    assert.equal((await eva.do('GET', '/uploads')).used, used + 100)
  })

  test('the files of a form need no more space than they take', async () => {
    const lola = await server.web.register('lola')
    const room = await lola.do('POST', '/rooms', { name: 'taller', kind: 'closed' })
    const path = `/api/v1/rooms/${room.id}/files`
    await upload(lola, 'a.bin', bytesOf(900 * KIB))
    const { used } = await lola.do('GET', '/uploads')
    const file = (sign: string) => part(`name="f"; filename="${sign}.txt"`, sign.repeat(650 * KIB))
    const form = multipart(`${['x', 'y', 'z'].map(file).join('')}--B--\r\n`)
    assert.equal((await ask(lola, path, form)).status, 201)
    assert.equal((await lola.do('GET', '/uploads')).used, used + 3 * 650 * KIB)
    assert.equal(await refusal(lola, path, form), 'own-files-full')
  })

  test('20 uploads that are begun at once where there is space for three', async () => {
    const headers = tus({ 'Upload-Length': `${900 * KIB}`, 'Upload-Metadata': named('x') })
    const caro = await server.web.register('caro')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask(caro, '/api/v1/uploads', { method: 'POST', headers })),
    )
    const begun = answers.filter(({ status }) => status === 201)
    assert.equal(begun.length, 3)
    assert.equal((await caro.do('GET', '/uploads')).used, 3 * 900 * KIB)
    assert.equal(await refusal(caro, '/api/v1/uploads', { method: 'POST', headers }), 'own-files-full')
  })

  test('101 uploads that nobody sends', async () => {
    const dora = await server.web.register('dora')
    for (let i = 0; i < 100; i++) await begin(dora, 1)
    const headers = tus({ 'Upload-Length': '1', 'Upload-Metadata': named('x') })
    assert.equal(await refusal(dora, '/api/v1/uploads', { method: 'POST', headers }), 'too-many-uploads')
  })

  // --- who reads it --------------------------------------------------------------------------------------------

  test('ranges, validators and methods', async () => {
    const { id, sha256 } = await sendOne(ana, 'diez.txt', '0123456789')
    const read = (headers: Readonly<Record<string, string>>, method = 'GET') =>
      ask(ana, `/f/${id}`, { method, headers })
    const part = async (range: string) => {
      const answer = await read({ Range: range })
      return `${answer.status} ${answer.headers.get('content-range')} ${await answer.text()}`
    }
    assert.equal(await part('bytes=2-4'), '206 bytes 2-4/10 234')
    assert.equal(await part('bytes=8-99'), '206 bytes 8-9/10 89')
    assert.equal(await part('bytes=-3'), '206 bytes 7-9/10 789')
    assert.equal(await part('bytes=-99'), '206 bytes 0-9/10 0123456789')
    for (const range of ['bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b', 'bytes=-', 'x'])
      assert.equal(await part(range), '200 null 0123456789', range)
    for (const range of ['bytes=10-', 'bytes=10-11', 'bytes=-0', 'bytes=-00', 'bytes=999999999999999-']) {
      assert.equal(await refusal(ana, `/f/${id}`, { headers: { Range: range } }), 'bad-range', range)
      assert.equal((await read({ Range: range })).headers.get('content-range'), 'bytes */10')
    }
    for (const known of [`"${sha256}"`, `W/"${sha256}"`, `"x", "${sha256}"`, '*'])
      assert.equal((await read({ 'If-None-Match': known })).status, 304, known)
    assert.equal((await read({ 'If-None-Match': '"x"' })).status, 200)
    assert.equal((await read({ Range: 'bytes=2-4', 'If-Range': `"${sha256}"` })).status, 206)
    for (const other of ['"x"', `W/"${sha256}"`, 'Sat, 28 Nov 2026 10:00:00 GMT'])
      assert.equal((await read({ Range: 'bytes=2-4', 'If-Range': other })).status, 200, other)
    const headed = await read({ Range: 'bytes=2-4' }, 'HEAD')
    assert.deepEqual(
      [headed.status, headed.headers.get('content-length'), await headed.text()],
      [200, '10', ''],
    )
    for (const method of ['PUT', 'POST', 'PATCH', 'DELETE'])
      assert.ok(['wrong-method', 'not-found'].includes(await refusal(ana, `/f/${id}`, { method })), method)
  })

  test('a session that ends while its file comes sends nothing', async () => {
    const session = await server.web.logIn('ana')
    const [half, files] = ['x'.repeat(50 * KIB), (await stored()).length]
    const { messages: before } = await ana.do('GET', '/rooms/1/messages?limit=1')
    const line = dial()
    line.socket.write(head('POST', roomFiles, { 'Content-Length': 2 * half.length }, session) + half)
    await patiently(
      async () => (await stored()).length > files,
      () => 'it never began',
    )
    await session.do('DELETE', '/session')
    line.socket.write(half)
    await hears(line, /"code":"not-logged-in"/)
    line.socket.destroy()
    assert.deepEqual((await ana.do('GET', '/rooms/1/messages?limit=1')).messages, before)
  })

  test('a stranger, somebody of another room, and a token of another room', async () => {
    const { id: room } = await ana.do('POST', '/rooms', { name: 'privada', kind: 'closed' })
    const path = `/api/v1/rooms/${room}/files?name=a.txt`
    const answer = await ask(ana, path, { method: 'POST', body: 'secreto' })
    const [{ id }] = (await answer.json()).attachments
    assert.equal(await refusal(server.web, `/f/${id}`), 'not-logged-in')
    const withoutTime = (headers: Headers) => [...headers].filter(([name]) => name !== 'date')
    for (const query of ['', '?size=thumb', '?download']) {
      const [hidden, unknown] = [
        await ask(beto, `/f/${id}${query}`, { headers: { Range: 'bytes=0-1', 'If-None-Match': '*' } }),
        await ask(beto, `/f/${'x'.repeat(22)}${query}`, {
          headers: { Range: 'bytes=0-1', 'If-None-Match': '*' },
        }),
      ]
      assert.equal(hidden.status, 404)
      assert.deepEqual(withoutTime(hidden.headers), withoutTime(unknown.headers))
      assert.equal(await hidden.text(), await unknown.text())
    }
    for (const unknown of ['x', '%00', 'ñ', '..%2f..%2fchat.db', `${id}.clean`, 'x'.repeat(500)])
      assert.equal(await refusal(ana, `/f/${unknown}`), 'no-such-file', unknown)
    const own = await upload(ana, 'mía.txt', bytesOf(10))
    assert.equal(await refusal(beto, `/f/${own}`), 'no-such-file', 'one that is not sent yet')
  })
})

/** Of a server on PostgreSQL. */
async function storedAt(connectionString: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query('SELECT key FROM files_stored')
  await client.end()
  return rows.map(({ key }) => key)
}

test('a body that never comes, or a byte at a time, ends its connection soon, wherever it is sent to', async t => {
  const strict = { file: 'doors/web/body-deadlines.ts', set: { REQUEST_MS: 1_000 } }
  const brief = { file: 'doors/web/files/bodies.ts', set: { LINGER_MS: 1_000 } }
  await using server = await openServer({ edits: [...quickHashes, impatient, strict, brief] })
  const ana = await server.web.register('ana')
  const begin = (line: string, headers: readonly string[] = []) => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }).on(
      'error',
      () => {},
    )
    t.after(() => socket.destroy())
    let heard = ''
    socket.setEncoding('latin1').on('data', text => {
      heard += text
    })
    const head = [`${line} HTTP/1.1`, 'Host: localhost', 'Content-Length: 1000', ...headers]
    socket.write(`${head.join('\r\n')}\r\n\r\n{`)
    return { line, socket, heard: () => heard }
  }
  const token = `Authorization: Bearer ${ana.token}`
  const bytes = ['Tus-Resumable: 1.0.0', 'Content-Type: application/offset+octet-stream']
  const lines = [
    'POST /api/v1/session',
    'POST /api/v1/uploadsX',
    'POST /api/v1/uploads',
    'PATCH /api/v1/uploads',
    'PATCH /api/v1/uploads/x',
    'PATCH /api/v1/rooms/1/files',
    'POST /api/v1/rooms/1/files',
    'PATCH /u/x',
    'PUT /u/nokey/x',
    'PUT /filehost',
    'POST /filehost',
    'POST /f/x',
    'GET /f/x',
    'POST /%zz',
    'POST /nowhere',
  ]
  const json = ['Content-Type: application/json']
  const refused = [
    ...lines.flatMap(line => [begin(line, json), begin(line, bytes)]),
    ...lines
      .filter(line => line !== 'POST /filehost') // with a token it is a file
      .map(line => begin(line, [token, ...json, 'Tus-Resumable: 1.0.0'])),
  ]
  const files = ['POST /api/v1/rooms/1/files?name=a', 'POST /filehost'].map(line => begin(line, [token]))
  for (const [i, { socket }] of refused.entries()) {
    if (i % 2 === 0) continue
    const trickle = setInterval(() => socket.write(' '), 200)
    socket.on('close', () => clearInterval(trickle))
  }
  await patiently(
    () => refused.every(({ socket }) => socket.closed || socket.readableEnded),
    () => {
      const open = refused.filter(({ socket }) => !socket.closed && !socket.readableEnded)
      return `still open: ${open.map(({ line, heard }) => `${line}: ${heard().slice(0, 12)}`).join(', ')}`
    },
  )
  for (const { line, socket, heard } of files) {
    assert.equal(heard(), '', line)
    socket.write('x'.repeat(999))
    await patiently(
      () => /^HTTP\/1\.1 201 /.test(heard()),
      () => `${line} took as long as it may, and heard ${heard()}`,
    )
  }
})

test('who asks whether to go on is refused before the body, or told to when it is read', async t => {
  await using server = await openServer({ edits: [...quickHashes, impatient] })
  const ana = await server.web.register('ana')
  const ask = async (line: string, body: string, headers: readonly string[] = []) => {
    const socket = connect(server.port, '127.0.0.1').on('error', () => {})
    t.after(() => socket.destroy())
    let heard = ''
    socket.setEncoding('latin1').on('data', text => {
      if (/^HTTP\/1\.1 100 Continue\r\n\r\n$/.test(`${text}`)) socket.write(body)
      heard += text
    })
    const head = [`${line} HTTP/1.1`, 'Host: localhost', 'Expect: 100-continue', ...headers]
    socket.write(`${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n`)
    await patiently(
      () => /^HTTP\/1\.1 [2-5]/m.test(heard),
      () => `${line}: ${heard}`,
    )
    return [...heard.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status).join(' ')
  }
  const token = `Authorization: Bearer ${ana.token}`
  const json = 'Content-Type: application/json'
  assert.equal(await ask('PUT /u/nokey/x', 'hola'), '403')
  assert.equal(await ask('POST /api/v1/rooms/1/files?name=a', 'hola'), '401')
  assert.equal(await ask('POST /api/v1/rooms/1/files?name=a', 'hola', [token]), '100 201')
  assert.equal(await ask('POST /api/v1/rooms/1/messages', '{"text":"hola"}', [token, json]), '100 201')
  assert.equal(await ask('POST /api/v1/rooms/1/messages', 'x'.repeat(100 * KIB), [token, json]), '413')
  assert.equal(
    await ask('POST /api/v1/rooms/1/messages', '{"text":"hola"}', [token, json, 'Origin: http://x.example']),
    '403',
  )
})

const canMount = process.platform === 'linux' && process.getuid?.() === 0

/** A server of its own, in its own process: with a disk of its own, or to be measured. */
async function uploading(options: ServerOptions, use: (server: ServerProcess, ana: Web) => Promise<void>) {
  await using server = await startServer({
    edits: [...quickHashes, impatient],
    ...options,
    args: ['--no-limits', ...(options.args ?? [])],
  })
  await use(server, await server.web.register('ana'))
  assert.doesNotMatch(server.errors, /"level":[56]0/, 'nothing failed')
}

const authorized = ({ token }: Web) => ({ Authorization: `Bearer ${token}` })

test('somebody who is removed in the middle of a download has the rest of it, and then nothing', () =>
  uploading({}, async (server, ana) => {
    const beto = await server.web.register('beto')
    const { id: room } = await ana.do('POST', '/rooms', { name: 'taller', kind: 'open' })
    await beto.do('PUT', `/rooms/${room}/members/beto`)
    const size = 64 * MIB
    const sent = await upload(ana, 'largo.bin', bytesOf(size))
    await ana.do('POST', `/rooms/${room}/messages`, { text: '', attachments: [{ upload: sent }] })
    const answer = await fetch(`${beto.origin}/f/${sent}`, { headers: authorized(beto) })
    const reader = answer.body?.getReader() ?? assert.fail('no body')
    let received = (await reader.read()).value?.length ?? 0
    await ana.do('DELETE', `/rooms/${room}/members/beto`)
    const again = await fetch(`${beto.origin}/f/${sent}`, { headers: authorized(beto) })
    assert.deepEqual([again.status, (await again.json()).code], [404, 'no-such-file'])
    assert.ok(received < size / 2, 'it was all there already')
    for (let next = await reader.read(); !next.done; next = await reader.read()) received += next.value.length
    assert.equal(received, size)
  }))

test('a disk that is full at half of an upload: it is told, texts go on, and the rest follows', {
  skip: withoutFile || (!canMount && 'needs root on Linux, to mount a small file system'),
}, async t => {
  const data = await mkdtemp(join(tmpdir(), 'tertulia-full-'))
  const size = (much: string) => ['-t', 'tmpfs', '-o', `size=${much}`, 'tmpfs', data]
  execFileSync('mount', size('40m'))
  t.after(async () => {
    execFileSync('umount', ['-l', data])
    await rmdir(data)
  })
  await uploading({ data }, async (_, ana) => {
    const whole = bytesOf(60 * MIB)
    const begun = await fetch(`${ana.origin}/api/v1/uploads`, {
      method: 'POST',
      headers: {
        ...authorized(ana),
        'Tus-Resumable': '1.0.0',
        'Upload-Length': `${whole.length}`,
        'Upload-Metadata': 'filename eA==',
      },
    })
    const url = ana.origin + begun.headers.get('location')
    const patch = (at: number) =>
      fetch(url, {
        method: 'PATCH',
        headers: { ...authorized(ana), 'Tus-Resumable': '1.0.0', ...OFFSET, 'Upload-Offset': `${at}` },
        body: new Uint8Array(whole.subarray(at)),
      })
    const full = await patch(0)
    assert.deepEqual([full.status, (await full.json()).code], [507, 'store-full'])
    const head = await fetch(url, {
      method: 'HEAD',
      headers: { ...authorized(ana), 'Tus-Resumable': '1.0.0' },
    })
    const at = Number(head.headers.get('upload-offset'))
    assert.ok(at > 10 * MIB && at < 40 * MIB, `${at}`)
    await ana.do('POST', '/rooms/1/messages', { text: 'sigue habiendo sitio para esto' })
    execFileSync('mount', ['-o', 'remount,size=200m', data])
    assert.equal((await patch(at)).status, 204)
    const read = await fetch(`${ana.origin}/f/${url.split('/').at(-1)}`, { headers: authorized(ana) })
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
    assert.equal(digest(new Uint8Array(await read.arrayBuffer())), digest(whole))
  })
})

test(
  'twelve uploads that never end, and as many that wait for them: the memory stays bounded',
  {
    skip: !existsSync('/proc/self/status') && 'there is no /proc',
  },
  () =>
    uploading({}, async (server, ana) => {
      const memory = async () => {
        const [, kib] = /^VmRSS:\s*(\d+) kB/m.exec(await readFile(`/proc/${server.pid}/status`, 'utf8')) ?? []
        return Number(kib) * KIB
      }
      await upload(ana, 'antes.bin', bytesOf(16 * MIB)) // what the first upload loads stays
      const before = await memory()
      let [most, written] = [before, 0]
      const block = Buffer.alloc(MIB, 'x')
      const sockets = Array.from({ length: 24 }, (_, i) => {
        const socket = connect(server.port, '127.0.0.1').on('error', () => {})
        const request = `POST /api/v1/rooms/1/files?name=${i} HTTP/1.1\r\nHost: localhost\r\n`
        socket.write(`${request}Authorization: Bearer ${ana.token}\r\nContent-Length: ${100 * MIB}\r\n\r\n`)
        const push = () => {
          if (socket.destroyed || written >= ALL) return
          written += block.length
          if (socket.write(block)) setImmediate(push)
          else socket.once('drain', push)
        }
        push()
        return socket
      })
      await patiently(
        async () => {
          most = Math.max(most, await memory())
          return written >= ALL
        },
        () => `only ${written} bytes were taken`,
        undefined,
        60_000,
      )
      for (const socket of sockets) socket.destroy()
      console.log(`memory: ${Math.round(before / MIB)} MiB before, at most ${Math.round(most / MIB)} MiB`)
      assert.ok(most - before < 128 * MIB, `${Math.round((most - before) / MIB)} MiB more`)
    }),
)

/** A PNG that says in its head how large it is, and has nothing else. */
function declaring(width: number, height: number): Buffer {
  const chunk = (type: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), content])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(content.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', Buffer.alloc(0)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
