// Where links may lead, and whether their text says where they lead. Pure.

const ALLOWED = new Set(['http:', 'https:', 'mailto:'])

/**
 * @returns the address as the browser will read it; undefined unless it leads to the web or to a mailbox. User names and
 * passwords are removed (https://bank.example@evil.example), and from mailto everything but the addressee.
 */
export function hrefOf(typed: string): string | undefined {
  if (!URL.canParse(typed)) return undefined
  const url = new URL(typed)
  if (!ALLOWED.has(url.protocol)) return undefined
  url.username = ''
  url.password = ''
  if (url.protocol === 'mailto:') url.search = ''
  return url.href
}

/**
 * @param text the visible text of the link; @param href from hrefOf
 * @returns the host or mailbox that the link leads to, if its text names another one, or if the host has letters other
 * than Latin ones, with which it may look like another
 */
export function actualTarget(text: string, href: string): string | undefined {
  const url = new URL(href)
  const seen = legible(text)
  if (url.protocol === 'mailto:') {
    return hostsIn(seen).length > 0 && !seen.includes(url.pathname.toLowerCase()) ? url.pathname : undefined
  }
  const honest = !url.hostname.includes('xn--') && hostsIn(seen).every(host => isSame(host, url.hostname))
  return honest ? undefined : url.host
}

// As IDNA reads it: full-width letters are letters, four characters are a dot, and invisible ones are ignored.
function legible(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}|\p{Cf}/gu, '')
    .replaceAll('。', '.')
    .toLowerCase()
}

const BEFORE_PATH = /^(?:[a-z][a-z\d+.-]*:[/\\]*)?([^/\\?#]*)/
/** With the lengths of DNS (RFC 1035, section 2.3.4), so that no text takes long. */
const HOST =
  /(?:\d{1,3}\.){3}\d{1,3}|(?:[\p{L}\p{M}\p{N}_-]{1,63}\.){1,126}\p{L}[\p{L}\p{M}\p{N}-]+|\blocalhost\b/gu

/** Everything that looks like a host before the path of any word; in https://a.example@b.example both do. */
function hostsIn(seen: string): string[] {
  return seen.split(/\s+/).flatMap(word => BEFORE_PATH.exec(word)?.[1]?.match(HOST) ?? [])
}

function isSame(seen: string, hostname: string): boolean {
  const typed = `https://${seen}`
  return URL.canParse(typed) && bare(new URL(typed).hostname) === bare(hostname)
}

function bare(hostname: string): string {
  return hostname.replace(/^www\./, '').replace(/\.$/, '')
}
