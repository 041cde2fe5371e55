// The form in which parts of people's names are looked for.

/** Without accents and capitals; words are separated by one space. */
export function nameKey(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ').trim()
}
