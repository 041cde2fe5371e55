// Fetches URLs that people have typed, from the public Internet alone: nobody can make the server knock at a door that is
// open to it and not to them (server-side request forgery). Which addresses are public is in public-addresses.ts.

import { type EventEmitter, once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Connect, connectTo, type Resolve, resolveByDns, resolveBySystem } from './addresses.ts'
import { bodyOf, ENCODINGS } from './body.ts'
import { asFetchFailed, FetchFailed } from './fetch-failed.ts'
import { isPublicAddress } from './public-addresses.ts'

const MOST_REDIRECTS = 5
/** Bytes of all headers of one response. */
const LONGEST_HEAD = 16 << 10
/** UTF-16 units. */
const LONGEST_URL = 2048
/** Addresses of a host that are tried. */
const MOST_ADDRESSES = 4
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** In milliseconds. */
export interface FetchTimes {
  /** From looking up a host to the end of its headers, for each redirect anew. */
  readonly answer: number
  /** Everything, redirects and body included. */
  readonly whole: number
}

const TIMES: FetchTimes = { answer: 5_000, whole: 10_000 }

export interface SafeFetchOptions {
  /** Hosts with ports, as `host:port` (config/settings.ts, allowInternal), that may be reached wherever they are. */
  readonly allowInternal: readonly string[]
  readonly userAgent: string
  /** Ends everything, with 'too-slow'. */
  readonly closing?: AbortSignal
  /** For tests. */
  readonly times?: FetchTimes
  /** By default DNS, and the system for hosts that are allowed by name. */
  readonly resolve?: Resolve
  /** Only ever called with addresses that were checked. */
  readonly connect?: Connect
}

export interface FetchRequest {
  /** For the Accept header. */
  readonly accept: string
  /** The most bytes of the body, also when it is unpacked. */
  readonly most: number
}

export interface FetchResponse {
  /** Where it came from after all redirects. */
  readonly url: URL
  /** The media type in small letters, without parameters; empty if none was given. */
  readonly type: string
  /** The Content-Type as it was sent. */
  readonly contentType: string
  /** To be read at most once. Throws FetchFailed. */
  readonly body: AsyncIterable<Uint8Array>
}

export class SafeFetch {
  readonly #allowed: ReadonlySet<string>
  readonly #options: Omit<SafeFetchOptions, 'allowInternal'> &
    Required<Pick<SafeFetchOptions, 'times' | 'connect'>>

  constructor({ allowInternal, ...options }: SafeFetchOptions) {
    this.#allowed = new Set(allowInternal)
    this.#options = { times: TIMES, connect: connectTo, ...options }
  }

  /**
   * Gets the URL, and closes the connection when `read` has settled. Every redirect is judged like the first URL. Sends no
   * cookies and no credentials, and knows no proxy. Throws FetchFailed, and what `read` throws.
   */
  async get<T>(
    typed: string,
    wanted: FetchRequest,
    read: (response: FetchResponse) => Promise<T>,
  ): Promise<T> {
    const { times, closing } = this.#options
    const late = AbortSignal.timeout(times.whole)
    const signal = closing ? AbortSignal.any([closing, late]) : late
    let url = this.#checked(typed)
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      using exchange = await this.#exchange(url, wanted.accept, signal)
      const { response } = exchange
      const { statusCode: status = 0, headers } = response
      if (status === 200) return await inTime(signal, read(responseOf(url, response, wanted.most)))
      if (!REDIRECTS.has(status) || headers.location === undefined)
        throw new FetchFailed('bad-answer', `status ${status}`)
      url = this.#checked(headers.location, url)
    }
    throw new FetchFailed('too-many-redirects')
  }

  /** Throws FetchFailed('bad-url'). */
  #checked(typed: string, base?: URL): URL {
    const url = typed.length <= LONGEST_URL ? URL.parse(typed, base) : null
    const usual = url ? PORTS[url.protocol] : undefined
    if (!url || usual === undefined) throw new FetchFailed('bad-url', 'not http')
    if (url.username !== '' || url.password !== '') throw new FetchFailed('bad-url', 'credentials')
    const port = portOf(url)
    if (!Object.values(PORTS).includes(port) && !this.#isAllowed(url))
      throw new FetchFailed('bad-url', 'port')
    url.hash = ''
    return url
  }

  #isAllowed(url: URL): boolean {
    return this.#allowed.has(`${url.hostname}:${portOf(url)}`)
  }

  /** Resolves with the head of the answer. */
  async #exchange(url: URL, accept: string, whole: AbortSignal): Promise<Exchange> {
    const signal = AbortSignal.any([whole, AbortSignal.timeout(this.#options.times.answer)])
    const addresses = await inTime(signal, this.#addressesOf(url))
    using opened = new DisposableStack()
    const socket = opened.adopt(ignoreErrors(this.#options.connect(addresses, portOf(url))), destroy)
    await inTime(signal, once(socket, 'connect', { signal }))
    const asked = opened.adopt(
      ignoreErrors(requestOn(socket, url, { accept, userAgent: this.#options.userAgent })),
      destroy,
    )
    const answered = once(asked.end(), 'response', { signal })
    const [response] = (await inTime(signal, answered)) as [IncomingMessage]
    ignoreErrors(response)
    const end = () => destroy(asked)
    whole.addEventListener('abort', end)
    opened.defer(() => whole.removeEventListener('abort', end))
    const exchange = opened.move()
    return { response, [Symbol.dispose]: () => exchange.dispose() }
  }

  /** At least one. Throws FetchFailed. */
  async #addressesOf(url: URL): Promise<readonly string[]> {
    const host = hostOf(url)
    const allowed = this.#isAllowed(url)
    const resolve = this.#options.resolve ?? (allowed ? resolveBySystem : resolveByDns)
    const found = isIP(host) === 0 ? await resolve(host).catch(() => []) : [host]
    if (found.length === 0) throw new FetchFailed('no-such-host')
    const usable = allowed ? found : found.filter(isPublicAddress)
    if (usable.length === 0) throw new FetchFailed('forbidden-address')
    return usable.slice(0, MOST_ADDRESSES)
  }
}

interface Exchange extends Disposable {
  readonly response: IncomingMessage
}

function responseOf(url: URL, response: IncomingMessage, most: number): FetchResponse {
  const contentType = response.headers['content-type'] ?? ''
  const [type = ''] = contentType.split(';')
  return { url, type: type.trim().toLowerCase(), contentType, body: bodyOf(response, most) }
}

function portOf(url: URL): number {
  return url.port === '' ? (PORTS[url.protocol] ?? 0) : Number(url.port)
}

/** An IPv6 address without its brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

function requestOn(
  socket: Socket,
  url: URL,
  { accept, userAgent }: { accept: string; userAgent: string },
): ClientRequest {
  return request({
    // Without an agent: a shared one may have been told of a proxy by the environment.
    createConnection: () => (url.protocol === 'https:' ? encrypted(socket, hostOf(url)) : socket),
    path: `${url.pathname}${url.search}`,
    headers: {
      host: url.host,
      'user-agent': userAgent,
      accept,
      'accept-encoding': ENCODINGS,
      connection: 'close',
    },
    maxHeaderSize: LONGEST_HEAD,
  })
}

function ignore(): void {}

/**
 * Whoever waits for it or reads it is told of its errors; where nobody does, they must not end the process. For its whole
 * life: a request emits what is wrong with the rest of an answer that has begun, too.
 */
function ignoreErrors<T extends EventEmitter>(emitter: T): T {
  return emitter.on('error', ignore)
}

function destroy(stream: Socket | ClientRequest): void {
  stream.destroy()
}

/** The certificate must be for the host, whose address is not asked for again. */
function encrypted(socket: Socket, host: string): Socket {
  return ignoreErrors(
    connectTls({
      socket,
      host,
      ...(isIP(host) === 0 && { servername: host }),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: true, // also under NODE_TLS_REJECT_UNAUTHORIZED=0
    }),
  )
}

/** Throws FetchFailed('too-slow') at the signal, and what `work` throws, that of the network as FetchFailed. */
async function inTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(new FetchFailed('too-slow'))
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([work, late])
  } catch (error) {
    work.catch(ignore) // it may fail after its time
    throw signal.aborted ? new FetchFailed('too-slow') : asFetchFailed(error)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
