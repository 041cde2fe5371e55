/** The server refused something. `code` is the refusal's code, or the reason why the client is closed. */
export class Refused extends Error {
  readonly code: string
  /** The status of an HTTP answer. */
  readonly status: number | undefined

  constructor(code: string, message = code, status?: number) {
    super(message)
    this.name = 'Refused'
    this.code = code
    this.status = status
  }
}
