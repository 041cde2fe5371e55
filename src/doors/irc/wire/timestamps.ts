// Timestamps of CHATHISTORY and MARKREAD (IRCv3 server-time).

const TIMESTAMP = /^timestamp=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/

export function timestampOf(given: string): number | undefined {
  const at = TIMESTAMP.test(given) ? Date.parse(given.slice(10)) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
