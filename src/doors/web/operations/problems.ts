// Errors of the HTTP API: problem documents (RFC 9457) that carry the refusal's code.

import type { FastifyReply } from 'fastify'
import type { RefusalCode } from '../../../core/model/refusals.ts'
import type { Wording } from '../../../wording/es.ts'
import { isLanguage, type Language, languages } from '../../../wording/languages.ts'
import { refusedIn } from '../../../wording/refused.ts'

/** Refusals of this door alone. */
type WebRefusal = keyof Wording['web']['problems']
export type ProblemCode = RefusalCode | WebRefusal

export const STATUS = {
  'bad-name': 422,
  'bad-username': 422,
  'reserved-username': 422,
  'name-taken': 409,
  'bad-password': 422,
  'garbled-password': 422,
  'bad-email': 422,
  'wrong-code': 403,
  'registration-closed': 403,
  'too-many-accounts': 429,
  disabled: 403,
  'long-status': 422,
  'bad-language': 422,
  'bad-zone': 422,
  'no-such-session': 404,
  'out-of-scope': 403,
  oneself: 422,
  'wrong-credentials': 403,
  'long-roster': 422,
  'new-password-needed': 409,
  'too-many-attempts': 429,
  busy: 503,
  'empty-text': 422,
  'long-text': 422,
  'not-a-member': 403,
  'no-such-room': 404,
  'no-such-person': 404,
  'no-such-message': 404,
  'bad-room-name': 422,
  'room-taken': 409,
  'already-there': 409,
  'not-there': 409,
  banned: 403,
  muted: 403,
  silenced: 403,
  'slow-mode': 429,
  'out-of-hours': 403,
  'private-off': 403,
  'private-staff': 403,
  'read-only': 403,
  archived: 403,
  'wrong-key': 403,
  'bad-key': 422,
  'bad-hours': 422,
  'bad-call': 422,
  'room-full': 409,
  'no-guests': 403,
  'quiet-guests': 403,
  'account-needed': 403,
  'bad-mask': 422,
  'list-full': 409,
  forbidden: 403,
  'not-yours': 403,
  everyones: 403,
  'last-owner': 409,
  'too-many-rooms': 409,
  'too-many-brought': 409,
  'too-many-unanswered': 409,
  'no-such-team': 404,
  'too-many-teams': 409,
  'team-full': 409,
  'already-reported': 409,
  'too-many-reports': 429,
  'no-such-report': 404,
  'bad-setting': 422,
  'bad-emoji': 422,
  'too-many-reactions': 409,
  'bad-title': 422,
  'too-many-saved': 409,
  'bad-section-name': 422,
  'too-many-sections': 409,
  'no-such-section': 404,
  'bad-question': 422,
  'option-count': 422,
  'bad-option': 422,
  'equal-options': 422,
  'bad-poll-end': 422,
  'not-a-poll': 409,
  'no-such-option': 422,
  'one-option': 422,
  'poll-closed': 409,
  'poll-text': 422,
  'poll-voted': 409,
  'bad-time': 422,
  'long-note': 422,
  'no-such-scheduled': 404,
  'no-such-reminder': 404,
  'too-many-scheduled': 409,
  'too-many-reminders': 409,
  'long-topic': 422,
  'too-many': 409,
  'bad-query': 422,
  'bad-date': 422,
  'key-reused': 409,
  'bad-file-name': 422,
  'long-alt': 422,
  'empty-file': 422,
  'large-file': 413,
  'too-many-files': 422,
  'too-many-uploads': 409,
  'own-files-full': 413,
  'room-files-full': 413,
  'files-full': 507,
  'file-type': 415,
  'bad-picture': 422,
  'has-picture': 409,
  'no-such-upload': 404,
  'unfinished-upload': 409,
  'wrong-digest': 422,
  'no-such-file': 404,
  'dead-link': 403,
  'used-link': 409,
  'store-full': 507,
  'store-busy': 503,
  'store-damaged': 500,
  'store-refused': 500,
  'store-moved': 503,
  'store-failed': 503,
  closing: 503,
  'not-logged-in': 401,
  'bad-request': 400,
  'not-found': 404,
  'wrong-method': 405,
  'too-large': 413,
  'wrong-type': 415,
  'wrong-offset': 409,
  'bad-range': 416,
  'foreign-origin': 403,
  'wrong-host': 421,
  'too-fast': 429,
  'too-many-connections': 429,
  'too-many-headers': 431,
  'too-slow': 408,
  failed: 500,
} satisfies Record<ProblemCode, number>

/** Retry-After in seconds, where the refusal itself does not give one. */
const RETRY_AFTER: Partial<Record<ProblemCode, number>> = {
  'too-many-attempts': 15,
  'too-many-accounts': 10,
  'slow-mode': 5,
  busy: 1,
  closing: 5,
}

/** Thrown to answer a request with a problem document. */
export class Problem extends Error {
  readonly code: ProblemCode
  /** What is wrong with the request, in English, for programmers. */
  readonly detail: string | undefined
  /** Milliseconds since 1970. */
  readonly opens: number | undefined
  /** Seconds. */
  readonly retryAfter: number | undefined

  /** @param more opens: when the room does, for 'out-of-hours' */
  constructor(
    code: ProblemCode,
    more: { detail?: string; retryAfter?: number; opens?: number | undefined } = {},
  ) {
    super(code)
    this.code = code
    this.detail = more.detail
    this.opens = more.opens
    this.retryAfter = more.retryAfter ?? RETRY_AFTER[code]
  }
}

/** Problem documents in each language. */
export class Problems {
  readonly #usual: Language
  readonly #titles: Readonly<Record<Language, Readonly<Record<ProblemCode, string>>>>

  constructor(usual: Language, shortestPassword: number) {
    this.#usual = usual
    const titles = (wording: Wording) => ({
      ...refusedIn(wording, shortestPassword),
      ...wording.web.problems,
    })
    this.#titles = { es: titles(languages.es), en: titles(languages.en) }
  }

  /** Picks the language of the title: the first supported one that the client accepts (RFC 9110, section 12.5.4). */
  #languageOf(accepted: string | undefined): Language {
    const wanted = (accepted ?? '').split(',').map(each => each.trim().slice(0, 2).toLowerCase())
    return wanted.find(isLanguage) ?? this.#usual
  }

  document({ code, detail, opens }: Problem, accepted: string | undefined) {
    const title = this.#titles[this.#languageOf(accepted)][code]
    const status = STATUS[code]
    return {
      type: `/api#${code}`,
      title,
      status,
      code,
      ...(detail !== undefined && { detail }),
      ...(opens !== undefined && { opens }),
    }
  }

  send(reply: FastifyReply, problem: Problem): FastifyReply {
    const { retryAfter, code } = problem
    if (retryAfter !== undefined) reply.header('Retry-After', `${Math.ceil(retryAfter)}`)
    if (code === 'not-logged-in') reply.header('WWW-Authenticate', 'Bearer')
    return reply
      .code(STATUS[code])
      .header('Content-Type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(this.document(problem, reply.request.headers['accept-language'])))
  }
}
