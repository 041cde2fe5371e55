// Looking for what other programs have left in the store.

/** A value that another program has put where it makes no sense. */
export interface Oddity {
  readonly table: string
  readonly column: string
  /** By its id, or room/person. */
  readonly row: string
}

export interface Surveyed {
  readonly odd: readonly Oddity[]
  /** Of what other programs have written; undefined where the database does not tell. */
  readonly version: number | undefined
}

/** Other programs write to the database, too. What they leave is read as the least that it could mean. */
export interface Upkeep {
  /** @returns undefined where no other program has written since that version */
  survey(seen: number | undefined): Promise<Surveyed | undefined>
}
