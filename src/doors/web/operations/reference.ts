// The reference page at /api: every operation with what it takes and returns.

import type { Schema } from '../../../wire/json-schema.ts'
import { PREFIX } from './openapi.ts'
import type { Operation } from './operation.ts'
import { STATUS } from './problems.ts'

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2024; background: #fcfcfb }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-bottom: 1px solid #ddd }
article { margin: 1.25rem 0 } h3 { font: 600 1rem ui-monospace, monospace; margin: 0 }
code, pre { font: 0.9rem/1.45 ui-monospace, monospace } pre { background: #f1f1ee; padding: .75rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 4px }
p { margin: .25rem 0 } table { border-collapse: collapse } td { padding: .1rem 1rem .1rem 0; vertical-align: top }
.verb { color: #0b5c54 } .scope { color: #6b6f76; font-weight: 400 }
@media (prefers-color-scheme: dark) { body { color: #e6e6e3; background: #17191b } pre { background: #22262a } h2 { border-color: #3a3f44 } .verb { color: #6cc7bb } .scope { color: #9aa0a6 } }
`

/** Returns the page: HTML without scripts. */
export function reference(operations: readonly Operation[]): string {
  const groups = Map.groupBy(operations, ({ path }) => path.split('/')[1] ?? '')
  const sections = [...groups].map(
    ([name, group]) => `<h2 id="${name}">${name}</h2>${group.map(article).join('')}`,
  )
  const links = [...groups.keys()].map(name => `<a href="#${name}">${name}</a>`).join(' · ')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tertulia: the API</title><style>${STYLE}</style>
<h1>Tertulia: the API</h1>
<p>JSON over HTTP under <code>${PREFIX}</code>; also as an <a href="${PREFIX}/openapi.json">OpenAPI 3.1 document</a>.
Live events come over the WebSocket <code>/ws</code>.</p>
<pre>curl --json '{"username":"ana","password":"secreto123"}' ${'$'}SERVER${PREFIX}/session
curl -H "Authorization: Bearer ${'$'}TOKEN" --json '{"text":"hola"}' ${'$'}SERVER${PREFIX}/rooms/general/messages</pre>
<p>${links} · <a href="#shapes">shapes</a> · <a href="#problems">problems</a></p>
${sections.join('\n')}
<h2 id="shapes">shapes</h2>
<pre>${shapes(operations).map(escaped).join('\n')}</pre>
<h2 id="problems">problems</h2>
<p>Errors are problem documents (RFC 9457), whose <code>code</code> is for programs:</p>
<table>${Object.entries(STATUS)
    .map(([code, status]) => `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td></tr>`)
    .join('')}</table>
</html>`
}

function article({ method, path, summary, scope, params, query, body, reply }: Operation): string {
  const inputs = [query && `? ${shape(query)}`, body && shape(body)].filter(each => each !== undefined)
  const lines = [...inputs.map(each => `→ ${each}`), ...(reply ? [`← ${shape(reply)}`] : [])]
  const named = path.replace(/:(\w+)/g, params ? '{$1}' : '$&')
  const needs = scope === undefined ? '' : ` <span class="scope">${scope}</span>`
  return `<article><h3><span class="verb">${method}</span> ${named}${needs}</h3><p>${escaped(summary)}</p>${
    lines.length > 0 ? `<pre>${escaped(lines.join('\n'))}</pre>` : ''
  }</article>`
}

/** All named schemas, in order of appearance. */
function shapes(operations: readonly Operation[]): string[] {
  const named = new Map<string, string>()
  const look = (schema: Shaped) => {
    const { properties = {}, items, anyOf = [], title } = schema
    for (const each of [...Object.values(properties), ...(items ? [items] : []), ...anyOf]) look(each)
    if (title !== undefined) named.set(title, inFull(schema))
  }
  for (const { body, reply } of operations) for (const each of [body, reply]) if (each) look(each)
  return [...named].map(([name, full]) => `${name} = ${full}`)
}

/** A schema in short: its name, if it has one. */
function shape(schema: Shaped): string {
  return schema.title ?? inFull(schema)
}

/** A schema in full: { name: string, age?: number }. */
function inFull({
  type,
  properties,
  items,
  anyOf,
  enum: words,
  const: constant,
  required = [],
}: Shaped): string {
  if (constant !== undefined) return JSON.stringify(constant)
  if (words) return words.map(word => JSON.stringify(word)).join(' | ')
  if (anyOf) return anyOf.map(shape).join(' | ')
  if (items) return `${shape(items)}[]`
  if (!properties) return type ?? 'anything'
  const parts = Object.entries(properties).map(
    ([name, each]) => `${name}${required.includes(name) ? '' : '?'}: ${shape(each)}`,
  )
  return `{ ${parts.join(', ')} }`
}

/** The part of JSON Schema that our schemas use. */
interface Shaped extends Schema {
  readonly title?: string
  readonly type?: string
  readonly properties?: Readonly<Record<string, Shaped>>
  readonly items?: Shaped
  readonly anyOf?: readonly Shaped[]
  readonly enum?: readonly string[]
  readonly const?: unknown
  readonly required?: readonly string[]
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
