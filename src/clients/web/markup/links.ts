// Where links may lead, and whether they say so. Pure.

const ALLOWED = new Set(['http:', 'https:', 'mailto:'])

/**
 * @returns the address as the browser will read it, or nothing where it leads elsewhere than to the web or to a
 * mailbox. Without a name and password (https://bank.example@evil.example), nor what a letter would have besides its
 * addressee (copies, attachments).
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
 * @param text what a reader sees of the link; @param href as hrefOf gives it.
 * @returns where the link leads, if its text speaks of another place or the place is written in other letters than
 * Latin ones, so that it may look like another.
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

// As IDNA reads it: full-width letters are letters, four signs are a dot; what is invisible is not there.
function legible(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}|\p{Cf}/gu, '')
    .replaceAll('。', '.')
    .toLowerCase()
}

const BEFORE_PATH = /^(?:[a-z][a-z\d+.-]*:[/\\]*)?([^/\\?#]*)/
/** Labels as long and as many as in a name of DNS (RFC 1035, section 2.3.4): so no text takes long. */
const HOST =
  /(?:\d{1,3}\.){3}\d{1,3}|(?:[\p{L}\p{M}\p{N}_-]{1,63}\.){1,126}\p{L}[\p{L}\p{M}\p{N}-]+|\blocalhost\b/gu

/** What looks like a host in front of any word's path; in https://a.example@b.example both do. */
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
