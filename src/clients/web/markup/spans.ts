import type { Token } from 'markdown-it'
import { actualTarget } from './links.ts'
import { type Inline, plainText, textNode } from './tree.ts'

type Emphasis = 'emphasis' | 'strong' | 'struck' | 'underlined' | 'spoiler'
/** The deepest nesting of emphasis. Anything deeper shows its asterisks. */
const DEEPEST_EMPHASIS = 8
const EMPHASIS: Readonly<Record<string, Emphasis>> = {
  em_open: 'emphasis',
  strong_open: 'strong',
  s_open: 'struck',
  spoiler_open: 'spoiler',
}

/** The stack of open emphasis and links, each with its content so far. */
export class Spans {
  readonly top: Inline[] = []
  readonly #open: { readonly inside: Inline[]; readonly ends: ((inside: Inline[]) => Inline) | undefined }[] =
    []
  #links = 0

  get inLink(): boolean {
    return this.#links > 0
  }

  add(inline: Inline): void {
    const inside = this.#inside()
    const last = inside.at(-1)
    if (inline.kind !== 'text') inside.push(inline)
    else if (last?.kind === 'text') inside[inside.length - 1] = textNode(last.text + inline.text)
    else if (inline.text !== '') inside.push(inline)
  }

  open(token: Token): void {
    const ends = token.type === 'link_open' ? this.#link(token) : this.#emphasis(token)
    if (!ends) this.add(textNode(markOf(token)))
    this.#open.push({ inside: ends ? [] : this.#inside(), ends })
    if (token.type === 'link_open') this.#links++
  }

  close(token: Token): void {
    if (token.type === 'link_close') this.#links--
    const last = this.#open.pop()
    this.add(last?.ends ? last.ends(last.inside) : textNode(markOf(token)))
  }

  #inside(): Inline[] {
    return this.#open.at(-1)?.inside ?? this.top
  }

  #link(token: Token): ((inside: Inline[]) => Inline) | undefined {
    const href = String(token.attrGet('href') ?? '')
    return href === '' || this.inLink ? undefined : inside => link(href, inside)
  }

  #emphasis(token: Token): ((inside: Inline[]) => Inline) | undefined {
    const kind = EMPHASIS[token.type]
    return kind && this.#open.length < DEEPEST_EMPHASIS ? inside => ({ kind, inside }) : undefined
  }
}

export function link(href: string, inside: readonly Inline[]): Inline {
  // [](https://…) would be an invisible link.
  const text = plainText(inside)
  const seen = text.trim() === '' ? [textNode(href)] : inside
  return { kind: 'link', href, actualTarget: actualTarget(text, href), inside: seen }
}

/** The asterisks of emphasis that is too deep. Of a link the parser's markup is no text. */
function markOf(token: Token): string {
  return token.type.startsWith('link_') ? '' : token.markup
}
