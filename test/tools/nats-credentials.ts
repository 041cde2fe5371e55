// Credentials of NATS, as nsc would make them (docs.nats.io, "JWTs"): the operator signs the account, which signs the
// user.

import { createHash } from 'node:crypto'
import { nkeys } from '@nats-io/transport-node'

type Pair = ReturnType<typeof nkeys.createUser>

/** The configuration of a server that trusts a new operator with one account. */
export function operatorConfiguration(): { configuration: string; account: Pair } {
  const [operator, account] = [nkeys.createOperator(), nkeys.createAccount()]
  const limits = { subs: -1, conn: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true }
  const own = jwt(operator, operator, { type: 'operator', version: 2 })
  const theirs = jwt(operator, account, { type: 'account', version: 2, limits })
  const configuration = [
    `operator: ${own}`,
    'resolver: MEMORY',
    `resolver_preload: { ${account.getPublicKey()}: ${theirs} }`,
  ]
  return { configuration: `${configuration.join('\n')}\n`, account }
}

/** The credentials file of a new user of the account. */
export function credentialsOf(account: Pair): string {
  const user = nkeys.createUser()
  const token = jwt(account, user, { type: 'user', version: 2, subs: -1, data: -1, payload: -1 })
  return `-----BEGIN NATS USER JWT-----
${token}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${Buffer.from(user.getSeed()).toString()}
------END USER NKEY SEED------
`
}

function jwt(issuer: Pair, subject: Pair, nats: object): string {
  const claim = {
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    name: 'prueba',
    nats,
  }
  const jti = createHash('sha256').update(JSON.stringify(claim)).digest('hex').toUpperCase()
  const body = `${encoded({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encoded({ jti, ...claim })}`
  return `${body}.${Buffer.from(issuer.sign(Buffer.from(body))).toString('base64url')}`
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
