// The format of a text, its styles, and what programs tell each other with it.

/** plain: the text is shown as it was typed. markdown: it has markup (docs/markdown.md). */
export type Format = 'plain' | 'markdown'

export type Style = 'bold' | 'italic' | 'underline' | 'struck' | 'code'

/** The style of a part of a text, in UTF-16 units; `to` is exclusive. */
export interface Styled {
  readonly from: number
  readonly to: number
  readonly style: Style
}

/** What a program tells other programs, under a name that they know. People are not shown it. */
export type Tag = readonly [name: string, value: string]
