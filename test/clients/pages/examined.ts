/** What the page finds in one text's element. */
export interface Shown {
  /** Elements and attributes that a text may not become. */
  readonly forbidden: readonly string[]
  /** Where a click on each link would lead. */
  readonly hrefs: readonly string[]
  /** Pixels that would stand out of the text's box to the side, and whether they are seen there. */
  readonly overhang: number
  readonly overflow: string
}
