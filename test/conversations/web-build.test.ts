// Servers that start without the web app build it.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { buildWithApp, buildWithAppSources, put } from '../tools/app.ts'
import type { Copy } from '../tools/copy.ts'
import { patiently } from '../tools/patiently.ts'
import { ROOT } from '../tools/root.ts'
import { type Server, startServer } from '../tools/server.ts'

const SCRIPT = 'src/clients/web/main.js'
/** vite takes up to this long when two test files share the machine. */
const LONG_MS = 60_000

interface Page {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

async function page({ web }: Server, path = '/'): Promise<Page> {
  const response = await fetch(web.origin + path)
  return { status: response.status, headers: response.headers, body: await response.text() }
}

/** The script that the server's page loads, which must exist; '' while there is no page. */
async function scriptOf(server: Server): Promise<string> {
  const { status, body } = await page(server)
  if (status === 503) return ''
  assert.equal(status, 200, body)
  const script = await page(server, /src="([^"]+)"/.exec(body)?.[1] ?? assert.fail(body))
  assert.equal(script.status, 200, 'the page is never without its script')
  return script.body
}

async function shows(server: Server, text: string): Promise<void> {
  let script = ''
  const found = async () => (script = await scriptOf(server)).includes(text)
  await patiently(found, () => `it shows ${script}, ${server.errors}`, server.exited, LONG_MS)
}

async function saysWhy(server: Server, why: string): Promise<Page> {
  let shown: Page | undefined
  const found = async () => (shown = await page(server)).body.includes(why)
  await patiently(found, () => `never said: ${why}, but ${shown?.body}`, server.exited, LONG_MS)
  return shown ?? assert.fail()
}

async function buildsOf({ folder }: Copy): Promise<number> {
  return (await readFile(join(folder, 'builds'), 'utf8').catch(() => '')).length
}

/** Changes the source after its build. */
async function change({ folder }: Copy, script: string): Promise<void> {
  await put(folder, { [SCRIPT]: script })
  const later = Date.now() / 1000 + 5
  await utimes(join(folder, SCRIPT), later, later)
}

test('a first start builds it while the chat is open; a second start finds it', async () => {
  await using copy = await buildWithAppSources()
  {
    await using server = await startServer({ sources: copy.sources })
    const first = await page(server)
    if (first.status === 503) {
      assert.equal(first.headers.get('refresh'), '1')
      assert.equal(first.headers.get('retry-after'), '1')
      assert.equal(first.headers.get('cache-control'), 'no-store')
      assert.match(
        first.body,
        /lang="es">La aplicación web se está construyendo.*\n.*lang="en">The web app is being/,
      )
    }
    await server.register('ana')
    await shows(server, 'primera')
    assert.equal(server.errors, '')
  }
  await using again = await startServer({ sources: copy.sources })
  assert.equal((await page(again)).status, 200, 'at once')
  await again.register('beto')
  assert.equal(await buildsOf(copy), 1)
  assert.deepEqual(await readdir(join(copy.folder, 'dist')), ['web'], 'nothing is left behind')
})

test('an outdated build is served until the new one is ready, and its files for a while after', async () => {
  await using copy = await buildWithAppSources()
  let former = ''
  {
    await using server = await startServer({ sources: copy.sources })
    await shows(server, 'primera')
    former = /src="([^"]+)"/.exec((await page(server)).body)?.[1] ?? assert.fail()
  }
  await put(join(copy.folder, 'dist/web'), { 'old.txt': 'x', 'assets/ancient-1.js': 'x' })
  await utimes(join(copy.folder, 'dist/web/assets/ancient-1.js'), 0, 0)
  await change(copy, 'document.title = "segunda"')
  await using server = await startServer({ sources: copy.sources })
  assert.equal((await page(server)).status, 200, 'the former one at least')
  await shows(server, 'segunda')
  assert.match((await page(server, former)).body, /primera/, 'for pages that were open')
  await patiently(
    async () => (await page(server, '/old.txt')).status === 404,
    () => 'a file of before stays',
  )
  await patiently(
    async () => (await page(server, '/assets/ancient-1.js')).status === 404,
    () => 'a file of long ago stays',
  )
  await using third = await startServer({ sources: copy.sources })
  await third.register('ana')
  assert.equal(await buildsOf(copy), 2, 'sources of the future are built once')
})

test('a source that was removed makes the build outdated', async () => {
  await using copy = await buildWithAppSources()
  await put(copy.folder, { 'src/clients/web/public/robots.txt': 'x' })
  {
    await using server = await startServer({ sources: copy.sources })
    await shows(server, 'primera')
    assert.equal((await page(server, '/robots.txt')).status, 200)
  }
  await rm(join(copy.folder, 'src/clients/web/public/robots.txt'))
  await using server = await startServer({ sources: copy.sources })
  await patiently(
    async () => (await page(server, '/robots.txt')).status === 404,
    () => 'it is still there',
  )
})

test('servers that start at once build it once, and all serve it', async () => {
  await using copy = await buildWithAppSources()
  const servers = await Promise.all(Array.from({ length: 6 }, () => startServer({ sources: copy.sources })))
  await using _ = {
    [Symbol.asyncDispose]: () => Promise.all(servers.map(each => each[Symbol.asyncDispose]())).then(() => {}),
  }
  await Promise.all(servers.map(each => shows(each, 'primera')))
  assert.equal(await buildsOf(copy), 1)
  for (const { errors } of servers) assert.equal(errors, '')
})

test('a server that is killed while building does not block the next build', async () => {
  await using copy = await buildWithAppSources()
  {
    await using first = await startServer({ sources: copy.sources })
    await patiently(
      () => existsSync(join(copy.folder, 'dist/.building')),
      () => 'it builds nothing',
    )
    await first.kill()
  }
  await using server = await startServer({ sources: copy.sources })
  await shows(server, 'primera')
})

test('the lock of a builder that died does not block the next build', async () => {
  await using copy = await buildWithAppSources()
  const NOBODY = 2 ** 22 + 1 // above the highest number that Linux gives
  await put(copy.folder, { 'dist/.building': `${NOBODY}`, 'dist/.web-dead/index.html': 'half' })
  await utimes(join(copy.folder, 'dist/.web-dead'), 0, 0)
  await using server = await startServer({ sources: copy.sources })
  await shows(server, 'primera')
  await patiently(
    async () => (await readdir(join(copy.folder, 'dist'))).join() === 'web',
    () => 'something is left behind',
  )
})

test('nor does one whose pid belongs to another process now', async () => {
  await using copy = await buildWithAppSources()
  await put(copy.folder, { 'dist/.building': `${process.pid}` })
  await utimes(join(copy.folder, 'dist/.building'), 0, 0)
  await using server = await startServer({ sources: copy.sources })
  await shows(server, 'primera')
})

test('if it can’t be built, the page says so, the log says why, and the chat works', async () => {
  await using copy = await buildWithAppSources()
  await writeFile(join(copy.folder, SCRIPT), 'this is no script: secret-of-the-source')
  await using server = await startServer({ sources: copy.sources })
  const { status, headers, body } = await saysWhy(server, 'no se pudo construir')
  assert.deepEqual([status, headers.get('refresh')], [503, null])
  assert.ok(!body.includes('secret') && !body.includes('main.js'), 'no word of the sources')
  const logged = JSON.parse(server.errors)
  assert.equal(logged.msg, 'the web app could not be built')
  assert.match(logged.reason, /main\.js/)
  await server.register('ana')
  assert.ok(!existsSync(join(copy.folder, 'dist/web')))
  assert.deepEqual(await readdir(join(copy.folder, 'dist')), [])
})

test('a build that fails leaves the last one in place', async () => {
  await using copy = await buildWithAppSources()
  {
    await using server = await startServer({ sources: copy.sources })
    await shows(server, 'primera')
  }
  await change(copy, 'this is no script')
  await using server = await startServer({ sources: copy.sources })
  await patiently(
    () => server.errors.includes('could not be built'),
    () => 'nothing is logged',
    server.exited,
    LONG_MS,
  )
  await shows(server, 'primera')
})

test('without vite, the page and the log say how to get it', async () => {
  await using copy = await buildWithAppSources()
  const modules = join(copy.folder, 'node_modules')
  const ours = await readdir(modules)
  await rm(modules)
  await mkdir(modules)
  for (const name of ours)
    if (name !== 'vite') await symlink(join(ROOT, 'node_modules', name), join(modules, name), 'junction')
  await using server = await startServer({ sources: copy.sources })
  const { status, headers, body } = await page(server)
  assert.deepEqual([status, headers.get('refresh')], [503, null])
  assert.match(body, /npm ci y npm run build[\s\S]*npm ci and npm run build/)
  await patiently(
    () => server.errors !== '',
    () => 'nothing is logged',
  )
  const { level, msg } = JSON.parse(server.errors)
  assert.deepEqual(
    [level, msg],
    [40, 'the web app is not built, and vite, which builds it, is not installed'],
  )
  await put(join(copy.folder, 'dist/web'), { 'index.html': 'built by hand' })
  assert.equal((await page(server)).body, 'built by hand', 'no new start is needed')
})

test('an installation without sources serves what it has, and builds nothing', async () => {
  await using copy = await buildWithApp({ 'index.html': 'as it is' })
  await utimes(join(copy.folder, 'dist/web/index.html'), 0, 0)
  await using server = await startServer({ sources: copy.sources })
  assert.equal((await page(server)).body, 'as it is')
  await server.register('ana')
  assert.equal(server.errors, '')
  assert.deepEqual(await readdir(join(copy.folder, 'dist')), ['web'])
})
