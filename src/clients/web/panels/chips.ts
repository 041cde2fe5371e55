// Filters, phrases and exclusions in a search query, by the server's grammar (docs: GET /search).

export interface Chip {
  readonly kind: 'filter' | 'phrase' | 'without'
  readonly text: string
  readonly from: number
  readonly to: number
}

const TOKEN = /-?"[^"]*"|\S+/g
const FILTER = /^(?:from|de|in|en|before|antes|after|despues|después|has|tiene):\S/iu
/** A minus before anything else, as in --help, is part of the word. */
const WITHOUT = /^-["#@\p{L}\p{N}\p{Extended_Pictographic}]/u

/** Plain words have no chip. */
export function chipsOf(typed: string): Chip[] {
  return [...typed.matchAll(TOKEN)].flatMap(({ 0: text, index }) => {
    const kind = kindOf(text)
    return kind ? [{ kind, text, from: index, to: index + text.length }] : []
  })
}

function kindOf(text: string): Chip['kind'] | undefined {
  if (WITHOUT.test(text)) return 'without'
  if (FILTER.test(text)) return 'filter'
  return text.startsWith('"') && text.length > 2 ? 'phrase' : undefined
}

export function withoutChip(typed: string, { from, to }: Chip): string {
  return `${typed.slice(0, from).trimEnd()} ${typed.slice(to).trimStart()}`.trim()
}
