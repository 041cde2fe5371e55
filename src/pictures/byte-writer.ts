/** Puts bytes into one piece: a picture of 100 MB may be made of eight million chunks, each of which would be an object. */
export class ByteWriter {
  readonly #bytes: Buffer
  #length = 0

  /** @param most bytes that may be added */
  constructor(most: number) {
    this.#bytes = Buffer.allocUnsafe(most)
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Throws RangeError beyond what may be added. */
  add(piece: Buffer): void {
    this.#bytes.set(piece, this.#length)
    this.#length += piece.length
  }
}
