// Encodes and decodes the columns that describe a text: its format, styles and tags.

import type { Format, Style, Styled, Tag } from '../../core/model/model.ts'
import { type Row, text } from './sql.ts'

const STYLES: readonly Style[] = ['bold', 'italic', 'underline', 'struck', 'code']

/** An unknown format is shown as plain text. */
export function formatOf({ format }: Row): Format {
  return format === 'markdown' ? format : 'plain'
}

/** For the column `styles`: [[from, to, style], …] as JSON; NULL for none, as in most rows. */
export function stylesStored(styles: readonly Styled[] | undefined): string | null {
  return styles ? JSON.stringify(styles.map(({ from, to, style }) => [from, to, style])) : null
}

export function stylesOf(found: Row): readonly Styled[] {
  const stored = parsed(text(found, 'styles'))
  return Array.isArray(stored) ? stored.flatMap(styledOf) : []
}

/** For the column `tags`: [[name, value], …] as JSON; NULL for none, as in most rows. */
export function tagsStored(tags: readonly Tag[] | undefined): string | null {
  return tags ? JSON.stringify(tags) : null
}

/** Leaves out invalid tags, which another program has written. */
export function tagsOf(found: Row): { readonly tags?: readonly Tag[] } {
  const stored = parsed(text(found, 'tags'))
  const tags = Array.isArray(stored) ? stored.filter(isTag) : []
  return tags.length === 0 ? {} : { tags }
}

function isTag(stored: unknown): stored is Tag {
  return Array.isArray(stored) && stored.length === 2 && stored.every(each => typeof each === 'string')
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Empty for an invalid style, which another program has written. */
function styledOf(stored: unknown): Styled[] {
  const [from, to, style] = Array.isArray(stored) ? stored : []
  const known = STYLES.find(each => each === style)
  return known && Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from < to
    ? [{ from, to, style: known }]
    : []
}
