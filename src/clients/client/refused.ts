/** The server refused something. `code` is the refusal's code, or the reason why the client is closed. */
export class Refused extends Error {
  readonly code: string

  constructor(code: string, message = code) {
    super(message)
    this.name = 'Refused'
    this.code = code
  }
}
