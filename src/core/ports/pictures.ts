// What makes pictures fit to be shown.

/** A picture that was read in whole. */
export interface Prepared {
  /** Upright, in pixels. */
  readonly width: number
  readonly height: number
  /** A ThumbHash in base64. */
  readonly placeholder: string
  /** The media type of the clean picture. */
  readonly type: string
  /** The files that were made, by what they are; `clean` is the whole picture without metadata, turned upright. */
  readonly files: {
    readonly clean: string
    /** WebP that fits into 1,920 × 1,920 pixels; missing where the clean one is no larger. */
    readonly screen?: string
    /** WebP that fits into 480 × 480 pixels; missing where the clean one is no larger. */
    readonly thumb?: string
  }
}

export interface Pictures {
  /** Whether files of this media type are pictures that `prepare` reads. */
  reads(type: string): boolean
  /**
   * Reads a picture, and writes what is made of it into a folder. Refuses 'bad-picture' for one that is broken, has too
   * many pixels, or takes too long or too much memory.
   * @param path the picture as it was sent
   * @param folder an empty one
   */
  prepare(path: string, folder: string): Promise<Prepared>
  /** Whether files of this media type, which `prepare` does not read, may say where they were made. */
  mayHoldPlace(type: string): boolean
  /** Writes a copy that does not say where it was made. @returns false where there is nothing to remove, and no copy */
  removePlace(from: string, to: string, type: string): Promise<boolean>
  close(): Promise<void>
}
