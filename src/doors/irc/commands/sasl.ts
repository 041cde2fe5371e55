// SASL (IRCv3 sasl-3.1, sasl-3.2): PLAIN (RFC 4616) and SCRAM-SHA-256 (RFC 5802, RFC 7677).

import { Buffer } from 'node:buffer'
import { Refusal, refuse } from '../../../core/model/refusals.ts'
import type { Admitted } from '../../../core/people/log-in.ts'
import { clientFirst, wantsBinding } from '../../../core/people/scram.ts'
import type { ScramLogIn } from '../../../core/people/scram-log-in.ts'
import type { Client } from '../client.ts'
import { logIn } from '../credentials.ts'
import type { Reply } from '../replies/reply.ts'
import { startSession } from '../start-session.ts'
import { isMechanism, type Mechanism, SASL_MECHANISMS } from '../wire/caps.ts'
import { foldName } from '../wire/names.ts'
import { sendLoggedIn } from './accounts.ts'
import type { Command, CommandContext } from './commands.ts'

/** The most characters of base64 in one line, and in a whole response. */
const LONGEST_CHUNK = 400
const LONGEST_RESPONSE = 8192

export const saslCommands: Readonly<Record<string, Command>> = {
  AUTHENTICATE: { min: 1, when: 'always', run: authenticate },
}

/** A response that is no message of the mechanism, or asks for something not offered. No credentials were compared. */
class MalformedResponse extends Error {
  readonly why: 'badSasl' | 'noBinding' | 'forAnother'

  constructor(why: MalformedResponse['why']) {
    super(why)
    this.why = why
  }
}

/** The messages of one mechanism. */
interface Exchange {
  /** @returns the next challenge, or who the client is. Refuses what logging in does; throws MalformedResponse. */
  step(response: string): Promise<{ readonly say: string } | { readonly admitted: Admitted }>
}

/** An exchange under way, with the chunks of the client's next response. */
export class Sasl {
  readonly exchange: Exchange
  #response = ''

  constructor(exchange: Exchange) {
    this.exchange = exchange
  }

  /** @returns the whole response; undefined until its last chunk has come. Refuses 'long-text'. */
  add(chunk: string): string | undefined {
    if (chunk.length > LONGEST_CHUNK || this.#response.length + chunk.length > LONGEST_RESPONSE)
      refuse('long-text')
    this.#response += chunk === '+' ? '' : chunk
    if (chunk.length === LONGEST_CHUNK) return undefined
    const whole = this.#response
    this.#response = ''
    return Buffer.from(whole, 'base64').toString('utf8')
  }
}

const MECHANISMS: Readonly<Record<Mechanism, (client: Client) => Exchange>> = {
  PLAIN: plain,
  'SCRAM-SHA-256': scram,
}

function authenticate({ client, params, reply }: CommandContext): Promise<void> | undefined {
  const [given = ''] = params
  const numeric = refusal(client, given)
  if (numeric) reply.numeric(numeric)
  else if (client.registration.sasl)
    return respond(client, { sasl: client.registration.sasl, chunk: given }, reply)
  else return begin(client, given.toUpperCase(), reply)
  return undefined
}

function refusal(client: Client, given: string) {
  if (!client.caps.has('sasl')) return 'ERR_SASLFAIL'
  if (client.account || client.registration.admitted) return 'ERR_SASLALREADY'
  if (given !== '*') return undefined
  client.registration.sasl = undefined
  return 'ERR_SASLABORTED'
}

/** Begins an exchange. A mechanism that can't be used is refused before any challenge, so that clients try another. */
async function begin(client: Client, name: string, reply: Reply): Promise<void> {
  const mechanism = isMechanism(name) ? MECHANISMS[name] : undefined
  if (!mechanism) return sendMechanisms(SASL_MECHANISMS.join(), reply)
  if (mechanism === scram && !(await client.deps.chat.scram.isFor(client.name)))
    return sendMechanisms('PLAIN', reply, client.wording.irc.passwordFirst)
  client.registration.sasl = new Sasl(mechanism(client))
  reply.send('AUTHENTICATE +')
}

function sendMechanisms(mechanisms: string, reply: Reply, why?: string): void {
  reply.numeric('RPL_SASLMECHS', mechanisms)
  if (why === undefined) reply.numeric('ERR_SASLFAIL')
  else reply.numericWithText('ERR_SASLFAIL', [], why)
}

async function respond(
  client: Client,
  { sasl, chunk }: { sasl: Sasl; chunk: string },
  reply: Reply,
): Promise<void> {
  try {
    const response = sasl.add(chunk)
    if (response === undefined) return
    const done = await sasl.exchange.step(response)
    if ('say' in done) return say(done.say, reply)
    client.registration.sasl = undefined
    await admit(client, done.admitted, reply)
  } catch (error) {
    client.registration.sasl = undefined
    if (error instanceof MalformedResponse)
      return reply.numericWithText('ERR_SASLFAIL', [], client.wording.irc[error.why])
    if (!(error instanceof Refusal)) throw error
    sendFailure(client, { error, isScram: sasl.exchange instanceof ScramExchange }, reply)
  }
}

/** Sends the failure of an exchange: a wrong proof and an unknown account look the same. */
function sendFailure(
  client: Client,
  { error, isScram }: { error: Refusal; isScram: boolean },
  reply: Reply,
): void {
  client.registration.admitted = undefined
  if (error.code === 'long-text') reply.numeric('ERR_SASLTOOLONG')
  else if (error.code === 'disabled') reply.refused(error, [], 'ERR_NICKLOCKED')
  else if (isScram && error.code === 'wrong-credentials')
    reply.numericWithText('ERR_SASLFAIL', [], client.wording.irc.wrongProof)
  else reply.refused(error, [], 'ERR_SASLFAIL')
}

/** Sends a challenge in chunks; a full one is never the last. */
function say(message: string, reply: Reply): void {
  const encoded = Buffer.from(message).toString('base64')
  for (let at = 0; at <= encoded.length; at += LONGEST_CHUNK)
    reply.send(`AUTHENTICATE ${encoded.slice(at, at + LONGEST_CHUNK) || '+'}`)
}

async function admit(client: Client, admitted: Admitted, reply: Reply): Promise<void> {
  client.registration.admitted = admitted
  const begun = () => {
    sendLoggedIn(client, reply)
    reply.numeric('RPL_SASLSUCCESS')
  }
  if (client.registration.isComplete) await startSession(client, { admitted, begun }, reply)
  else begun()
}

/** Refuses an authorization identity other than the account's own. */
function mustBeOwn(authzid: string, authcid: string): void {
  if (authzid !== '' && foldName(authzid) !== foldName(authcid)) throw new MalformedResponse('forAnother')
}

function plain(client: Client): Exchange {
  return {
    async step(response) {
      const [authzid = '', authcid = '', password, ...more] = response.split('\0')
      // RFC 4616, section 2: no NUL in a password
      if (password === undefined || more.length > 0) throw new MalformedResponse('badSasl')
      mustBeOwn(authzid, authcid)
      return { admitted: await logIn(client, { username: authcid, password }) }
    },
  }
}

function scram(client: Client): Exchange {
  return new ScramExchange(client)
}

/** Three steps: the client's first message, its final message, and its empty response to the server's signature. */
class ScramExchange implements Exchange {
  readonly #client: Client
  #logIn: ScramLogIn | undefined
  #admitted: Admitted | undefined

  constructor(client: Client) {
    this.#client = client
  }

  async step(response: string): ReturnType<Exchange['step']> {
    if (this.#admitted) {
      if (response !== '') throw new MalformedResponse('badSasl')
      return { admitted: this.#admitted }
    }
    if (this.#logIn) {
      if (!this.#logIn.isAnswer(response)) throw new MalformedResponse('badSasl')
      const { admitted, signature } = await this.#logIn.end(response)
      this.#admitted = admitted
      return { say: signature }
    }
    const first = clientFirst(response)
    if (!first) throw new MalformedResponse(wantsBinding(response) ? 'noBinding' : 'badSasl')
    mustBeOwn(first.authzid, first.username)
    const { deps, socket } = this.#client
    this.#logIn = await deps.chat.scram.begin(first, socket.address)
    return { say: this.#logIn.challenge }
  }
}
