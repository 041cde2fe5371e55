// The body of a response, decompressed, and bounded in both forms.

import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { asFetchFailed, FetchFailed } from './fetch-failed.ts'

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
} as const

/** For Accept-Encoding. */
export const ENCODINGS = 'gzip, br, deflate'

/**
 * The bytes of the body. Throws FetchFailed: 'too-large' after `most` bytes, be it those that were sent or those that they
 * become, so that a little that unpacks to a lot costs no more than that; 'bad-answer' for an unknown or a second encoding,
 * and where they do not unpack.
 */
export async function* bodyOf(response: IncomingMessage, most: number): AsyncGenerator<Uint8Array, void> {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '') return yield* bounded(response, most)
  if (!isKnown(encoding)) throw new FetchFailed('bad-answer', `content-encoding: ${encoding}`)
  const decoder = DECODERS[encoding]()
  decoder.on('error', () => {}) // whoever reads it is told
  const sent = Readable.from(bounded(response, most))
  sent.on('error', error => decoder.destroy(error))
  try {
    yield* bounded(sent.pipe(decoder), most)
  } finally {
    sent.destroy()
    decoder.destroy()
  }
}

function isKnown(encoding: string): encoding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, encoding)
}

async function* bounded(chunks: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array, void> {
  let size = 0
  try {
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > most) throw new FetchFailed('too-large')
      yield chunk
    }
  } catch (error) {
    throw asFetchFailed(error)
  }
}
