-- chat.db, version 32. Written by test/tools/schema.ts; a test compares.

CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  username TEXT NOT NULL,
  password TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  skeleton TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  status TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '',
  zone TEXT NOT NULL DEFAULT '',
  disabled INTEGER NOT NULL DEFAULT 0,
  verifier TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '',
  shown TEXT NOT NULL DEFAULT '',
  guest INTEGER NOT NULL DEFAULT 0,
  seen_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX users_who_own ON users (id) WHERE role = 'owner' AND disabled = 0;

CREATE TRIGGER users_deleted AFTER DELETE ON users BEGIN
  INSERT INTO users (id, name, username, password, folded, skeleton, role, created_at, disabled)
    VALUES (old.id, '', '~' || old.id, '', '~' || old.id, '~' || old.id, 'member', old.created_at, 1);
  DELETE FROM sessions WHERE user_id = old.id;
  DELETE FROM memberships
    WHERE user_id = old.id AND room_id IN (SELECT id FROM rooms WHERE kind <> 'direct');
END;

CREATE INDEX users_as_shown ON users (shown);

CREATE TABLE rooms (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  last_seq INTEGER NOT NULL DEFAULT 0,
  last_at INTEGER NOT NULL DEFAULT 0,
  kind TEXT NOT NULL DEFAULT 'open',
  folded TEXT NOT NULL DEFAULT '',
  skeleton TEXT NOT NULL DEFAULT '',
  topic TEXT NOT NULL DEFAULT '',
  archived INTEGER NOT NULL DEFAULT 0,
  indexed_seq INTEGER NOT NULL DEFAULT 0,
  silenced_until INTEGER NOT NULL DEFAULT 0,
  slow_seconds INTEGER NOT NULL DEFAULT 0,
  mask_lists INTEGER NOT NULL DEFAULT 0,
  join_key TEXT NOT NULL DEFAULT '',
  most_people INTEGER NOT NULL DEFAULT 0,
  flags INTEGER NOT NULL DEFAULT 0,
  searchable_seq INTEGER NOT NULL DEFAULT 0,
  shown TEXT NOT NULL DEFAULT '',
  hours TEXT NOT NULL DEFAULT '',
  call TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX rooms_by_name ON rooms (folded);

CREATE UNIQUE INDEX rooms_by_look ON rooms (skeleton);

CREATE INDEX rooms_to_join ON rooms (folded) WHERE kind IN ('open', 'announcement') AND archived = 0;

CREATE INDEX rooms_to_index ON rooms (id) WHERE searchable_seq < last_seq;

CREATE TRIGGER rooms_deleted AFTER DELETE ON rooms BEGIN
  INSERT INTO rooms (id, name, folded, skeleton, kind, archived, last_seq, last_at, searchable_seq)
    VALUES (old.id, iif(old.id = 1, 'general', '~' || old.id), iif(old.id = 1, 'general', '~' || old.id),
            iif(old.id = 1, old.skeleton, '~' || old.id), iif(old.id = 1, 'open', 'closed'), old.id <> 1,
            old.last_seq, old.last_at, old.searchable_seq);
  DELETE FROM memberships WHERE room_id = old.id AND old.id <> 1;
END;

CREATE INDEX rooms_as_shown ON rooms (shown);

CREATE TABLE memberships (
  room_id INTEGER NOT NULL REFERENCES rooms,
  user_id INTEGER NOT NULL REFERENCES users,
  last_read_seq INTEGER NOT NULL DEFAULT 0,
  role TEXT NOT NULL DEFAULT 'member',
  joined_seq INTEGER NOT NULL DEFAULT 0,
  level TEXT NOT NULL DEFAULT 'everything',
  host_id INTEGER,
  hidden_seq INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX memberships_by_user ON memberships (user_id, room_id);

CREATE INDEX memberships_by_host ON memberships (host_id) WHERE host_id IS NOT NULL;

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
  seq INTEGER GENERATED ALWAYS AS (id & 0xffffffff) VIRTUAL,
  reply_seq INTEGER,
  thread_seq INTEGER,
  edited_at INTEGER,
  deleted_at INTEGER,
  notice INTEGER NOT NULL DEFAULT 0,
  format TEXT NOT NULL DEFAULT 'markdown',
  styles TEXT,
  action INTEGER NOT NULL DEFAULT 0,
  tags TEXT,
  attached INTEGER NOT NULL DEFAULT 0,
  thread_only INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX messages_by_key ON messages (room_id, key, user_id) WHERE key IS NOT NULL;

CREATE INDEX messages_by_thread ON messages (room_id, thread_seq, id) WHERE thread_seq IS NOT NULL;

CREATE TRIGGER messages_deleted AFTER DELETE ON messages BEGIN
  INSERT OR IGNORE INTO deleted_rows (id) VALUES (old.id);
END;

CREATE INDEX messages_answering ON messages (room_id, id) WHERE thread_seq IS NOT NULL;

CREATE TABLE sanctions (
  room_id INTEGER NOT NULL REFERENCES rooms,
  user_id INTEGER NOT NULL REFERENCES users,
  banned_until INTEGER NOT NULL DEFAULT 0,
  muted_until INTEGER NOT NULL DEFAULT 0,
  spoke_at INTEGER NOT NULL DEFAULT 0,
  banned_by INTEGER REFERENCES users,
  banned_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

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

CREATE TRIGGER changes_deleted AFTER DELETE ON changes BEGIN
  INSERT OR IGNORE INTO deleted_rows (id) VALUES (old.id);
END;

CREATE TABLE reactions (
  message_id INTEGER NOT NULL,
  emoji TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users,
  PRIMARY KEY (message_id, emoji, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE pins (
  message_id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE mentions (
  user_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  PRIMARY KEY (user_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_by_message ON mentions (message_id);

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users,
  door TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  hash TEXT,
  name TEXT NOT NULL DEFAULT '',
  scope TEXT NOT NULL DEFAULT 'admin',
  room_id INTEGER,
  until INTEGER,
  used_at INTEGER NOT NULL DEFAULT 0,
  client TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE UNIQUE INDEX sessions_by_hash ON sessions (hash) WHERE hash IS NOT NULL;

CREATE TABLE blocks (
  user_id INTEGER NOT NULL REFERENCES users,
  blocked_id INTEGER NOT NULL REFERENCES users,
  PRIMARY KEY (user_id, blocked_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
  code TEXT PRIMARY KEY,
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

CREATE TABLE masks (
  room_id INTEGER NOT NULL REFERENCES rooms,
  list TEXT NOT NULL,
  mask TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (room_id, list, mask)
) STRICT, WITHOUT ROWID;

CREATE TABLE metadata (
  of_room INTEGER NOT NULL,
  of_user INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (of_room, of_user, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
  value TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE terms USING fts5(term, content = '', detail = none, tokenize = 'ascii');

CREATE TABLE index_rule (
  rule TEXT NOT NULL
) STRICT;

CREATE TABLE passes (
  room_id INTEGER NOT NULL REFERENCES rooms,
  user_id INTEGER NOT NULL REFERENCES users,
  host_id INTEGER NOT NULL REFERENCES users,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX passes_by_user ON passes (user_id);

CREATE TABLE deleted_rows (
  id INTEGER PRIMARY KEY
) STRICT;

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

CREATE TABLE pending_deletions (
  key TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

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

CREATE TABLE previews (
  message_id INTEGER NOT NULL,
  url TEXT NOT NULL,
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  site TEXT NOT NULL,
  read_at INTEGER NOT NULL,
  taken_off INTEGER NOT NULL DEFAULT 0,
  file_key TEXT REFERENCES files,
  PRIMARY KEY (message_id, url)
) STRICT, WITHOUT ROWID;

CREATE INDEX previews_by_url ON previews (url, read_at);

CREATE INDEX previews_by_file ON previews (file_key) WHERE file_key IS NOT NULL;

CREATE TABLE avatars (
  of_room INTEGER NOT NULL,
  of_user INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  file_key TEXT NOT NULL REFERENCES files,
  set_by INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (of_room, of_user)
) STRICT, WITHOUT ROWID;

CREATE INDEX avatars_by_file ON avatars (file_key);

CREATE INDEX avatars_by_setter ON avatars (set_by);

CREATE VIEW file_references AS
  SELECT file_key FROM attachments UNION ALL SELECT poster_key FROM attachments
  UNION ALL SELECT file_key FROM previews UNION ALL SELECT file_key FROM avatars;

CREATE TABLE server_settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE followed_threads (
  user_id INTEGER NOT NULL,
  root_id INTEGER NOT NULL,
  following INTEGER NOT NULL,
  read_seq INTEGER NOT NULL,
  PRIMARY KEY (user_id, root_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE login_codes (
  user_id INTEGER PRIMARY KEY REFERENCES users,
  hash TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT;

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

CREATE TABLE versions (
  message_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  text TEXT NOT NULL,
  format TEXT NOT NULL,
  written_at INTEGER NOT NULL,
  PRIMARY KEY (message_id, number)
) STRICT, WITHOUT ROWID;
