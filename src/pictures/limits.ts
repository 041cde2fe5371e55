// How much one picture may cost.

/** Bounds of a picture, and of the work on it. */
export interface Limits {
  /** Of the file, in bytes. */
  readonly bytes: number
  /** Of one frame. */
  readonly pixels: number
  /** Of all frames together; only the first one is decoded here. */
  readonly allPixels: number
  /** Milliseconds that a processor may work on it. */
  readonly cpuMs: number
  /** Milliseconds until a process that does not even work is given up. */
  readonly wallMs: number
  /** Resident memory of the process, in bytes. */
  readonly memory: number
}
