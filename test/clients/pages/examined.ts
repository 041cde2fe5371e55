/** What the page finds in the element of one text. */
export interface Examined {
  /** Elements and attributes that a text may not become. */
  readonly forbidden: readonly string[]
  /** Where a click on each link would lead. */
  readonly hrefs: readonly string[]
  /** Pixels by which the content is wider than the text's box; overflow says whether they are visible. */
  readonly overhang: number
  readonly overflow: string
}
