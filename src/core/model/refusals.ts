// Every way the chat says no. A door maps all of them to its own words; the compiler counts.

export type RefusalCode =
  | 'bad-name' // full name: 1–64 printable characters
  | 'bad-username' // 1–32 letters, digits, _ - .
  | 'reserved-username'
  | 'name-taken' // the username, or one that looks like it
  | 'bad-password' // too short or too long for this server
  | 'garbled-password' // it was no Unicode when it came: nobody can tell which it was
  | 'bad-email'
  | 'wrong-code' // an invitation that there is not, or not any more
  | 'registration-closed'
  | 'too-many-accounts' // from that address, lately
  | 'disabled' // the account
  | 'long-status' // over 100 code points
  | 'bad-language'
  | 'bad-zone' // no time zone of IANA's
  | 'no-such-session' // or the token is none, or none any more
  | 'out-of-scope' // the token reaches less far
  | 'oneself' // nobody blocks themselves
  | 'wrong-credentials' // unknown username or wrong password; nobody learns which
  | 'too-many-attempts' // logging in is throttled for this account or address
  | 'busy' // too many log-ins wait already
  | 'empty-text'
  | 'long-text' // over 4,000 code points
  | 'not-a-member' // of that room; also said of rooms that nobody may know of
  | 'no-such-room'
  | 'no-such-person'
  | 'no-such-message'
  | 'bad-room-name' // 1–32 letters, digits, _ -
  | 'room-taken' // a room of that name
  | 'already-there'
  | 'banned'
  | 'muted'
  | 'silenced' // only speakers and moderators write here for the time being
  | 'slow-mode' // one text in so many seconds
  | 'read-only' // an announcement room, and no speaker
  | 'archived'
  | 'wrong-key' // of a room
  | 'bad-key' // over 32 code points, or with a space or comma in it
  | 'room-full' // as many people as it may have
  | 'no-guests' // they don't come in here
  | 'quiet-guests' // they only read here
  | 'account-needed' // guests don't do that
  | 'bad-mask' // none over usernames
  | 'list-full' // of masks
  | 'forbidden' // a lack of rank
  | 'not-yours'
  | 'everyones' // nobody leaves `general`, or is sent out of it
  | 'last-owner' // of a room with others in it, or of the server
  | 'too-many-rooms' // that one person has made, joined or begun
  | 'too-many-brought' // one person by one other, into rooms
  | 'too-many-unanswered' // conversations that one person has begun
  | 'bad-emoji'
  | 'too-many-reactions' // of one person to one message
  | 'long-topic' // over 300 code points
  | 'too-many' // people for a direct room
  | 'bad-query' // no word to search for, or an operator with a value that is none
  | 'bad-date' // not YYYY-MM-DD
  | 'key-reused' // the same key with another text
  | 'store-full' // the disk is full: nothing was stored, later tries may succeed
  | 'store-busy' // another program holds the database: nothing was stored, later tries may succeed
  | 'store-damaged' // what it would take can't be read any more: nothing was stored
  | 'store-moved' // the database is not where it was any more: nothing is stored
  | 'store-refused' // what another program has put into the database (a trigger) does not take it: nothing was stored
  | 'store-failed' // the disk or the database failed: nobody knows yet whether it was stored
  | 'closing' // the server is going down: nothing was stored

export class Refusal extends Error {
  readonly code: RefusalCode

  constructor(code: RefusalCode) {
    super(code)
    this.name = 'Refusal'
    this.code = code
  }
}

/** Whether it says how the store is: whoever runs the server has been told that once. */
export function isOfTheStore({ code }: Refusal): boolean {
  return code.startsWith('store-')
}

/** Why a rule says no; undefined where it does not. */
export function refusedBy(rule: () => void): RefusalCode | undefined {
  try {
    rule()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

export function refuse(code: RefusalCode): never {
  throw new Refusal(code)
}
