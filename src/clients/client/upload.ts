// Uploading a file by tus 1.0.0 (tus.io/protocols/resumable-upload), which survives cuts and restarts. tus-js-client would
// be 20 KB and 20 packages, for a protocol of four requests; and it does not keep the file, which is the harder half.

import { CHUNK_TYPE, TUS_VERSION } from '../../wire/tus.ts'
import type { HttpApi } from './http-api.ts'
import { Refused } from './refused.ts'

const PATH = '/api/v1/uploads'
const TUS = { 'Tus-Resumable': TUS_VERSION }
/** Bytes of one request. Each tells how far the upload is, so its size follows the network: about a second. */
const [SMALLEST, FIRST, LARGEST] = [64 << 10, 512 << 10, 16 << 20]
const [QUICK_MS, SLOW_MS] = [400, 2000]
/** Between two tries without a network: doubled from the first to the last. */
const [SHORTEST_DELAY_MS, LONGEST_DELAY_MS] = [500, 8000]
/** Codes of failures that pass. 'failed' is an answer that is not the server's: a proxy's, while that restarts. */
const TEMPORARY = new Set([
  'too-fast',
  'busy',
  'closing',
  'store-busy',
  'store-failed',
  'unfinished-upload',
  'wrong-offset',
])

/** A finished upload: what `post` attaches by its id. */
export interface Uploaded {
  readonly id: string
  readonly name: string
  /** The media type that the server found in the content. */
  readonly type: string
  readonly size: number
  readonly sha256: string
  /** Of a picture, in pixels, upright. */
  readonly width?: number
  readonly height?: number
  /** A ThumbHash in base64. */
  readonly placeholder?: string
  /** A picture that moves. */
  readonly animated?: true
}

interface UploadState {
  readonly name: string
  /** Once all bytes are there. */
  readonly file?: Omit<Uploaded, 'id' | 'name'>
}

export interface UploadOptions {
  readonly name: string
  /** The id of an upload of the same file that was interrupted. If it has expired, a new one is begun. */
  readonly resume?: string | undefined
  /** The upload has begun under this id. */
  readonly begun?: (id: string) => void
  /** @param sent bytes that the server has */
  readonly progress?: (sent: number) => void
  /** Ends the attempt. What was sent stays on the server for a day, unless `cancelUpload` is called. */
  readonly signal?: AbortSignal
}

/** As Client.upload. */
export async function upload(http: HttpApi, file: Blob, options: UploadOptions): Promise<Uploaded> {
  const { signal } = options
  const sending = new Sending(http, file, options)
  for (let failures = 0; ; failures++) {
    const before = sending.sent
    try {
      return await sending.run()
    } catch (error) {
      if (signal?.aborted || !isTemporary(error)) throw error
    }
    await sending.mustBeReadable()
    if (sending.sent > before) failures = 0
    await pause(Math.min(LONGEST_DELAY_MS, SHORTEST_DELAY_MS * 2 ** failures), signal)
  }
}

/** Removes an upload from the server. One that is not there any more is fine. */
export async function cancelUpload(http: HttpApi, id: string): Promise<void> {
  try {
    await http.request(`${PATH}/${id}`, { method: 'DELETE', headers: TUS })
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/** One upload, over as many requests as it takes. */
class Sending {
  sent = 0
  readonly #http: HttpApi
  readonly #file: Blob
  readonly #options: UploadOptions
  #id: string | undefined
  #length = FIRST

  constructor(http: HttpApi, file: Blob, options: UploadOptions) {
    this.#http = http
    this.#file = file
    this.#options = options
    this.#id = options.resume
  }

  async run(): Promise<Uploaded> {
    const offset = this.#id === undefined ? undefined : await this.#offset(this.#id)
    const id = this.#id !== undefined && offset !== undefined ? this.#id : await this.#begin()
    this.#reach(offset ?? 0)
    while (this.sent < this.#file.size) await this.#send(id)
    const { name, file } = (await this.#http.call('GET', `/uploads/${id}`)) as UploadState
    if (!file) throw new Refused('unfinished-upload')
    return { ...file, id, name }
  }

  /**
   * A file that was changed or removed after it was chosen fails a request like a network that is gone; reading it tells.
   * Rejects with the DOMException of the File API.
   */
  async mustBeReadable(): Promise<void> {
    await this.#file.slice(this.sent, this.sent + 1).arrayBuffer()
  }

  /** @returns how many bytes the server has; undefined if it does not know the upload any more */
  async #offset(id: string): Promise<number | undefined> {
    try {
      const { headers } = await this.#request(`${PATH}/${id}`, { method: 'HEAD' })
      const offset = headers.get('Upload-Offset')
      // Of a finished upload the length is that of what was made of it: of a picture, without its metadata.
      return offset === headers.get('Upload-Length') ? this.#file.size : Number(offset)
    } catch (error) {
      if (isGone(error)) return undefined
      throw error
    }
  }

  async #begin(): Promise<string> {
    const { name, begun } = this.#options
    const { headers } = await this.#request(PATH, {
      method: 'POST',
      headers: {
        'Upload-Length': String(this.#file.size),
        'Upload-Metadata': `filename ${base64(name)}`,
      },
    })
    const id = headers.get('Location')?.split('/').at(-1)
    if (!id) throw new Refused('failed')
    this.#id = id
    begun?.(id)
    return id
  }

  async #send(id: string): Promise<void> {
    const started = performance.now()
    const body = this.#file.slice(this.sent, this.sent + this.#length)
    const answer = await this.#request(`${PATH}/${id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': CHUNK_TYPE, 'Upload-Offset': String(this.sent) },
      body,
    })
    const took = performance.now() - started
    if (took < QUICK_MS) this.#length = Math.min(LARGEST, this.#length * 2)
    else if (took > SLOW_MS) this.#length = Math.max(SMALLEST, this.#length / 2)
    this.#reach(Number(answer.headers.get('Upload-Offset') ?? this.sent + body.size))
  }

  #reach(sent: number): void {
    this.sent = sent
    this.#options.progress?.(sent)
  }

  #request(path: string, { headers, ...init }: RequestInit): Promise<Response> {
    const { signal } = this.#options
    return this.#http.request(path, { ...init, headers: { ...TUS, ...headers }, ...(signal && { signal }) })
  }
}

/** Without a network, while the server restarts, and where two sent at once. */
function isTemporary(error: unknown): boolean {
  if (!(error instanceof Refused)) return error instanceof TypeError
  const { code, status = 0 } = error
  return TEMPORARY.has(code) || (code === 'failed' && (status === 409 || status === 423 || status >= 500))
}

/** A HEAD is answered without a body, and so without a code. */
function isGone(error: unknown): boolean {
  return (
    error instanceof Refused &&
    (error.code === 'no-such-upload' || error.status === 404 || error.status === 410)
  )
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}

/** Rejects when the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const aborted = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', aborted, { once: true })
  })
}
