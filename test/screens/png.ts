// A screenshot packed smaller, without losing anything: letters on plain ground repeat themselves, and a row that is
// no difference to another (PNG, third edition, section 9) shows that to the compressor.

import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
/** Bytes of a pixel: eight bits each of red, green and blue, as Chromium writes them. */
const PIXEL = 3

interface Chunk {
  readonly type: string
  readonly content: Buffer
}

export function repacked(png: Buffer): Buffer {
  const chunks = chunksOf(png)
  const header = chunks.find(({ type }) => type === 'IHDR')?.content
  const [depth, colours, interlaced] = [header?.at(8), header?.at(9), header?.at(12)]
  if (!header || depth !== 8 || colours !== 2 || interlaced !== 0) return png
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ content }) => content))
  const content = deflateSync(plain(inflateSync(packed), header.readUInt32BE(0)), { level: 9, memLevel: 9 })
  const written = [
    { type: 'IHDR', content: header },
    { type: 'IDAT', content },
    { type: 'IEND', content: NOTHING },
  ]
  return Buffer.concat([SIGNATURE, ...written.map(bytesOf)])
}

const NOTHING = Buffer.alloc(0)

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = []
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    chunks.push({ type, content: png.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

function bytesOf({ type, content }: Chunk): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/** The same rows, each as it is: behind the filter's number 0. */
function plain(rows: Buffer, width: number): Buffer {
  const stride = 1 + width * PIXEL
  const out = Buffer.alloc(rows.length)
  for (let start = 0; start < rows.length; start += stride) {
    const filter = rows[start]
    for (let at = start + 1; at < start + stride; at++) {
      const isFirst = at - start <= PIXEL
      const left = isFirst ? 0 : (out[at - PIXEL] ?? 0)
      const above = out[at - stride] ?? 0
      const corner = isFirst ? 0 : (out[at - stride - PIXEL] ?? 0)
      out[at] = (rows[at] ?? 0) + predicted(filter, { left, above, corner })
    }
  }
  return out
}

interface Neighbours {
  readonly left: number
  readonly above: number
  readonly corner: number
}

function predicted(filter: number | undefined, { left, above, corner }: Neighbours): number {
  if (filter === 1) return left
  if (filter === 2) return above
  if (filter === 3) return (left + above) >> 1
  return filter === 4 ? paeth(left, above, corner) : 0
}

/** Section 9.4: whichever is nearest to what they foretell together. */
function paeth(left: number, above: number, corner: number): number {
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)]
  if (a <= b && a <= c) return left
  return b <= c ? above : corner
}
