// A message's text as a tree of plain objects.

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'break' }
  /** text: as it was typed, with its dollars; a block stands on lines of its own. */
  | { readonly kind: 'formula'; readonly text: string; readonly isBlock: boolean }
  | {
      readonly kind: 'emphasis' | 'strong' | 'struck' | 'underlined' | 'spoiler'
      readonly inside: readonly Inline[]
    }
  | {
      readonly kind: 'link'
      readonly href: string
      /** Where the link leads, if its text says otherwise. */
      readonly actualTarget: string | undefined
      readonly inside: readonly Inline[]
    }
  /** text: with its @; whom: the folded usernames that it may stand for, or EVERYONE. */
  | { readonly kind: 'mention'; readonly text: string; readonly whom: readonly string[] }
  /** text: with its #; name: without. */
  | { readonly kind: 'room'; readonly text: string; readonly name: string }

export interface Cell {
  readonly align: 'left' | 'center' | 'right' | undefined
  readonly inside: readonly Inline[]
}

/** In an ordered list, `number` is the one that was typed. */
export interface Item {
  readonly number: number | undefined
  readonly blocks: readonly Block[]
  /** It is a task, written in that line of the text. */
  readonly task?: { readonly isDone: boolean; readonly line: number }
}

export type Block =
  | { readonly kind: 'paragraph'; readonly inside: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Item[] }
  | { readonly kind: 'table'; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'fence'; readonly code: string; readonly language: string }

/** What stands for a text that one has to want to see. */
const HIDDEN = '▒▒▒'

/** The text that a reader sees. */
export function plainText(inlines: readonly Inline[]): string {
  return inlines
    .map(each => {
      if (each.kind === 'spoiler') return HIDDEN
      return 'inside' in each ? plainText(each.inside) : 'text' in each ? each.text : '\n'
    })
    .join('')
}

export const BREAK: Inline = { kind: 'break' }

export function textNode(text: string): Inline {
  return { kind: 'text', text }
}
