// What makes pictures fit to be shown.

import type { UserId } from '../model/model.ts'

/** A picture that was read in whole. */
export interface Prepared {
  /** Upright, in pixels. */
  readonly width: number
  readonly height: number
  /** A ThumbHash in base64. */
  readonly placeholder: string
  /** The media type of the clean picture; not always that of the picture as it was sent. */
  readonly type: string
  /** It moves. Its screen size and thumbnail are its first frame. */
  readonly animated: boolean
  /** The files that were made, none of them synced to disk. */
  readonly files: {
    /** The whole picture without metadata, turned upright. */
    readonly clean: string
    /** WebP that fits into 1,920 × 1,920 pixels; missing where the clean one does as well. */
    readonly screen?: string
    /** WebP that fits into 480 × 480 pixels; missing where the clean one does as well. */
    readonly thumb?: Thumb
  }
}

export interface Thumb {
  readonly path: string
  /** The media type. */
  readonly type: string
  readonly width: number
  readonly height: number
}

export interface Pictures {
  /** Whether files of this media type are pictures that `prepare` reads. */
  reads(type: string): boolean
  /**
   * Reads a picture, and writes what is made of it into a folder. People take turns, so that nobody waits for all that
   * another has sent. Refuses 'bad-picture' for one that is broken, has too many pixels, or takes too long or too much
   * memory; 'store-full' when the disk is; 'closing'. Leaves the folder empty when it refuses or fails.
   * @param path the picture as it was sent; it is not changed
   * @param folder an empty one
   * @param by who sent it
   * @returns undefined on a machine that can read no pictures at all, which `reads` says from then on
   */
  prepare(path: string, folder: string, by: UserId): Promise<Prepared | undefined>
  /** Whether files of this media type may say where they were made, and `removeLocation` can take that away. */
  mayHoldLocation(type: string): boolean
  /**
   * Writes a copy that does not say where it was made: of a video, a sound, or a picture that `prepare` does not read.
   * Takes turns, refuses and leaves the folder as `prepare` does: 'bad-picture' also for a file in which what it says of
   * its location could not be found.
   * @returns the path of the copy, in the folder, not synced to disk; undefined where there is nothing to remove
   */
  removeLocation(
    path: string,
    folder: string,
    { type, by }: { type: string; by: UserId },
  ): Promise<string | undefined>
  /** What is being prepared, or waits for it, is refused. */
  close(): Promise<void>
}
