// Bytes on their way into the storage, in pieces that are worth a write.

/**
 * Cuts chunks into blocks. If the chunks end with an error, it is thrown after the block with the last of them.
 * @param size of each block in bytes, the last one may have fewer. @param first the size of the first one
 * @returns blocks, each of which is overwritten by the next
 */
export async function* blocksOf(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  first = size,
): AsyncGenerator<Buffer> {
  const block = Buffer.allocUnsafeSlow(size)
  let [filled, full] = [0, first]
  let failed: { readonly error: unknown } | undefined
  try {
    for await (const chunk of chunks) {
      for (let taken = 0; taken < chunk.length; ) {
        const part = chunk.subarray(taken, taken + full - filled)
        block.set(part, filled)
        filled += part.length
        taken += part.length
        if (filled < full) continue
        yield block.subarray(0, filled)
        ;[filled, full] = [0, size]
      }
    }
  } catch (error) {
    failed = { error }
  }
  if (filled > 0) yield block.subarray(0, filled)
  if (failed) throw failed.error
}

/** Passes on what comes. Throws the signal's reason as soon as it is aborted, also while nothing comes. */
export async function* until<T>(signal: AbortSignal, items: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  let abort = () => {}
  signal.addEventListener('abort', () => abort(), { once: true })
  const next = () => {
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T>>()
    abort = () => reject(signal.reason)
    iterator.next().then(resolve, reject)
    return promise
  }
  try {
    for (;;) {
      signal.throwIfAborted()
      const { done, value } = await next()
      if (done) return
      yield value
    }
  } finally {
    const ended = Promise.resolve(iterator.return?.())
    if (signal.aborted)
      ended.catch(() => {}) // it may never end
    else await ended
  }
}

/**
 * Reads each block while the caller is busy with the one before.
 * @param read gives the bytes from a place on, one at least and none after `end`
 */
export async function* readAhead(
  start: number,
  end: number,
  read: (at: number) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (start >= end) return
  let next = read(start)
  for (let at = start; at < end; ) {
    const block = await next
    at += block.length
    if (at < end) next = read(at)
    next.catch(() => {}) // the caller may want no more
    yield block
  }
}
