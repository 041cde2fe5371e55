// The schema, as steps that are only ever added to. Step n takes a file from version n to n + 1. Other programs open the
// file, too: no view or index may need more than the SQLite of Debian 12, 3.40.

/** Marks a file as ours (SQLite's application_id): the letters 'Tert'. */
export const APPLICATION_ID = 0x54657274

/** Of what all steps make (schema.ts): with another step it is another one, which the test of it says. */
export const FINGERPRINT = 'dc15033ec71ddbe6'

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
  `
  ALTER TABLE rooms ADD COLUMN kind TEXT NOT NULL DEFAULT 'open';
  ALTER TABLE rooms ADD COLUMN folded TEXT NOT NULL DEFAULT '';
  ALTER TABLE rooms ADD COLUMN skeleton TEXT NOT NULL DEFAULT '';
  ALTER TABLE rooms ADD COLUMN topic TEXT NOT NULL DEFAULT '';
  ALTER TABLE rooms ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE rooms ADD COLUMN indexed_seq INTEGER NOT NULL DEFAULT 0;
  UPDATE rooms SET folded = lower(name), skeleton = lower(name);
  CREATE UNIQUE INDEX rooms_by_name ON rooms (folded);
  CREATE UNIQUE INDEX rooms_by_look ON rooms (skeleton);
  CREATE INDEX rooms_to_join ON rooms (folded) WHERE kind IN ('open', 'announcement') AND archived = 0;
  CREATE INDEX rooms_to_index ON rooms (id) WHERE indexed_seq < last_seq;

  ALTER TABLE memberships ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
  -- The seq of the person's arrival; 0 for who is there from the start.
  ALTER TABLE memberships ADD COLUMN joined_seq INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX memberships_by_user ON memberships (user_id, room_id);

  -- Kept for who leaves, too: nobody escapes them by coming back.
  CREATE TABLE sanctions (
    room_id INTEGER NOT NULL REFERENCES rooms,
    user_id INTEGER NOT NULL REFERENCES users,
    banned_until INTEGER NOT NULL DEFAULT 0,
    muted_until INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room_id, user_id)
  ) STRICT, WITHOUT ROWID;

  -- The rooms of each person, under the name that they know them by.
  CREATE VIEW titled AS
    SELECT mine.user_id AS viewer, rooms.id, kind, folded, topic, archived, last_seq, indexed_seq, mine.role,
           mine.last_read_seq, mine.joined_seq,
           CASE kind WHEN 'direct' THEN (
             SELECT group_concat(username, ', ') FROM (
               SELECT username FROM memberships AS others JOIN users ON users.id = others.user_id
               WHERE others.room_id = rooms.id AND others.user_id <> mine.user_id
               ORDER BY users.folded
             )
           ) ELSE rooms.name END AS title
    FROM memberships AS mine JOIN rooms ON rooms.id = mine.room_id;

  -- What happened to a room besides its messages; ids as in messages, from the same seqs.
  CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users,
    kind TEXT NOT NULL,
    target_seq INTEGER,
    person_id INTEGER REFERENCES users,
    value TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    epoch_id INTEGER NOT NULL
  ) STRICT;

  ALTER TABLE messages ADD COLUMN reply_seq INTEGER;
  -- The first message of the chain of replies that this one is in.
  ALTER TABLE messages ADD COLUMN thread_seq INTEGER;
  ALTER TABLE messages ADD COLUMN edited_at INTEGER;
  ALTER TABLE messages ADD COLUMN deleted_at INTEGER;
  CREATE INDEX messages_by_thread ON messages (room_id, thread_seq, id) WHERE thread_seq IS NOT NULL;

  -- Messages as they are shown.
  CREATE VIEW said AS
    SELECT messages.id, room_id, seq, user_id, username, message, messages.created_at, reply_seq, thread_seq,
           edited_at, deleted_at,
           (SELECT username FROM messages AS original JOIN users ON users.id = original.user_id
            WHERE original.id = messages.id - messages.seq + messages.reply_seq) AS reply_username
    FROM messages JOIN users ON users.id = user_id;

  CREATE TABLE reactions (
    message_id INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users,
    PRIMARY KEY (message_id, emoji, user_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE pins (message_id INTEGER PRIMARY KEY) STRICT;
  -- Whom a message mentions; user 0 is everyone in the room.
  CREATE TABLE mentions (
    user_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (user_id, message_id)
  ) STRICT, WITHOUT ROWID;

  -- The index has the ids negative, so that the newest stand first, and a word for the room: FTS5 leaps from one list
  -- of places to the next, but does not seek within one.
  CREATE VIEW searchable AS SELECT -id AS place, 'r' || room_id AS room, message FROM messages;
  CREATE VIRTUAL TABLE texts USING fts5(
    room, message, content = 'searchable', content_rowid = 'place', tokenize = 'unicode61 remove_diacritics 2'
  );
  INSERT INTO texts (texts, rank) VALUES ('secure-delete', 1);
  `,
  `
  -- Whenever there is nothing to index, two parts of the index become one.
  INSERT INTO texts (texts, rank) VALUES ('usermerge', 2);

  ALTER TABLE users ADD COLUMN status TEXT NOT NULL DEFAULT '';
  ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT '';
  ALTER TABLE users ADD COLUMN zone TEXT NOT NULL DEFAULT '';
  ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX users_who_own ON users (id) WHERE role = 'owner' AND disabled = 0;

  CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users,
    door TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sessions_by_user ON sessions (user_id);

  CREATE TABLE blocks (
    user_id INTEGER NOT NULL REFERENCES users,
    blocked_id INTEGER NOT NULL REFERENCES users,
    PRIMARY KEY (user_id, blocked_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE invitations (
    code TEXT PRIMARY KEY,
    -- NULL for one of whoever runs the server.
    user_id INTEGER REFERENCES users,
    uses_left INTEGER NOT NULL,
    until INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE invitation_rooms (
    code TEXT NOT NULL REFERENCES invitations ON DELETE CASCADE,
    room_id INTEGER NOT NULL REFERENCES rooms,
    PRIMARY KEY (code, room_id)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE rooms ADD COLUMN silenced_until INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE rooms ADD COLUMN slow_seconds INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE memberships ADD COLUMN level TEXT NOT NULL DEFAULT 'everything';
  -- Of the person's last text, in rooms with slow mode.
  ALTER TABLE sanctions ADD COLUMN spoke_at INTEGER NOT NULL DEFAULT 0;

  DROP VIEW said;
  CREATE VIEW said AS
    SELECT messages.id, room_id, seq, user_id, username, message, messages.created_at, reply_seq, thread_seq,
           edited_at, deleted_at,
           (SELECT username FROM messages AS original JOIN users ON users.id = original.user_id
            WHERE original.id = messages.id - messages.seq + messages.reply_seq) AS reply_username,
           CASE WHEN instr(message, '@') > 0
             THEN EXISTS (SELECT 1 FROM mentions WHERE mentions.user_id = 0 AND message_id = messages.id)
             ELSE 0 END AS everyone
    FROM messages JOIN users ON users.id = user_id;

  DROP VIEW titled;
  CREATE VIEW titled AS
    SELECT mine.user_id AS viewer, rooms.id, kind, folded, topic, archived, last_seq, indexed_seq, mine.role,
           mine.last_read_seq, mine.joined_seq, mine.level,
           CASE kind WHEN 'direct' THEN (
             SELECT group_concat(username, ', ') FROM (
               SELECT username FROM memberships AS others JOIN users ON users.id = others.user_id
               WHERE others.room_id = rooms.id AND others.user_id <> mine.user_id
               ORDER BY users.folded
             )
           ) ELSE rooms.name END AS title
    FROM memberships AS mine JOIN rooms ON rooms.id = mine.room_id;
  `,
  `
  -- Of the token that opens the session: its SHA-256, what the person calls it, how far it reaches, and until when.
  ALTER TABLE sessions ADD COLUMN hash TEXT;
  ALTER TABLE sessions ADD COLUMN name TEXT NOT NULL DEFAULT '';
  ALTER TABLE sessions ADD COLUMN scope TEXT NOT NULL DEFAULT 'admin';
  ALTER TABLE sessions ADD COLUMN room_id INTEGER;
  ALTER TABLE sessions ADD COLUMN until INTEGER;
  ALTER TABLE sessions ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
  CREATE UNIQUE INDEX sessions_by_hash ON sessions (hash) WHERE hash IS NOT NULL;
  `,
  `
  -- Masks over usernames, folded: core/masks.ts. Which lists have any is in rooms.mask_lists, a bit for each, so that a
  -- room without masks is judged without looking for them.
  CREATE TABLE masks (
    room_id INTEGER NOT NULL REFERENCES rooms,
    list TEXT NOT NULL,
    mask TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (room_id, list, mask)
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE rooms ADD COLUMN mask_lists INTEGER NOT NULL DEFAULT 0;

  -- In clear: its members see it, to let others in.
  ALTER TABLE rooms ADD COLUMN join_key TEXT NOT NULL DEFAULT '';
  ALTER TABLE rooms ADD COLUMN most_people INTEGER NOT NULL DEFAULT 0;
  -- A bit for each of core/model.ts, RoomFlag.
  ALTER TABLE rooms ADD COLUMN flags INTEGER NOT NULL DEFAULT 0;

  -- Who has banned the person, and when; not known of those before.
  ALTER TABLE sanctions ADD COLUMN banned_by INTEGER REFERENCES users;
  ALTER TABLE sanctions ADD COLUMN banned_at INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- For who may log in by SCRAM: what is kept for that (RFC 5803).
  ALTER TABLE users ADD COLUMN verifier TEXT NOT NULL DEFAULT '';
  ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';
  -- Said so that no program answers it (NOTICE in IRC).
  ALTER TABLE messages ADD COLUMN notice INTEGER NOT NULL DEFAULT 0;
  DROP VIEW said;
  CREATE VIEW said AS
    SELECT messages.id, room_id, seq, user_id, username, message, messages.created_at, reply_seq, thread_seq,
           edited_at, deleted_at, notice,
           (SELECT username FROM messages AS original JOIN users ON users.id = original.user_id
            WHERE original.id = messages.id - messages.seq + messages.reply_seq) AS reply_username,
           CASE WHEN instr(message, '@') > 0
             THEN EXISTS (SELECT 1 FROM mentions WHERE mentions.user_id = 0 AND message_id = messages.id)
             ELSE 0 END AS everyone
    FROM messages JOIN users ON users.id = user_id;

  -- What people say of themselves, and moderators of a room, for programs: an avatar, a colour.
  CREATE TABLE metadata (
    of_room INTEGER NOT NULL,
    of_user INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (of_room, of_user, key)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- It ordered inside the aggregate, which no SQLite before 3.44 reads; and one that can't read a view opens no file.
  DROP VIEW titled;
  CREATE VIEW titled AS
    SELECT mine.user_id AS viewer, rooms.id, kind, folded, topic, archived, last_seq, indexed_seq, mine.role,
           mine.last_read_seq, mine.joined_seq, mine.level,
           CASE kind WHEN 'direct' THEN (
             SELECT group_concat(username, ', ') FROM (
               SELECT username FROM memberships AS others JOIN users ON users.id = others.user_id
               WHERE others.room_id = rooms.id AND others.user_id <> mine.user_id
               ORDER BY users.folded
             )
           ) ELSE rooms.name END AS title
    FROM memberships AS mine JOIN rooms ON rooms.id = mine.room_id;

  -- Other programs delete people and rooms, too, and SQLite gives the id of the last one to the next, who would be in
  -- that one's rooms, and read what was said there. So an empty, disabled one stays in its place.
  CREATE TRIGGER users_deleted AFTER DELETE ON users BEGIN
    INSERT INTO users (id, name, username, password, folded, skeleton, role, created_at, disabled)
      VALUES (old.id, '', '~' || old.id, '', '~' || old.id, '~' || old.id, 'member', old.created_at, 1);
    DELETE FROM sessions WHERE user_id = old.id;
    DELETE FROM memberships
      WHERE user_id = old.id AND room_id IN (SELECT id FROM rooms WHERE kind <> 'direct');
  END;
  CREATE TRIGGER rooms_deleted AFTER DELETE ON rooms BEGIN
    INSERT INTO rooms (id, name, folded, skeleton, kind, archived, last_seq, last_at, indexed_seq)
      VALUES (old.id, iif(old.id = 1, 'general', '~' || old.id), iif(old.id = 1, 'general', '~' || old.id),
              iif(old.id = 1, old.skeleton, '~' || old.id), iif(old.id = 1, 'open', 'closed'), old.id <> 1,
              old.last_seq, old.last_at, old.indexed_seq);
    DELETE FROM memberships WHERE room_id = old.id AND old.id <> 1;
  END;
  `,
  `
  -- One row: 32 bytes that nobody outside can know, in hexadecimal digits.
  CREATE TABLE secrets (value TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  INSERT INTO secrets (value) VALUES (lower(hex(randomblob(32))));
  `,
  `
  -- The index of words, made anew by one rule for both databases (core/index-terms.ts): behind the writer, while search
  -- looks through what it lacks. It keeps no texts, only under which terms each is listed, the newest first; other
  -- programs need nothing of it. rooms.indexed_seq was about the index before.
  DROP TABLE texts;
  DROP VIEW searchable;
  DROP INDEX rooms_to_index;
  CREATE VIRTUAL TABLE terms USING fts5(term, content = '', detail = none, tokenize = 'ascii');
  INSERT INTO terms (terms, rank) VALUES ('secure-delete', 1), ('usermerge', 2);
  ALTER TABLE rooms ADD COLUMN searchable_seq INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX rooms_to_index ON rooms (id) WHERE searchable_seq < last_seq;
  DROP TRIGGER rooms_deleted;
  CREATE TRIGGER rooms_deleted AFTER DELETE ON rooms BEGIN
    INSERT INTO rooms (id, name, folded, skeleton, kind, archived, last_seq, last_at, searchable_seq)
      VALUES (old.id, iif(old.id = 1, 'general', '~' || old.id), iif(old.id = 1, 'general', '~' || old.id),
              iif(old.id = 1, old.skeleton, '~' || old.id), iif(old.id = 1, 'open', 'closed'), old.id <> 1,
              old.last_seq, old.last_at, old.searchable_seq);
    DELETE FROM memberships WHERE room_id = old.id AND old.id <> 1;
  END;
  CREATE TABLE index_rule (rule TEXT NOT NULL) STRICT;
  INSERT INTO index_rule VALUES ('');
  `,
  `
  -- What a text is, plain or markdown: those of before were shown as Markdown. How parts of a plain one look, as JSON:
  -- [[from, to, style], …]. Whether it is what its author does (/me).
  ALTER TABLE messages ADD COLUMN format TEXT NOT NULL DEFAULT 'markdown';
  ALTER TABLE messages ADD COLUMN styles TEXT;
  ALTER TABLE messages ADD COLUMN action INTEGER NOT NULL DEFAULT 0;
  DROP VIEW said;
  CREATE VIEW said AS
    SELECT messages.id, room_id, seq, user_id, username, message, messages.created_at, reply_seq, thread_seq,
           edited_at, deleted_at, notice, format, styles, action,
           (SELECT username FROM messages AS original JOIN users ON users.id = original.user_id
            WHERE original.id = messages.id - messages.seq + messages.reply_seq) AS reply_username,
           CASE WHEN instr(message, '@') > 0
             THEN EXISTS (SELECT 1 FROM mentions WHERE mentions.user_id = 0 AND message_id = messages.id)
             ELSE 0 END AS everyone
    FROM messages JOIN users ON users.id = user_id;
  `,
  `
  -- Who is asked to come into a room, and by whom: for one entry.
  CREATE TABLE passes (
    room_id INTEGER NOT NULL REFERENCES rooms,
    user_id INTEGER NOT NULL REFERENCES users,
    host_id INTEGER NOT NULL REFERENCES users,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passes_by_user ON passes (user_id);
  `,
  `
  -- What programs are told with a message (IRC's client-only tags), as JSON: [[name, value], …].
  ALTER TABLE messages ADD COLUMN tags TEXT;
  DROP VIEW said;
  CREATE VIEW said AS
    SELECT messages.id, room_id, seq, user_id, username, message, messages.created_at, reply_seq, thread_seq,
           edited_at, deleted_at, notice, format, styles, action, tags,
           (SELECT username FROM messages AS original JOIN users ON users.id = original.user_id
            WHERE original.id = messages.id - messages.seq + messages.reply_seq) AS reply_username,
           CASE WHEN instr(message, '@') > 0
             THEN EXISTS (SELECT 1 FROM mentions WHERE mentions.user_id = 0 AND message_id = messages.id)
             ELSE 0 END AS everyone
    FROM messages JOIN users ON users.id = user_id;
  `,
  `
  -- The ids of rows of messages and changes that another program has deleted (this one deletes none), until whoever runs
  -- the server has been told.
  CREATE TABLE deleted_rows (id INTEGER PRIMARY KEY) STRICT;
  CREATE TRIGGER messages_deleted AFTER DELETE ON messages BEGIN
    INSERT OR IGNORE INTO deleted_rows (id) VALUES (old.id);
  END;
  CREATE TRIGGER changes_deleted AFTER DELETE ON changes BEGIN
    INSERT OR IGNORE INTO deleted_rows (id) VALUES (old.id);
  END;
  `,
  `
  -- Who has put the person there; NULL where they came by themselves, 0 where nobody knows: such rooms use up nothing of
  -- theirs. Of the conversations that there are nobody knows who began them.
  ALTER TABLE memberships ADD COLUMN host_id INTEGER;
  UPDATE memberships SET host_id = 0 WHERE room_id IN (SELECT id FROM rooms WHERE kind = 'direct');
  CREATE INDEX memberships_by_host ON memberships (host_id) WHERE host_id IS NOT NULL;

  -- A conversation is called by those whom it was begun with, also when one of them leaves: its name is made of their
  -- ids, @1+2+3. Other programs may have put anything there.
  DROP VIEW titled;
  CREATE VIEW titled AS
    SELECT mine.user_id AS viewer, rooms.id, kind, folded, topic, archived, last_seq, indexed_seq, mine.role,
           mine.last_read_seq, mine.joined_seq, mine.level,
           CASE kind WHEN 'direct' THEN (
             SELECT group_concat(username, ', ') FROM (
               SELECT username
               FROM (SELECT '[' || replace(substr(rooms.name, 2), '+', ',') || ']' AS ids) AS made_for
               JOIN json_each(CASE WHEN json_valid(ids) THEN ids ELSE '[]' END) AS others
               JOIN users ON users.id = others.value
               WHERE users.id <> mine.user_id
               ORDER BY users.folded
             )
           ) ELSE rooms.name END AS title
    FROM memberships AS mine JOIN rooms ON rooms.id = mine.room_id;
  `,
  `
  -- What a name looks like as it is shown (core/ports.ts, Looks). Of the names that there are already that is known here
  -- where they are Latin: whatever they look like, others are kept from looking like their small letters as before.
  ALTER TABLE users ADD COLUMN shown TEXT NOT NULL DEFAULT '';
  ALTER TABLE rooms ADD COLUMN shown TEXT NOT NULL DEFAULT '';
  UPDATE users SET shown = replace(lower(replace(replace(username, 'I', 'l'), 'L', '|')), '|', 'L')
    WHERE NOT (password = '' AND disabled = 1);
  UPDATE rooms SET shown = replace(lower(replace(replace(name, 'I', 'l'), 'L', '|')), '|', 'L');
  CREATE INDEX users_as_shown ON users (shown);
  CREATE INDEX rooms_as_shown ON rooms (shown);
  `,
  `
  -- The bytes of files, which the file storage keeps under \`key\`, once for each content; \`variants\` names what was made of
  -- them (core/files/files.ts).
  CREATE TABLE files (
    key TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    type TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    placeholder TEXT,
    animated INTEGER NOT NULL DEFAULT 0,
    variants TEXT NOT NULL DEFAULT ''
  ) STRICT, WITHOUT ROWID;

  -- An upload, whose file is known once its bytes are there, and which becomes an attachment once a message has it.
  CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    digest TEXT,
    created_at INTEGER NOT NULL,
    file_key TEXT REFERENCES files,
    message_id INTEGER,
    position INTEGER NOT NULL DEFAULT 0,
    alt TEXT NOT NULL DEFAULT '',
    poster_key TEXT REFERENCES files,
    duration INTEGER,
    waveform TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX attachments_by_message ON attachments (message_id, position) WHERE message_id IS NOT NULL;
  CREATE INDEX attachments_by_user ON attachments (user_id);
  CREATE INDEX attachments_by_file ON attachments (file_key) WHERE file_key IS NOT NULL;
  CREATE INDEX attachments_by_poster ON attachments (poster_key) WHERE poster_key IS NOT NULL;
  CREATE INDEX attachments_unsent ON attachments (created_at) WHERE message_id IS NULL;

  -- Keys whose bytes the file storage is to delete: nothing refers to them any more.
  CREATE TABLE pending_deletions (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

  -- How many attachments a message has.
  ALTER TABLE messages ADD COLUMN attached INTEGER NOT NULL DEFAULT 0;
  DROP VIEW said;
  CREATE VIEW said AS
    SELECT messages.id, room_id, seq, user_id, username, message, messages.created_at, reply_seq, thread_seq,
           edited_at, deleted_at, notice, format, styles, action, tags,
           (SELECT username FROM messages AS original JOIN users ON users.id = original.user_id
            WHERE original.id = messages.id - messages.seq + messages.reply_seq) AS reply_username,
           CASE WHEN instr(message, '@') > 0
             THEN EXISTS (SELECT 1 FROM mentions WHERE mentions.user_id = 0 AND message_id = messages.id)
             ELSE 0 END AS everyone,
           CASE WHEN attached > 0 THEN (
             SELECT json_group_array(json_array(id, name, type, size, sha256, alt, width, height, placeholder, animated,
                                                duration, waveform))
             FROM (SELECT attachments.id, name, files.type, files.size, files.sha256, alt, COALESCE(files.width, poster.width) AS width,
                          COALESCE(files.height, poster.height) AS height,
                          COALESCE(files.placeholder, poster.placeholder) AS placeholder, files.animated, duration, waveform
                   FROM attachments JOIN files ON files.key = file_key LEFT JOIN files AS poster ON poster.key = poster_key
                   WHERE message_id = messages.id ORDER BY position)
           ) END AS attachments
    FROM messages JOIN users ON users.id = user_id;

  -- What a search looks through: texts, with what files are called and what is said of them.
  CREATE VIEW searched AS
    SELECT messages.id, user_id, created_at, deleted_at, attached > 0 AS filed,
           CASE WHEN attached > 0 THEN EXISTS (
             SELECT 1 FROM attachments JOIN files ON files.key = file_key
             WHERE message_id = messages.id AND type LIKE 'image/%'
           ) ELSE 0 END AS pictured,
           CASE WHEN attached > 0 THEN message || COALESCE((
             SELECT group_concat(char(10) || name || char(10) || alt, '')
             FROM (SELECT name, alt FROM attachments WHERE message_id = messages.id ORDER BY position)
           ), '') ELSE message END AS message
    FROM messages;
  `,
  `
  -- What the pages of a message's links say of themselves (core/ports/previews.ts), in the order of the links, and when
  -- they were read. One that somebody has taken off stays, without its texts, so that it is not shown again.
  CREATE TABLE previews (
    message_id INTEGER NOT NULL,
    url TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    site TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    taken_off INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (message_id, url)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX previews_by_url ON previews (url, read_at);
  `,
  `
  -- The picture of a link.
  ALTER TABLE previews ADD COLUMN file_key TEXT REFERENCES files;
  CREATE INDEX previews_by_file ON previews (file_key) WHERE file_key IS NOT NULL;
  `,
  `
  -- Pictures of people and rooms: of one of both, the other column is 0. The id is in addresses, which nobody can guess.
  CREATE TABLE avatars (
    of_room INTEGER NOT NULL,
    of_user INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    file_key TEXT NOT NULL REFERENCES files,
    PRIMARY KEY (of_room, of_user)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX avatars_by_file ON avatars (file_key);

  -- Whatever refers to a file: one that is not here is deleted.
  CREATE VIEW file_references AS
    SELECT file_key FROM attachments UNION ALL SELECT poster_key FROM attachments
    UNION ALL SELECT file_key FROM previews UNION ALL SELECT file_key FROM avatars;
  `,
  `
  -- Whose space a picture of a person or a room takes: that of whoever has set it; 0 where nobody knows.
  ALTER TABLE avatars ADD COLUMN set_by INTEGER NOT NULL DEFAULT 0;
  UPDATE avatars SET set_by = of_user;
  CREATE INDEX avatars_by_setter ON avatars (set_by);
  `,
  `
  -- Who is there without an account. Another program may empty the password of one who has an account.
  ALTER TABLE users ADD COLUMN guest INTEGER NOT NULL DEFAULT 0;
  UPDATE users SET guest = 1 WHERE password = '' AND (role = 'guest' OR folded = '~' || id);
  `,
  `
  -- What owners and admins of the server have set while it runs (core/model/server-settings.ts).
  CREATE TABLE server_settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The moderation log (core/model/acts.ts): what was done about people and rooms. An act in a room is told by its row in
  -- changes; on the server, the room is 0. The user is 0 for whoever runs the server.
  CREATE TABLE acts (
    id INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    person_id INTEGER,
    room_id INTEGER NOT NULL,
    change_id INTEGER,
    kind TEXT NOT NULL,
    value TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX acts_by_room ON acts (room_id, id);
  CREATE INDEX acts_by_person ON acts (person_id, id) WHERE person_id IS NOT NULL;
  CREATE INDEX acts_by_actor ON acts (user_id, id);
  INSERT INTO acts (created_at, user_id, person_id, room_id, change_id, kind)
    SELECT changes.created_at, changes.user_id,
           CASE changes.kind WHEN 'deletion' THEN messages.user_id ELSE person_id END, rooms.id, changes.id, changes.kind
    FROM changes JOIN rooms ON rooms.id = changes.id >> 32
    LEFT JOIN messages ON changes.kind = 'deletion' AND messages.id = changes.id - (changes.id & 4294967295)
      + CASE WHEN target_seq BETWEEN 1 AND 4294967294 THEN target_seq END
    WHERE rooms.kind <> 'direct' AND (
      changes.kind IN ('appointment', 'muting', 'mask', 'alteration')
      OR (changes.kind = 'removal' AND value <> 'left')
      OR (changes.kind = 'deletion' AND messages.user_id <> changes.user_id))
    ORDER BY changes.created_at, changes.id;
  `,
  `
  -- How polls are voted on: their question and options are their messages' texts (core/model/polls.ts). An end of 0 is
  -- none; \`untold\` says that the room has not been told of all votes.
  CREATE TABLE polls (
    message_id INTEGER PRIMARY KEY,
    multiple INTEGER NOT NULL DEFAULT 0,
    named INTEGER NOT NULL DEFAULT 0,
    ends_at INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER NOT NULL DEFAULT 0,
    told_at INTEGER NOT NULL DEFAULT 0,
    untold INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX polls_to_tell ON polls (told_at) WHERE untold = 1;
  CREATE INDEX polls_to_end ON polls (ends_at) WHERE closed_at = 0 AND ends_at > 0;
  CREATE TABLE votes (
    message_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users,
    option INTEGER NOT NULL,
    PRIMARY KEY (message_id, user_id, option)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Threads. An answer may stand in its thread alone, as far as a door has threads.
  ALTER TABLE messages ADD COLUMN thread_only INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX messages_answering ON messages (room_id, id) WHERE thread_seq IS NOT NULL;

  -- Who follows a thread, or has ceased to, and how far they have read its answers. Of earlier ones: who wrote in them.
  CREATE TABLE followed_threads (
    user_id INTEGER NOT NULL,
    root_id INTEGER NOT NULL,
    following INTEGER NOT NULL,
    read_seq INTEGER NOT NULL,
    PRIMARY KEY (user_id, root_id)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO followed_threads (user_id, root_id, following, read_seq)
    SELECT user_id, id - seq + thread_seq, 1, COALESCE((SELECT last_seq FROM rooms WHERE rooms.id = room_id), 0)
    FROM messages WHERE thread_seq IS NOT NULL
    UNION
    SELECT root.user_id, root.id, 1, COALESCE((SELECT last_seq FROM rooms WHERE rooms.id = root.room_id), 0)
    FROM messages AS answers JOIN messages AS root ON root.id = answers.id - answers.seq + answers.thread_seq
    WHERE answers.thread_seq IS NOT NULL;

  -- Teams: named groups of people. A message that mentions one has a row of \`mentions\` for each member who is in the
  -- room, and one for the team, whose person is the team's id, negated.
  CREATE TABLE teams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    skeleton TEXT NOT NULL UNIQUE,
    shown TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE team_members (
    team_id INTEGER NOT NULL REFERENCES teams ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users,
    PRIMARY KEY (team_id, user_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX team_members_by_user ON team_members (user_id);
  CREATE INDEX mentions_by_message ON mentions (message_id);

  DROP VIEW said;
  CREATE VIEW said AS
    SELECT messages.id, room_id, seq, user_id, username, message, messages.created_at, reply_seq, thread_seq,
           edited_at, deleted_at, notice, format, styles, action, tags,
           (SELECT username FROM messages AS original JOIN users ON users.id = original.user_id
            WHERE original.id = messages.id - messages.seq + messages.reply_seq) AS reply_username,
           CASE WHEN instr(message, '@') > 0
             THEN EXISTS (SELECT 1 FROM mentions WHERE mentions.user_id = 0 AND message_id = messages.id)
             ELSE 0 END AS everyone,
           CASE WHEN attached > 0 THEN (
             SELECT json_group_array(json_array(id, name, type, size, sha256, alt, width, height, placeholder, animated,
                                                duration, waveform))
             FROM (SELECT attachments.id, name, files.type, files.size, files.sha256, alt, COALESCE(files.width, poster.width) AS width,
                          COALESCE(files.height, poster.height) AS height,
                          COALESCE(files.placeholder, poster.placeholder) AS placeholder, files.animated, duration, waveform
                   FROM attachments JOIN files ON files.key = file_key LEFT JOIN files AS poster ON poster.key = poster_key
                   WHERE message_id = messages.id ORDER BY position)
           ) END AS attachments,
           thread_only,
           CASE WHEN instr(message, '@') > 0 THEN (
             SELECT group_concat(folded, ' ') FROM (
               SELECT teams.folded FROM mentions JOIN teams ON teams.id = -mentions.user_id
               WHERE message_id = messages.id AND mentions.user_id < 0 ORDER BY teams.folded)
           ) END AS teams
    FROM messages JOIN users ON users.id = user_id;
  `,
  `
  -- What people keep for themselves: saved messages, sections of their lists of rooms, and what stands where in those; a
  -- section of 0 is none.
  CREATE TABLE saved (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users,
    message_id INTEGER NOT NULL,
    saved_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX saved_once ON saved (message_id, user_id);
  CREATE INDEX saved_by_user ON saved (user_id, id);
  CREATE TABLE sections (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    folded INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX sections_by_user ON sections (user_id, position);
  CREATE TABLE placements (
    user_id INTEGER NOT NULL REFERENCES users,
    room_id INTEGER NOT NULL REFERENCES rooms,
    favourite INTEGER NOT NULL DEFAULT 0,
    section_id INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, room_id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- When others than moderators may write in a room (core/text/hours.ts), and the address of its call.
  ALTER TABLE rooms ADD COLUMN hours TEXT NOT NULL DEFAULT '';
  ALTER TABLE rooms ADD COLUMN call TEXT NOT NULL DEFAULT '';

  -- Messages that people have reported. \`context\` has the message as it was, and what stood around it, in JSON
  -- (scripts/reports.ts); it is empty once the report is closed. \`told\`: the reporter knows that it was looked at.
  CREATE TABLE reports (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users,
    reason TEXT NOT NULL,
    context TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at INTEGER,
    closed_by INTEGER,
    note TEXT NOT NULL DEFAULT '',
    told INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE UNIQUE INDEX reports_once ON reports (message_id, user_id);
  CREATE INDEX reports_open ON reports (id) WHERE closed_at IS NULL;
  CREATE INDEX reports_by_user ON reports (user_id, created_at);
  `,
  `
  -- One-time codes that people type in place of a password (core/model/login-codes.ts), and when somebody was last there.
  CREATE TABLE login_codes (
    user_id INTEGER PRIMARY KEY REFERENCES users,
    hash TEXT NOT NULL,
    until INTEGER NOT NULL
  ) STRICT;
  ALTER TABLE users ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Messages that are sent later (core/model/scheduled.ts): \`at\` is when they are meant to be, \`due_at\` when that is
  -- tried, which slow mode puts off; \`refused\` says why one was not sent. Uploads are JSON; those of a waiting message do
  -- not expire.
  CREATE TABLE scheduled (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users,
    room_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    format TEXT NOT NULL,
    action INTEGER NOT NULL DEFAULT 0,
    reply_seq INTEGER NOT NULL DEFAULT 0,
    uploads TEXT NOT NULL DEFAULT '[]',
    at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    key TEXT NOT NULL,
    refused TEXT NOT NULL DEFAULT '',
    UNIQUE (user_id, key)
  ) STRICT;
  CREATE INDEX scheduled_by_time ON scheduled (due_at) WHERE refused = '';
  CREATE TABLE scheduled_uploads (
    upload_id TEXT PRIMARY KEY,
    scheduled_id INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX scheduled_uploads_by_message ON scheduled_uploads (scheduled_id);

  -- Reminders of messages; one whose time has come has \`rung\`.
  CREATE TABLE reminders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users,
    message_id INTEGER NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    due_at INTEGER NOT NULL,
    rung INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX reminders_by_person ON reminders (user_id, due_at);
  CREATE INDEX reminders_by_time ON reminders (due_at) WHERE rung = 0;
  `,
  `
  -- Conversations of more than two: what they are called, where nobody has named them by who is in them. Of those that
  -- somebody has left, each is itself alone (store/scripts/conversations.ts). Who has hidden a conversation, before which seq: 0 for not.
  ALTER TABLE rooms ADD COLUMN title TEXT NOT NULL DEFAULT '';
  ALTER TABLE memberships ADD COLUMN hidden_seq INTEGER NOT NULL DEFAULT 0;
  UPDATE rooms SET name = '@~' || id, folded = '@~' || id, skeleton = '@~' || id, shown = '@~' || id
    WHERE kind = 'direct' AND name LIKE '@%+%+%'
      AND (SELECT count(*) FROM memberships WHERE room_id = rooms.id) <= length(name) - length(replace(name, '+', ''));
  DROP VIEW titled;
  CREATE VIEW titled AS
    SELECT mine.user_id AS viewer, rooms.id, kind, folded, topic, archived, last_seq, indexed_seq, mine.role,
           mine.last_read_seq, mine.joined_seq, mine.level,
           CASE WHEN kind <> 'direct' THEN rooms.name WHEN rooms.title <> '' THEN rooms.title WHEN rooms.name LIKE '@~%' THEN (
             SELECT group_concat(username, ', ') FROM (
               SELECT username FROM memberships AS theirs JOIN users ON users.id = theirs.user_id
               WHERE theirs.room_id = rooms.id AND theirs.user_id <> mine.user_id ORDER BY users.folded)
           ) ELSE (
             SELECT group_concat(username, ', ') FROM (
               SELECT username
               FROM (SELECT '[' || replace(substr(rooms.name, 2), '+', ',') || ']' AS ids) AS made_for
               JOIN json_each(CASE WHEN json_valid(ids) THEN ids ELSE '[]' END) AS others
               JOIN users ON users.id = others.value
               WHERE users.id <> mine.user_id
               ORDER BY users.folded
             )
           ) END AS title,
           CASE WHEN kind = 'direct' AND (rooms.name LIKE '@~%' OR rooms.name LIKE '@%+%+%') THEN 1 ELSE 0 END AS grouped,
           mine.hidden_seq
    FROM memberships AS mine JOIN rooms ON rooms.id = mine.room_id;
  `,
  `
  -- The browser and system by which people tell their sessions apart: Firefox/Linux.
  ALTER TABLE sessions ADD COLUMN client TEXT NOT NULL DEFAULT '';
  `,
  `
  -- Former texts of edited messages, where the server is set to keep them.
  CREATE TABLE versions (
    message_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    format TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, number)
  ) STRICT, WITHOUT ROWID;
  `,
]
