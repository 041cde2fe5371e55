// Finding what other programs have written to the store.

/** A value that another program has written, and that makes no sense. */
export interface Oddity {
  readonly table: string
  readonly column: string
  /** By its id, or room/person. */
  readonly row: string
}

export interface Surveyed {
  readonly odd: readonly Oddity[]
  /** A number that changes when other programs write; undefined if the database does not tell. */
  readonly version: number | undefined
}

/**
 * Other programs may write to the database, too. Values that make no sense are read as the least that they could
 * mean.
 */
export interface Upkeep {
  /** @returns undefined if no other program has written since that version */
  survey(seen: number | undefined): Promise<Surveyed | undefined>
}
