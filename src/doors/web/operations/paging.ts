// Pages of a room's history: the query, and links to the pages beside it.

import type { Instant, Seq as SeqNumber } from '../../../core/model/model.ts'
import type { Page } from '../../../core/ports/pages.ts'
import { closed, type Static, Type } from '../../../wire/json-schema.ts'
import { Seq } from '../../../wire/schemas.ts'
import type { PageBytes } from './pages.ts'
import { Problem } from './problems.ts'

export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 }))
const OptionalSeq = Type.Optional(Seq)
const Moment = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Milliseconds since 1970, UTC.',
})
export const PageQuery = closed({
  before: OptionalSeq,
  after: OptionalSeq,
  around: OptionalSeq,
  at: Type.Optional(Moment),
  threads: Type.Optional(
    Type.Literal('apart', { description: 'Leaves out answers that stand in their thread alone.' }),
  ),
  limit: Limit,
})

/** After every message. */
export const END = (2 ** 32 - 1) as SeqNumber

/** Throws 'bad-request' for more than one place. */
export function pageOf({ threads, ...query }: Static<typeof PageQuery>): Page {
  const page = placeOf(query)
  return threads === 'apart' ? { ...page, withoutThreadOnly: true } : page
}

function placeOf({ limit = 50, ...where }: Omit<Static<typeof PageQuery>, 'threads'>): Page {
  if (Object.keys(where).length > 1)
    throw new Problem('bad-request', { detail: 'before, after, around or at: one of them' })
  const { before, after, around, at } = where
  if (at !== undefined) return { side: 'at', at: at as Instant, limit }
  if (after !== undefined) return { side: 'after', seq: after as SeqNumber, limit }
  if (around !== undefined) return { side: 'around', seq: around as SeqNumber, limit }
  return { side: 'before', seq: (before ?? END) as SeqNumber, limit }
}

/** The Link header (RFC 8288): older pages are next, newer ones are previous. */
export function linksOf(
  path: string,
  { first, last, full }: PageBytes,
  { side, limit, withoutThreadOnly }: Page,
): string {
  const rest = `limit=${limit}${withoutThreadOnly ? '&threads=apart' : ''}`
  const to = (rel: string, query: string) => `<${path}?${query}&${rest}>; rel="${rel}"`
  const links = []
  if (first !== undefined && (full || side !== 'before')) links.push(to('next', `before=${first}`))
  if (last !== undefined) links.push(to('prev', `after=${last}`))
  return links.join(', ')
}
