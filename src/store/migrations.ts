// The schema, as steps that are only ever added to. Step n takes a file from version n to n + 1.

/** Marks a file as ours (SQLite's application_id): the letters 'Tert'. */
export const APPLICATION_ID = 0x54657274

// `users` and `messages` are the lab's tables. A message's id holds its place: room · 2^32 + seq, so that one
// room's messages lie side by side, in order, and the primary key is the only index that a post has to touch.
export const migrations: readonly string[] = [
  `
  CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    username TEXT NOT NULL,
    password TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    skeleton TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    last_seq INTEGER NOT NULL DEFAULT 0,
    last_at INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO rooms (id, name) VALUES (1, 'general');

  CREATE TABLE memberships (
    room_id INTEGER NOT NULL REFERENCES rooms,
    user_id INTEGER NOT NULL REFERENCES users,
    last_read_seq INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room_id, user_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE epochs (
    id INTEGER PRIMARY KEY,
    epoch TEXT NOT NULL UNIQUE,
    began_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users,
    message TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    epoch_id INTEGER NOT NULL,
    key TEXT,
    room_id INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
    seq INTEGER GENERATED ALWAYS AS (id & 0xffffffff) VIRTUAL
  ) STRICT;
  CREATE UNIQUE INDEX messages_by_key ON messages (room_id, key, user_id) WHERE key IS NOT NULL;
  `,
]
