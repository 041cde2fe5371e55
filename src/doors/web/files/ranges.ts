// Range requests (RFC 9110, section 14).

/** Bytes from `start` to `end`, which is exclusive. */
export interface Range {
  readonly start: number
  readonly end: number
}

/**
 * @param size of the whole, in bytes
 * @returns undefined for the whole: also where several ranges are asked for, or in another unit, or nonsense
 */
export function rangeIn(header: string | undefined, size: number): Range | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  if (first === '')
    return Number(last) === 0 ? 'unsatisfiable' : { start: Math.max(0, size - Number(last)), end: size }
  const start = Number(first)
  const end = last === '' ? size : Math.min(size, Number(last) + 1)
  if (last !== '' && Number(last) < start) return undefined
  return start < size ? { start, end } : 'unsatisfiable'
}
