// The request that a click has made, so that the second click of a double click does not make it again. On a busy machine
// any time may pass between the two; the browser says of each which one in a row it is.

export class LastRequest {
  /** How often one has clicked anew. */
  #clicks = 0
  /** The last click was the second or third in a row. */
  #isRepeated = false
  #last: { readonly what: string; readonly request: Promise<unknown>; readonly click: number } | undefined

  constructor() {
    const note = ({ detail }: MouseEvent) => {
      this.#isRepeated = detail > 1
      if (!this.#isRepeated) this.#clicks++
    }
    addEventListener('click', note, { capture: true })
  }

  note(what: string, request: Promise<unknown>): void {
    const last = { what, request, click: this.#clicks }
    this.#last = last
    request.catch(() => {
      if (this.#last === last) this.#last = undefined
    })
  }

  /** The last request, if this is the same one, made by another click in the same row. */
  ofDoubleClick(what: string): Promise<unknown> | undefined {
    const last = this.#last
    return this.#isRepeated && last?.what === what && last.click === this.#clicks ? last.request : undefined
  }
}
