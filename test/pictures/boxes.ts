// Boxes of films and photographs, as tests make them.

export const text = (value: string) => Buffer.from(value, 'latin1')

export function number(value: number, bytes = 4): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntBE(value, 0, bytes)
  return buffer
}

function numbers(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, index * 4)
  return buffer
}

export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const inside = Buffer.concat(content)
  return Buffer.concat([number(8 + inside.length), text(type), inside])
}

export const full = (type: string, ...content: readonly Buffer[]) => box(type, number(0), ...content)
/** A box whose length has eight bytes. */
export const long = (type: string, content: Buffer) =>
  Buffer.concat([number(1), text(type), number(0), number(16 + content.length), content])
export const brand = (name: string) => box('ftyp', text(name), number(0), text(name))
export const handler = (type: string) => full('hdlr', text('mhlr'), text(type), Buffer.alloc(12))

/**
 * A track of two chunks, of two samples and one.
 * @param sizes each sample's, or one for all
 * @param runs of chunks with as many samples each: the first chunk, samples, which description
 */
export function track(
  type: string,
  offsets: readonly number[],
  sizes: readonly number[],
  { inside = box('free'), runs = [1, 2, 1, 2, 1, 1] } = {},
): Buffer {
  const [same = 0] = sizes
  const ofSizes =
    sizes.length === 1
      ? [number(same), number(3)]
      : [number(0), number(3), ...sizes.map(each => number(each))]
  const table = box(
    'stbl',
    full('stco', number(offsets.length), numbers(offsets)),
    full('stsc', number(runs.length / 3), ...runs.map(each => number(each))),
    full('stsz', ...ofSizes),
  )
  return box('trak', full('tkhd', Buffer.alloc(20)), inside, box('mdia', handler(type), box('minf', table)))
}

/** A HEIC photograph with so many items, each in 65,535 pieces without a length. @param exif the id of its Exif */
export function endlessPhotograph(exif: number, items = 1): Buffer {
  const info = box('infe', number(2, 1), number(0, 3), number(exif, 2), number(0, 2), text('Exif\0'))
  const item = Buffer.concat([number(1, 2), number(0, 2), number(65_535, 2)])
  const iloc = full('iloc', number(0, 2), number(items, 2), Buffer.alloc(item.length * items, item))
  return Buffer.concat([
    box('ftyp', text('heic'), number(0), text('mif1heic')),
    full('meta', handler('pict'), full('iinf', number(1, 2), info), iloc),
  ])
}
