// The charset of a page (Encoding Standard; HTML, 13.2.3.2).

/** Bytes in which a page must say its charset. */
export const PRESCAN = 1024
const IN_TYPE = /charset\s*=\s*["']?([\w.:-]{1,40})/i
const IN_PAGE = /<meta\b[^>]{0,500}?charset\s*=\s*(?:["']\s*)?([\w.:-]{1,40})/i

/**
 * The label of a charset that TextDecoder knows: by the header, else by the page, else UTF-8. A byte order mark counts more
 * than either.
 * @param start the page's first bytes
 */
export function charsetOf(start: Uint8Array, contentType: string): string {
  return marked(start) ?? known(IN_TYPE.exec(contentType)?.[1]) ?? known(saidIn(start)) ?? 'utf-8'
}

function marked([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return first === 0xff && second === 0xfe ? 'utf-16le' : undefined
}

/** A page that can say it in ASCII is not in UTF-16. */
function saidIn(start: Uint8Array): string | undefined {
  const ascii = Buffer.from(start.subarray(0, PRESCAN)).toString('latin1')
  const label = IN_PAGE.exec(ascii)?.[1]
  return label?.toLowerCase().startsWith('utf-16') ? 'utf-8' : label
}

function known(label: string | undefined): string | undefined {
  if (label === undefined) return undefined
  try {
    return new TextDecoder(label).encoding
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
