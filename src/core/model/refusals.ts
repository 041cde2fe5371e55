// Every way in which the chat says no. Each door maps all of them to its own words, or it does not compile.

import type { Instant } from './model.ts'

export type RefusalCode =
  | 'bad-name' // full name: 1–64 printable characters
  | 'bad-username' // 1–32 letters, digits, _ - .
  | 'reserved-username'
  | 'name-taken' // the username, or one that looks like it
  | 'bad-password' // too short or too long for this server
  | 'garbled-password' // not well-formed Unicode: nobody can tell what it was
  | 'bad-email'
  | 'wrong-code' // no such invitation, or it is used up or expired
  | 'registration-closed'
  | 'too-many-accounts' // lately, from that address
  | 'disabled' // the account
  | 'long-status' // over 100 code points
  | 'bad-language'
  | 'bad-zone' // not an IANA time zone
  | 'no-such-session' // or the token is wrong, expired or revoked
  | 'out-of-scope' // the token does not allow it
  | 'oneself' // nobody blocks themselves
  | 'wrong-credentials' // unknown username or wrong password; nobody learns which
  | 'long-roster' // over 2,000 rows
  | 'new-password-needed' // a right one-time code, with which a password is to be chosen
  | 'too-many-attempts' // logging in is throttled for this account or address
  | 'busy' // too many log-ins are waiting
  | 'empty-text'
  | 'long-text' // over 4,000 code points
  | 'not-a-member' // of that room; also for rooms that must stay unknown
  | 'no-such-room'
  | 'no-such-person'
  | 'no-such-message'
  | 'bad-room-name' // 1–32 letters, digits, _ -
  | 'room-taken' // the name of another room
  | 'already-there'
  | 'not-there' // the person is not in that room, or not any more
  | 'banned'
  | 'muted'
  | 'silenced' // only speakers and moderators may write here for now
  | 'slow-mode' // too soon after the person's last text
  | 'out-of-hours' // only moderators may write at this time; the refusal says until when
  | 'private-off' // nobody may write in direct rooms
  | 'private-staff' // only with an owner or admin of the server among them
  | 'read-only' // an announcement room, and the person is no speaker
  | 'archived'
  | 'wrong-key' // of a room
  | 'bad-key' // over 32 code points, or with a space or comma in it
  | 'bad-hours' // of a room: no spans, too many, or one that never opens
  | 'bad-call' // not an https address of up to 500 characters
  | 'room-full' // it has as many people as it may have
  | 'no-guests' // guests may not join
  | 'quiet-guests' // guests only read here
  | 'account-needed' // guests may not do that
  | 'bad-mask' // not a mask over usernames
  | 'list-full' // of masks
  | 'forbidden' // a higher rank is needed
  | 'not-yours'
  | 'everyones' // nobody can leave `general`, or be removed from it
  | 'last-owner' // of a room with other people, or of the server
  | 'too-many-rooms' // made, joined or opened by one person
  | 'too-many-brought' // rooms that one person has brought another into
  | 'too-many-unanswered' // direct rooms that one person has opened
  | 'already-reported' // by the same person
  | 'too-many-reports' // by one person, within an hour
  | 'no-such-report' // or the person may not see it, or it is closed
  | 'bad-setting' // of the server: an unknown name or value
  | 'no-such-team'
  | 'too-many-teams' // of the server
  | 'team-full'
  | 'bad-emoji'
  | 'too-many-reactions' // by one person on one message
  | 'bad-title' // of a group conversation: up to 60 code points
  | 'too-many-saved' // messages
  | 'bad-section-name' // 1–40 printable characters
  | 'too-many-sections' // in one person's list of rooms
  | 'no-such-section'
  | 'bad-question' // of a poll: 1–300 code points on one line
  | 'option-count' // a poll has 2–20 options
  | 'bad-option' // of a poll: 1–100 code points on one line
  | 'equal-options' // two options of a poll are the same
  | 'bad-poll-end' // a second to a year from now
  | 'not-a-poll' // that message asks nothing
  | 'no-such-option' // of that poll
  | 'one-option' // that poll takes one option from each person
  | 'poll-closed'
  | 'poll-text' // an edited poll must stay a question and numbered options
  | 'poll-voted' // its options stay as they are once somebody has voted
  | 'bad-time' // of what is put off: not after now, or over a year ahead
  | 'long-note' // of a reminder: over 200 code points
  | 'no-such-scheduled' // or it has been sent, or is another person’s
  | 'no-such-reminder' // or it is another person’s
  | 'too-many-scheduled' // by one person
  | 'too-many-reminders' // of one person that wait
  | 'long-topic' // over 300 code points
  | 'too-many' // people in a direct room
  | 'bad-query' // no word to search for, or an operator with an invalid value
  | 'bad-date' // not YYYY-MM-DD
  | 'key-reused' // the same key with another text
  | 'bad-file-name' // 1–255 printable characters
  | 'long-alt' // over 1,500 code points
  | 'empty-file'
  | 'large-file' // larger than a file may be here
  | 'too-many-files' // in one message
  | 'too-many-uploads' // of one person that belong to no message yet
  | 'own-files-full' // the person has no space left
  | 'room-files-full'
  | 'files-full' // the server has no space left for files
  | 'file-type' // not among the types that may be sent here
  | 'bad-picture' // broken, too many pixels, or too much work; also of a video or a sound
  | 'has-picture' // an address of one cannot be set beside it
  | 'no-such-upload' // or it has expired, or is another person’s
  | 'unfinished-upload'
  | 'wrong-digest' // the bytes are not those that were announced
  | 'no-such-file' // or the person may not read its room
  | 'dead-link' // a personal link that has expired, is forged, or belongs to somebody who is disabled
  | 'used-link' // a link for one upload, a second time
  | 'store-full' // the disk is full: nothing was stored, a later attempt may succeed
  | 'store-busy' // another program holds the database: nothing was stored, a later attempt may succeed
  | 'store-damaged' // it can't be read any more: nothing was stored
  | 'store-moved' // the database has been moved: nothing is stored any more
  | 'store-refused' // a trigger or a constraint of another program rejects it: nothing was stored
  | 'store-failed' // the disk or the database failed: whether it was stored is not known yet
  | 'closing' // the server is stopping: nothing was stored

export class Refusal extends Error {
  readonly code: RefusalCode
  /** For 'out-of-hours': when the room opens. */
  readonly opens?: Instant

  constructor(code: RefusalCode, opens?: Instant) {
    super(code)
    this.name = 'Refusal'
    this.code = code
    if (opens !== undefined) this.opens = opens
  }
}

/** A refusal as plain data. */
export interface Refused {
  readonly refused: RefusalCode
  readonly opens?: Instant
}

export function asRefused({ code, opens }: Refusal): Refused {
  return opens === undefined ? { refused: code } : { refused: code, opens }
}

/** Whether it is about the state of the store, which whoever runs the server has been told once. */
export function isOfTheStore({ code }: Refusal): boolean {
  return code.startsWith('store-')
}

/** @returns why the rule refuses; undefined if it does not */
export function refusedBy(rule: () => void): Refused | undefined {
  try {
    rule()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return asRefused(error)
    throw error
  }
}

/** Whether something that is stored could not be read. */
export function isDamage(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'store-damaged'
}

export function refuse(code: RefusalCode, opens?: Instant): never {
  throw new Refusal(code, opens)
}
