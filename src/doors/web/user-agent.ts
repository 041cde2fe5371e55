// What a browser says of itself, in two words: enough for people to tell their sessions apart, and no more is kept.

import type { ClientName } from '../../core/ports/sessions.ts'

/** The first that is in the header counts: most browsers also name those that they want to be taken for. */
const BROWSERS = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['Vivaldi/', 'Vivaldi'],
  ['SamsungBrowser/', 'Samsung Internet'],
  ['FxiOS/', 'Firefox'],
  ['Firefox/', 'Firefox'],
  ['CriOS/', 'Chrome'],
  ['Chromium/', 'Chromium'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
  ['curl/', 'curl'],
] as const
const SYSTEMS = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['CrOS', 'ChromeOS'],
  ['Macintosh', 'macOS'],
  ['Linux', 'Linux'],
] as const

/** @param header User-Agent; @returns undefined if it names neither a browser nor a system that is known */
export function clientOf(header: string | string[] | undefined): ClientName | undefined {
  const said = String(header ?? '')
  const find = (names: readonly (readonly [string, string])[]) =>
    names.find(([sign]) => said.includes(sign))?.[1] ?? ''
  const client = { browser: find(BROWSERS), system: find(SYSTEMS) }
  return client.browser === '' && client.system === '' ? undefined : client
}
