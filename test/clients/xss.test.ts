// Hostile texts in a real browser, under the security policy that the web door sends: nothing runs, nothing is loaded,
// and the page has no elements but the few that a text may have.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { lacking, pathOf } from '../tools/programs.ts'
import { ROOT } from '../tools/root.ts'
import { temporaryFolder } from '../tools/server.ts'
import type { Examined } from './pages/examined.ts'
import { xssTexts } from './xss-corpus.ts'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}
const PAGES = join(ROOT, 'test/clients/pages')
const FLAGS = ['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run']
const QUIET = ['disable-background-networking', 'disable-component-update', 'disable-sync']

/** A browser on the page, and everything forbidden that happened there. */
class WatchedPage {
  readonly page: Page
  readonly incidents: string[] = []

  constructor(context: BrowserContext, page: Page, origin: string) {
    this.page = page
    const say = (what: string) => this.incidents.push(what)
    page.on('dialog', dialog => {
      say(`dialog: ${dialog.message()}`)
      // A page with an open dialog no longer answers.
      dialog.dismiss().catch(() => {})
    })
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') say(`console: ${message.text()}`)
    })
    page.on('pageerror', error => say(`error: ${error.message}`))
    page.on('framenavigated', frame => {
      if (frame.url() !== `${origin}/texts.html`) say(`navigation: ${frame.url()}`)
    })
    page.on('frameattached', frame => say(`frame: ${frame.url()}`))
    context.on('page', other => say(`window: ${other.url()}`))
    context.on('request', request => {
      if (!OWN.test(request.url().replace(origin, ''))) say(`request: ${request.url()}`)
    })
  }

  async show(texts: readonly string[]): Promise<readonly Examined[]> {
    return this.page.evaluate<readonly Examined[]>(`show(${JSON.stringify(texts)})`)
  }
}

/** The requests of the page itself. */
const OWN = /^\/(?:texts\.html|assets\/[\w-]+\.(?:js|css))$|^data:,$/

const cleanUp = new AsyncDisposableStack()
let watched: WatchedPage

before(async () => {
  if (lacking('chromium')) return
  const [built, profile] = await Promise.all([temporary(), temporary()])
  await build({
    configFile: join(ROOT, 'vite.config.ts'),
    root: PAGES,
    logLevel: 'warn',
    build: { outDir: built, rolldownOptions: { input: join(PAGES, 'texts.html') } },
  })
  const origin = await serve(built)
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: pathOf('chromium'),
    headless: true,
    args: [...FLAGS, ...QUIET].map(flag => `--${flag}`),
    viewport: { width: 400, height: 800 },
  })
  cleanUp.defer(() => context.close())
  const [page = await context.newPage()] = context.pages()
  watched = new WatchedPage(context, page, origin)
  await page.goto(`${origin}/texts.html`)
})

after(() => cleanUp.disposeAsync())

const skip = lacking('chromium')

test('hostile texts run nothing, load nothing and become nothing but text', { skip }, async () => {
  const shown = await watched.show(xssTexts.map(([, text]) => text))
  await watched.page.waitForLoadState('networkidle')
  for (const [at, { forbidden, hrefs }] of shown.entries()) {
    const [on, text] = xssTexts[at] ?? []
    assert.deepEqual(forbidden, [], `${on}: ${text}`)
    for (const href of hrefs) assert.match(href, /^(?:https?:\/\/|mailto:)/, `${on}: ${text}`)
  }
  assert.equal(await watched.page.evaluate('typeof window.__pwned'), 'undefined')
  assert.deepEqual(watched.incidents, [])
})

test('code is highlighted by a chunk that is loaded on demand', { skip }, async () => {
  await watched.show(['```js\nconst a = 1\n```'])
  await watched.page.locator('.tint-keyword', { hasText: 'const' }).waitFor()
  assert.deepEqual(watched.incidents, [])
})

test('nothing is drawn outside of its text', { skip }, async () => {
  const wide = [
    'ñ'.repeat(4000),
    `\`${'x'.repeat(4000)}\``,
    `\`\`\`\n${'x'.repeat(4000)}`,
    `https://x.example/${'a'.repeat(3900)}`,
  ]
  const tables = [`${'|palabra'.repeat(20)}\n${'|-'.repeat(20)}`]
  const piled = [`z${'\u0335\u0352'.repeat(100)}`]
  for (const { overhang, overflow } of await watched.show([...wide, ...tables, ...piled])) {
    assert.equal(overhang, 0)
    assert.equal(overflow, 'clip')
  }
})

async function temporary(): Promise<string> {
  const folder = await temporaryFolder()
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** @returns the origin of a server that has these files alone. */
async function serve(folder: string): Promise<string> {
  const server = createServer(async ({ url = '/' }, response) => {
    const type = TYPES[extname(url)]
    const body = type && (await readFile(join(folder, url)).catch(() => undefined))
    if (!body) return response.writeHead(404).end()
    return response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  cleanUp.defer(async () => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}
