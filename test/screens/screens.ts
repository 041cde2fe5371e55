// The screens by which one judges the app: what `npm run screenshots` shows and axe.test.ts examines.

import type { Browser, Page } from 'playwright-core'
import { patiently } from '../tools/patiently.ts'
import type { Server } from '../tools/server.ts'
import { browse, type Look, settle } from './chromium.ts'
import { AWAY, ME, THERE } from './conversation.ts'
import { contentOf } from './files.ts'
import { type School, schoolServer } from './school.ts'

interface Scene {
  /** Who has talked there: nobody, one who has just registered, the class. */
  readonly among: 'nobody' | 'oneself' | 'class'
  /** Where one comes in. */
  path(school: School): string
  /** Brings the page to its state. */
  bring(page: Page, stage: Stage): Promise<void>
}

interface Stage {
  readonly server: Server
  /** Somebody else types in the room. */
  type(username: string): Promise<void>
}

const WORKSHOP = '/r/taller-sockets'
const TRIP = '/r/salida-de-campo'

export const SCREENS = {
  'first-run': {
    among: 'nobody',
    path: () => '/',
    bring: page => page.locator('#log-in-name').waitFor(),
  },
  'empty-room': {
    among: 'oneself',
    path: () => '/',
    bring: page => page.locator('.welcome').waitFor(),
  },
  'busy-room': {
    among: 'class',
    path: () => WORKSHOP,
    async bring(page, { type }) {
      await page.locator('.unread-line').waitFor()
      await page.locator('.tint-keyword').first().waitFor()
      await toEnd(page)
      await type('inés')
      await page.locator('.status-line', { hasText: 'inés' }).waitFor()
    },
  },
  thread: {
    among: 'class',
    path: school => `${WORKSHOP}#thread/${school.seqOf('question')}`,
    async bring(page) {
      await page.locator('.thread article').nth(3).waitFor()
      await page.locator('.thread .tint-keyword').first().waitFor()
    },
  },
  search: {
    among: 'class',
    path: () =>
      `${WORKSHOP}#${encodeURIComponent('search')}/${encodeURIComponent('línea en:taller-sockets')}`,
    bring: page => page.locator('.found mark').first().waitFor(),
  },
  settings: {
    among: 'class',
    path: () => '/r/general#settings',
    bring: page => page.locator('.page fieldset').first().waitFor(),
  },
  'long-names-and-code': {
    among: 'class',
    path: () => '/r/código-y-nombres-interminables',
    async bring(page) {
      await page.locator('article').last().waitFor()
      await page.locator('.tint-keyword').first().waitFor()
    },
  },
  files: {
    among: 'class',
    path: () => TRIP,
    async bring(page) {
      await page.locator('.first-lines .tint-number, .first-lines code').first().waitFor()
      await toEnd(page)
      await loaded(page, '.scroller .picture img')
    },
  },
  gallery: {
    among: 'class',
    path: () => `${TRIP}#files`,
    bring: page => loaded(page, '.gallery .picture img'),
  },
  viewer: {
    among: 'class',
    path: () => TRIP,
    async bring(page) {
      await page.locator('.scroller .picture a').first().click()
      await loaded(page, '.viewer img')
    },
  },
  uploading: {
    among: 'class',
    path: () => TRIP,
    async bring(page) {
      await page.locator('.picture').first().waitFor()
      // The server takes half of it, and then no more.
      await page.route('**/api/v1/uploads/*', async route => {
        const from = Number(route.request().headers()['upload-offset'] ?? 0)
        if (route.request().method() === 'PATCH' && from > 0)
          return route.fulfill({ status: 429, json: { code: 'too-fast' } })
        await route.continue()
      })
      const photo = await contentOf('laguna.jpg')
      await page.locator('main input[type=file][multiple]').setInputFiles([
        { name: 'laguna de noche.jpg', mimeType: 'image/jpeg', buffer: photo },
        { name: 'rota.jpg', mimeType: 'image/jpeg', buffer: photo.subarray(0, 300) },
        { name: 'video de la salida.zip', mimeType: 'application/zip', buffer: Buffer.alloc(900_000) },
      ])
      await page.locator('.outgoing.failed').waitFor()
      await page.locator('.outgoing', { hasText: 'Listo' }).waitFor()
      await page.locator('progress').first().waitFor()
      await page.locator('.tray .details').first().click()
      await page.locator('.tray-details input').fill('La laguna con luna llena')
      await page.locator('#composer').fill('Dos más de anoche')
    },
  },
  offline: {
    among: 'class',
    path: () => '/r/general',
    async bring(page, { server }) {
      await page.locator('article').last().waitFor()
      await server[Symbol.asyncDispose]()
      await page.locator('.status-line.cut').waitFor()
      for (const text of ['Se fue el wifi del laboratorio otra vez…', 'Cuando vuelva les llega esto 🙂']) {
        await page.locator('#composer').fill(text)
        await page.locator('.send').click()
        await page.locator('.pending', { hasText: text }).waitFor()
      }
    },
  },
} satisfies Record<string, Scene>

export type Name = keyof typeof SCREENS
export const NAMES = Object.keys(SCREENS) as Name[]

interface Theatre {
  readonly browser: Browser
  readonly school: School
}

/** Shows one screen, on a server of its own, for as long as it is used. */
export async function onScreen(
  name: Name,
  look: Look,
  { browser, school }: Theatre,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const scene: Scene = SCREENS[name]
  await using server = scene.among === 'class' ? await school.open() : await schoolServer()
  await using around = new AsyncDisposableStack()
  const token =
    scene.among === 'oneself' ? (await server.web.register('adriana')).token : school.tokens.get(ME)
  const others = new Map(scene.among === 'class' ? await gather(server, school) : [])
  for (const other of others.values()) around.use(other)
  const { context, page } = await browse(browser, look, {
    origin: server.web.origin,
    token: scene.among === 'nobody' ? undefined : token,
  })
  around.defer(() => context.close())
  await page.goto(scene.path(school))
  const room = school.rooms.get('taller-sockets') ?? 0
  await scene.bring(page, { server, type: async username => others.get(username)?.client.typing(room) })
  await settle(page)
  await use(page)
}

async function gather(server: Server, school: School) {
  const complete = async () =>
    (await server.web.with(school.tokens.get(ME) ?? '').do('GET', '/search?q=a')).complete
  await patiently(complete, () => 'the index is never complete')
  return Promise.all(
    [...THERE, ...AWAY].map(async username => {
      const live = await server.web.with(school.tokens.get(username) ?? '').connect()
      if (AWAY.includes(username)) live.client.away(true)
      return [username, live] as const
    }),
  )
}

/** Waits until all of these pictures that are near the window are there. */
async function loaded(page: Page, pictures: string): Promise<void> {
  await page.locator(pictures).first().waitFor()
  await patiently(
    () =>
      page
        .locator(pictures)
        .evaluateAll(images => images.some(image => (image as HTMLImageElement).naturalWidth > 0)),
    () => `no ${pictures} came`,
  )
}

async function toEnd(page: Page): Promise<void> {
  await page.locator('.scroller').evaluate(list => list.scrollTo(0, list.scrollHeight))
}
