// Guests, people without an account: rows of `users` marked as guests', for as long as they stay.

import { GENERAL, type Profile, type UserId } from '../../core/model/model.ts'
import type { NewGuest } from '../../core/ports/people.ts'
import { lockPerson, lockRooms } from './open-room.ts'
import { dismissGuest, insert, mustBeFree } from './people.ts'
import { run, type Script, sql } from './sql.ts'

export function* welcomeGuest(guest: NewGuest): Script<Profile> {
  yield* lockRooms([GENERAL])
  yield* mustBeFree(guest, undefined)
  return yield* insert({ ...guest, password: '', email: '' }, 'guest')
}

export function* letGuestGo(person: UserId): Script<void> {
  yield* lockPerson(person)
  if (yield* dismissGuest(person)) yield* run(sql`DELETE FROM sessions WHERE user_id = ${person}`)
}

/** Lets all guests go, when a server starts: the one that they were connected to is gone. */
export const GUESTS_GONE = `
  DELETE FROM passes WHERE user_id IN (SELECT id FROM users WHERE guest = 1 AND disabled = 0);
  DELETE FROM memberships
    WHERE user_id IN (SELECT id FROM users WHERE guest = 1 AND disabled = 0)
      AND room_id IN (SELECT id FROM rooms WHERE kind <> 'direct');
  UPDATE users SET disabled = 1, folded = '~' || id, skeleton = '~' || id, shown = '' WHERE guest = 1 AND disabled = 0`
