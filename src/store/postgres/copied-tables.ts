// What is copied of a chat.db (copy.ts): which tables, in which order, and which of their rows.

import { LAST_ID, LAST_ROOM } from '../scripts/open-room.ts'

/** In an order in which rows come after those that they refer to. */
export const TABLES = [
  'users',
  'rooms',
  'memberships',
  'sanctions',
  'epochs',
  'messages',
  'changes',
  'acts',
  'reactions',
  'pins',
  'mentions',
  'blocks',
  'invitations',
  'invitation_rooms',
  'sessions',
  'masks',
  'metadata',
  'secrets',
  'passes',
  'files',
  'attachments',
  'avatars',
  'pending_deletions',
  'previews',
  'server_settings',
  'polls',
  'votes',
  'followed_threads',
  'teams',
  'team_members',
  'saved',
  'sections',
  'placements',
  'versions',
  'login_codes',
  'scheduled',
  'scheduled_uploads',
  'reminders',
  'reports',
]
/** Tables whose sequences continue after the highest copied id. */
export const COUNTED = [
  'users',
  'rooms',
  'epochs',
  'sessions',
  'acts',
  'saved',
  'sections',
  'scheduled',
  'reminders',
  'reports',
]
/** Columns that are not copied as they are: a file's epoch has no cluster, and a ban may name somebody who is gone. */
export const SELECTED: Readonly<Record<string, string>> = {
  epochs: "*, '' AS cluster, '' AS timeline",
  sanctions: '*, iif(banned_by IN (SELECT id FROM users), banned_by, NULL) AS banned_by',
}
/** Ids after which others can follow (open-room.ts). */
export const WITHIN_REACH = `BETWEEN 0 AND ${LAST_ID}`
const ROOMS = `BETWEEN 0 AND ${LAST_ROOM}`
export const EACH_PERSON = `IN (SELECT id FROM users WHERE id ${WITHIN_REACH})`
const EACH_ROOM = `IN (SELECT id FROM rooms WHERE id ${ROOMS})`
const OF_BOTH = `user_id ${EACH_PERSON} AND room_id ${EACH_ROOM}`
const VALID_INVITATION = `user_id IS NULL OR user_id ${EACH_PERSON}`
/**
 * Which rows are copied. Another program may have written rows for people or rooms that do not exist: PostgreSQL's foreign
 * keys refuse some, and a later room would inherit others. A message's author may be missing: it counts as deleted in both
 * databases.
 */
export const VALID: Readonly<Record<string, string>> = {
  users: `id ${WITHIN_REACH}`,
  rooms: `id ${ROOMS}`,
  memberships: OF_BOTH,
  sanctions: OF_BOTH,
  messages: `id >> 32 ${EACH_ROOM}`,
  changes: `id >> 32 ${EACH_ROOM} AND user_id ${EACH_PERSON} AND (person_id IS NULL OR person_id ${EACH_PERSON})`,
  acts: `id ${WITHIN_REACH}`,
  reports: `id ${WITHIN_REACH} AND message_id >> 32 ${EACH_ROOM} AND user_id ${EACH_PERSON}`,
  reactions: `message_id >> 32 ${EACH_ROOM} AND user_id ${EACH_PERSON}`,
  pins: `message_id >> 32 ${EACH_ROOM}`,
  mentions: `message_id >> 32 ${EACH_ROOM}`,
  blocks: `user_id ${EACH_PERSON} AND blocked_id ${EACH_PERSON}`,
  invitations: VALID_INVITATION,
  invitation_rooms: `room_id ${EACH_ROOM} AND code IN (SELECT code FROM invitations WHERE ${VALID_INVITATION})`,
  sessions: `user_id ${EACH_PERSON}`,
  masks: OF_BOTH,
  metadata: `(of_room = 0 OR of_room ${EACH_ROOM}) AND (of_user = 0 OR of_user ${EACH_PERSON})`,
  avatars: `(of_room = 0 OR of_room ${EACH_ROOM}) AND (of_user = 0 OR of_user ${EACH_PERSON})`,
  attachments: `user_id ${EACH_PERSON}`,
  previews: `message_id >> 32 ${EACH_ROOM}`,
  versions: `message_id >> 32 ${EACH_ROOM}`,
  saved: `message_id >> 32 ${EACH_ROOM} AND user_id ${EACH_PERSON} AND id ${WITHIN_REACH}`,
  sections: `user_id ${EACH_PERSON} AND id ${WITHIN_REACH}`,
  placements: OF_BOTH,
  polls: `message_id >> 32 ${EACH_ROOM}`,
  votes: `message_id >> 32 ${EACH_ROOM} AND user_id ${EACH_PERSON}`,
  followed_threads: `user_id ${EACH_PERSON} AND root_id >> 32 ${EACH_ROOM}`,
  teams: `id ${WITHIN_REACH}`,
  team_members: `user_id ${EACH_PERSON} AND team_id IN (SELECT id FROM teams WHERE id ${WITHIN_REACH})`,
  scheduled: `id ${WITHIN_REACH} AND ${OF_BOTH}`,
  reminders: `id ${WITHIN_REACH} AND user_id ${EACH_PERSON} AND message_id >> 32 ${EACH_ROOM}`,
  passes: `${OF_BOTH} AND host_id ${EACH_PERSON}`,
}
