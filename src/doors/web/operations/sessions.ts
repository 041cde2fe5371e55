// Operations on sessions: registration, log-in, transfers, tokens.

import { randomBytes } from 'node:crypto'
import type { RoomId, SessionId } from '../../../core/model/model.ts'
import type { IssuedToken } from '../../../core/sessions/authentication.ts'
import { closed, Type } from '../../../wire/json-schema.ts'
import { Cursor, Grant, Profile, RoomId as RoomNumber, Scope } from '../../../wire/schemas.ts'
import { clientOf } from '../user-agent.ts'
import { type ApiRequest, type ApiResponse, type Operation, withLogIn, withoutLogIn } from './operation.ts'

const Password = Type.String({ maxLength: 1024 })
const InCookie = Type.Optional(
  Type.Boolean({
    description: 'For browsers: sets the token as a cookie and leaves it out of the response.',
  }),
)
const Session = closed(
  {
    token: Type.Optional(
      Type.String({ description: 'Shown only once. Send it as `Authorization: Bearer`.' }),
    ),
    session: Type.Integer(),
    person: Profile,
  },
  'Session',
)
const TransferredSession = closed(
  {
    token: Type.Optional(Type.String()),
    session: Type.Integer(),
    person: Profile,
    room: Type.Integer({ description: 'The room that the session was writing to.' }),
    cursors: Type.Array(Cursor, { description: 'How far the session had read the log of each room.' }),
  },
  'MovedSession',
)
export const StoredSession = closed(
  {
    id: Type.Integer(),
    door: Type.Enum(['line', 'irc', 'web']),
    address: Type.String(),
    since: Type.Integer(),
    used: Type.Integer({ description: 'When it was last used, to the hour.' }),
    client: Type.Optional(closed({ browser: Type.String(), system: Type.String() }, 'ClientName')),
    current: Type.Boolean(),
    token: Type.Optional(
      closed({ name: Type.String(), grant: Grant, until: Type.Optional(Type.Integer()) }, 'Token'),
    ),
  },
  'StoredSession',
)

function sessionReply({ token, session, person }: IssuedToken, inCookie: boolean | undefined): ApiResponse {
  if (inCookie) return { status: 201, body: { session, person }, cookie: token }
  return { status: 201, body: { token, session, person } }
}

/** Given to a browser after its first successful log-in, so that guessing passwords earns none. */
function newDevice(): string {
  return randomBytes(32).toString('base64url')
}

function comesFrom({ address, headers }: Pick<ApiRequest, 'address' | 'headers'>) {
  const client = clientOf(headers['user-agent'])
  return { door: 'web', address, ...(client && { client }) } as const
}

export const sessionOperations: readonly Operation[] = [
  withoutLogIn({
    method: 'GET',
    path: '/registration',
    id: 'askRegistration',
    summary: 'Tells what registration requires.',
    reply: closed({
      asked: Type.Enum(['nothing', 'code', 'closed']),
      shortestPassword: Type.Integer(),
      first: Type.Boolean({
        description: 'True while nobody has registered: the first person to do so owns the server.',
      }),
    }),
    async run({ chat: { registration }, shortestPassword }) {
      const [asked, first] = await Promise.all([registration.requirement(), registration.isOwnerless()])
      return { body: { asked, shortestPassword, first } }
    },
  }),
  withoutLogIn({
    method: 'POST',
    path: '/people',
    id: 'register',
    summary: 'Registers a person and logs them in. The first person to register owns the server.',
    body: closed({
      name: Type.String({ maxLength: 256, description: 'Full name: 1–64 visible characters.' }),
      username: Type.String({ maxLength: 128, description: '1–32 letters, digits, _ - .' }),
      password: Password,
      code: Type.Optional(Type.String({ maxLength: 64 })),
      cookie: InCookie,
    }),
    status: 201,
    reply: Session,
    async run(call) {
      const { cookie, code = '', ...registration } = call.body
      const admitted = await call.chat.registration.register({ ...registration, code }, call.address)
      return sessionReply(await call.chat.authentication.openSession(admitted, comesFrom(call)), cookie)
    },
  }),
  withoutLogIn({
    method: 'POST',
    path: '/session',
    id: 'logIn',
    summary: 'Logs in.',
    body: closed({
      username: Type.String({ maxLength: 128 }),
      password: Password,
      newPassword: Type.Optional(
        Type.String({
          maxLength: 1024,
          description:
            'For a one-time code in place of the password, which is refused with new-password-needed without it.',
        }),
      ),
      cookie: InCookie,
    }),
    status: 201,
    reply: Session,
    async run(call) {
      const { username, password, newPassword, cookie } = call.body
      const { chat, address, device = cookie ? newDevice() : undefined } = call
      const from = { address, device }
      const admitted = await (newPassword === undefined
        ? chat.logIns.logIn(username, password, from)
        : chat.loginCodes.logIn({ username, code: password, password: newPassword }, from))
      const reply = sessionReply(await chat.authentication.openSession(admitted, comesFrom(call)), cookie)
      return cookie ? { ...reply, device } : reply
    },
  }),
  withoutLogIn({
    method: 'POST',
    path: '/session/moved',
    id: 'goOn',
    summary:
      'Continues a session from another client by its transfer code, in the same room and at the same point of each log.',
    body: closed({ code: Type.String({ maxLength: 64 }), cookie: InCookie }),
    status: 201,
    reply: TransferredSession,
    async run(call) {
      const { chat, address, body } = call
      const moving = await chat.connections.redeemTransfer(body.code, address)
      const { room, cursors, ...session } = await chat.connections.transfer(moving, comesFrom(call))
      const { body: sessionBody, ...reply } = sessionReply(session, body.cookie)
      return { ...reply, body: { ...(sessionBody as object), room, cursors } }
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/session',
    scope: 'read',
    anyRoom: true,
    id: 'getSession',
    summary: 'Returns the caller and what the token allows.',
    reply: closed({ session: Type.Integer(), person: Profile, grant: Grant }),
    async run({ tokenSession, person }) {
      return { body: { session: tokenSession.id, person, grant: tokenSession.grant } }
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/session',
    scope: 'read',
    anyRoom: true,
    id: 'logOut',
    summary: 'Logs out: revokes the token and closes its connections.',
    async run({ chat, tokenSession }) {
      await chat.authentication.revoke(tokenSession.person, tokenSession.id)
      return { cookie: 'none' }
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/session/moves',
    scope: 'admin',
    id: 'offerMove',
    summary:
      'Creates a transfer code, by which another client continues this session. It is good for one use within two minutes.',
    body: closed({ room: Type.Optional(RoomNumber) }),
    status: 201,
    reply: closed({ code: Type.String() }),
    async run({ chat, tokenSession, body }) {
      return {
        status: 201,
        body: { code: chat.connections.offerTransferByToken(tokenSession, (body.room ?? 1) as RoomId) },
      }
    },
  }),
  withLogIn({
    method: 'GET',
    path: '/me/sessions',
    scope: 'admin',
    id: 'listSessions',
    summary: "Lists the caller's sessions and tokens.",
    reply: closed({ sessions: Type.Array(StoredSession) }),
    async run({ chat, tokenSession, person }) {
      const all = await chat.authentication.list(person)
      const sessions = all.map(each => ({ ...each, current: each.id === tokenSession.id }))
      return { body: { sessions } }
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/me/sessions',
    scope: 'admin',
    id: 'endOtherSessions',
    summary: "Ends the caller's other sessions, and closes their connections. Named tokens of programs stay.",
    reply: closed({ ended: Type.Integer() }),
    async run({ chat, person, tokenSession }) {
      return { body: { ended: await chat.authentication.revokeOthers(person, tokenSession.id) } }
    },
  }),
  withLogIn({
    method: 'DELETE',
    path: '/me/sessions/:session',
    scope: 'admin',
    id: 'endSession',
    summary: 'Ends a session or revokes a token, and closes its connections at once.',
    params: closed({ session: Type.Integer() }),
    async run({ chat, person, params }) {
      await chat.authentication.revoke(person, params.session as SessionId)
      return {}
    },
  }),
  withLogIn({
    method: 'POST',
    path: '/me/tokens',
    scope: 'admin',
    id: 'issueToken',
    summary: 'Issues a token for a program. It allows no more than the token it was requested with.',
    body: closed({
      name: Type.String({ maxLength: 256 }),
      scope: Scope,
      room: Type.Optional(RoomNumber),
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
    }),
    status: 201,
    reply: Session,
    async run(call) {
      const { name, scope, room, days } = call.body
      const grant = { scope, ...(room !== undefined && { room: room as RoomId }) }
      const wish = { name, grant, ...(days !== undefined && { days }) }
      return sessionReply(
        await call.chat.authentication.issueToken(call.tokenSession, wish, comesFrom(call)),
        false,
      )
    },
  }),
]
