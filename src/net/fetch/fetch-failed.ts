// Why something could not be fetched.

/**
 * bad-url: it is not to be fetched, whatever it leads to: another scheme, another port, a user name in it.
 * no-such-host: it has no address. forbidden-address: none that may be reached.
 * bad-answer: it answered with an error, or with something else than was asked for, or not with HTTP.
 * unreachable: it could not be connected to, its certificate is not trusted, or the connection broke.
 */
export type FetchFailure =
  | 'bad-url'
  | 'no-such-host'
  | 'forbidden-address'
  | 'too-many-redirects'
  | 'too-large'
  | 'too-slow'
  | 'bad-answer'
  | 'unreachable'

export class FetchFailed extends Error {
  readonly reason: FetchFailure

  constructor(reason: FetchFailure, detail = '', options?: ErrorOptions) {
    super(detail === '' ? reason : `${reason}: ${detail}`, options)
    this.name = 'FetchFailed'
    this.reason = reason
  }
}

/** Errors of Node's HTTP parser and of its decompression. */
const OF_HTTP = /^(HPE_|Z_|ERR__ERROR_)/
/** Errors of the system, of TLS and of certificates. */
const OF_NETWORK = /^(E[A-Z]+$|ERR_TLS_|ERR_SSL_|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO)/

/** An error of Node's network, as FetchFailed; any other as it is. */
export function asFetchFailed(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? `${error.code}` : ''
  if (OF_HTTP.test(code)) return new FetchFailed('bad-answer', code, { cause: error })
  return OF_NETWORK.test(code) ? new FetchFailed('unreachable', code, { cause: error }) : error
}
