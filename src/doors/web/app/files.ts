// Serves the web app's build or, while there is none, a page that says why.

import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Wording } from '../../../wording/es.ts'
import { languages } from '../../../wording/languages.ts'

/** Where the app's files are. */
export interface AppFiles {
  /** An absolute path. It may not exist yet. */
  readonly folder: string
  /** Why there is no build, if so. */
  readonly whyMissing: WhyMissing
}

export type WhyMissing = keyof Wording['web']['noApp']

/** Paths that the app itself routes: all of them serve the entry. */
const PAGES = ['/', '/r', '/r/*', '/settings', '/people', '/search', '/join']
const ENTRY = 'index.html'

/** For files whose name changes with their content. */
const IMMUTABLE = 'public, max-age=31536000, immutable'
/** For all others: cached, but revalidated each time. */
const REVALIDATE = 'no-cache'

/** Headers of the app's files, in addition to those of every response. */
const APP_HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Permissions-Policy': [
    'accelerometer',
    'browsing-topics',
    'camera',
    'display-capture',
    'geolocation',
    'gyroscope',
    'hid',
    'idle-detection',
    'magnetometer',
    'midi',
    'payment',
    'publickey-credentials-get',
    'serial',
    'usb',
    'xr-spatial-tracking',
  ]
    .map(feature => `${feature}=()`)
    .concat('microphone=(self)')
    .join(', '),
}

/** Names of built files: none begins with a dot. Compressed files are requested by the name of the original. */
const NAME = /^(?:[\w@~+-][\w@~+.-]*\/)*[\w@~+-][\w@~+.-]*(?<!\.br|\.gz)$/

export async function serveApp(app: FastifyInstance, files: AppFiles): Promise<void> {
  await app.register(fastifyStatic, {
    root: files.folder,
    serve: false,
    suppressWarning: true,
    preCompressed: true,
    acceptRanges: false,
    cacheControl: false,
    lastModified: false, // whole seconds: two builds may fall into one
    index: false,
  })
  for (const path of PAGES)
    app.get(path, async (_, reply) => {
      if (await isFile(files, ENTRY)) return send(reply, ENTRY, REVALIDATE)
      return sendPlaceholder(reply, files.whyMissing)
    })
  const folder = (path: string, caching: string) =>
    app.get<{ Params: { '*': string } }>(`/${path}/*`, ({ params }, reply) =>
      sendIfThere(reply, files, { name: `${path}/${params['*']}`, caching }),
    )
  folder('assets', IMMUTABLE)
  folder('emoji', REVALIDATE)
  app.get<{ Params: { file: string } }>('/:file', async (request, reply) => {
    const name = request.params.file
    if (await isFile(files, name)) return send(reply, name, REVALIDATE)
    return sendNotFound(request, reply, files)
  })
  app.get('/*', (request, reply) => sendNotFound(request, reply, files))
}

/** To whoever looks for a page the app says itself that there is none; programs get the API's answer. */
async function sendNotFound(request: FastifyRequest, reply: FastifyReply, files: AppFiles): Promise<unknown> {
  const { headers, url } = request
  const isPage = headers.accept?.includes('text/html') === true && !url.startsWith('/api/')
  if (!isPage || !(await isFile(files, ENTRY))) return reply.callNotFound()
  delete headers['if-none-match'] // 304 would say that the page is there
  return send(reply.code(404), ENTRY, 'no-store')
}

async function sendIfThere(
  reply: FastifyReply,
  files: AppFiles,
  { name, caching }: { name: string; caching: string },
): Promise<unknown> {
  if (!(await isFile(files, name))) return reply.callNotFound()
  return send(reply, name, caching)
}

/** Whether the build has a file of exactly this name, and not through a symbolic link. */
async function isFile({ folder }: AppFiles, name: string): Promise<boolean> {
  if (!NAME.test(name)) return false
  try {
    const path = await realpath(join(folder, name))
    return path === join(await realpath(folder), name) && (await stat(path)).isFile()
  } catch {
    return false
  }
}

function send(reply: FastifyReply, name: string, caching: string): FastifyReply {
  // Preconditions for changes do not apply to files that are only read.
  delete reply.request.raw.headers['if-match']
  delete reply.request.raw.headers['if-unmodified-since']
  return reply.headers(APP_HEADERS).header('Cache-Control', caching).sendFile(name)
}

// --- without a build -------------------------------------------------------------------------------------

/** Builds take about a second. */
const RETRY_SECONDS = '1'

function sendPlaceholder(reply: FastifyReply, why: WhyMissing): FastifyReply {
  if (why === 'building') reply.headers({ Refresh: RETRY_SECONDS, 'Retry-After': RETRY_SECONDS })
  return reply
    .code(503)
    .header('Cache-Control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(placeholder(why))
}

const STYLE =
  'body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem; color-scheme: light dark }'

/** In every language: the reader's is not known yet. */
function placeholder(why: WhyMissing): string {
  const paragraphs = Object.entries(languages).map(
    ([language, { web }]) => `<p lang="${language}">${web.noApp[why]} ${web.otherWays}</p>`,
  )
  return `<!doctype html><html lang="es"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tertulia</title><style>${STYLE}</style><h1>Tertulia</h1>${paragraphs.join('\n')}</html>`
}
