// Following a thread by writing in it, or being mentioned there.

import { type Statement, sql } from './sql.ts'

/** After answers were written: their authors, those of the first messages, and whoever they mention, follow. */
export function followStatements(answers: readonly number[]): Statement[] {
  const ids = JSON.stringify(answers)
  return [followedByAuthors(ids), followedByFirstAuthors(ids), followedByMention(answers)]
}

function followedByAuthors(ids: string): Statement {
  return sql`INSERT INTO followed_threads (user_id, root_id, following, read_seq)
        SELECT user_id, id - seq + thread_seq, 1, max(seq) FROM messages
        WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(${ids})) AND thread_seq IS NOT NULL
        GROUP BY user_id, id - seq + thread_seq
        ON CONFLICT (user_id, root_id) DO UPDATE
          SET following = 1,
              read_seq = CASE followed_threads.following WHEN 1 THEN followed_threads.read_seq
                              ELSE excluded.read_seq END`
}

function followedByFirstAuthors(ids: string): Statement {
  return sql`INSERT INTO followed_threads (user_id, root_id, following, read_seq)
        SELECT DISTINCT root.user_id, root.id, 1, root.seq
        FROM messages AS answers JOIN messages AS root ON root.id = answers.id - answers.seq + answers.thread_seq
        WHERE answers.id IN (SELECT CAST(value AS BIGINT) FROM json_each(${ids})) AND answers.thread_seq IS NOT NULL
        ON CONFLICT (user_id, root_id) DO NOTHING`
}

/** Whoever the answers, or the first messages of their threads, mention. */
export function followedByMention(answers: readonly number[]): Statement {
  return sql`INSERT INTO followed_threads (user_id, root_id, following, read_seq)
        SELECT mentions.user_id, answers.id - answers.seq + answers.thread_seq, 1, min(answers.seq) - 1
        FROM messages AS answers
        JOIN mentions ON mentions.message_id IN (answers.id, answers.id - answers.seq + answers.thread_seq)
        WHERE answers.id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(answers)}))
          AND answers.thread_seq IS NOT NULL AND mentions.user_id > 0
        GROUP BY mentions.user_id, answers.id - answers.seq + answers.thread_seq
        ON CONFLICT (user_id, root_id) DO NOTHING`
}
