// Appends drafts to many rooms in two round trips to the database, however many there are: one reads everything that the
// shared rules (append-rules.ts) need, the other writes all rows.

import type { Instant, RoomId, Seq, UserId } from '../../core/model/model.ts'
import type { Draft, Receipt } from '../../core/ports/log.ts'
import { EVERYONE, mentionsIn } from '../../core/text/mentions.ts'
import {
  type Admitted,
  admission,
  assignSeqs,
  maySee,
  missingRoom,
  type PostedAs,
  type PriorPost,
  postedTextOf,
  type ReplyTarget,
  type RoomState,
  receiptOf,
  receiptOfRepeat,
  roomStateOf,
  standsApart,
  textOf,
} from '../scripts/append-rules.ts'
import { followStatements } from '../scripts/following.ts'
import { stylesStored, tagsStored } from '../scripts/format.ts'
import { listsFor, masksFrom } from '../scripts/masks.ts'
import {
  mayCallAll,
  mayCallTeam,
  type NamedTeam,
  namedTeam,
  teamMentions,
  teamsNamed,
} from '../scripts/mentions.ts'
import {
  FARTHEST,
  idOf,
  isSeq,
  LAST_ROOM,
  LEAP,
  participantFrom,
  roomFrom,
  seqIn,
  seqOf,
} from '../scripts/open-room.ts'
import { instant, number, type Row, type Statement, sql, text, username } from '../scripts/sql.ts'
import { type Connection, storableText } from './connection.ts'
import {
  insertMessages,
  type MentionRow,
  type MessageRow,
  mentionAll,
  mentionNamed,
  moveHeads,
  moveMarks,
  noteTimes,
} from './rows.ts'

/** Further statements to send with the two round trips. */
export interface RoundTrips {
  readonly before: readonly Statement[]
  readonly after: readonly Statement[]
  /** Called with the receipts before any row is sent. */
  judged(receipts: readonly Receipt[]): void
}

/** Runs within a transaction, and locks the rooms until it ends. Rejects, for all drafts, when any statement fails. */
export async function appendMany(
  connection: Connection,
  { drafts, at }: { drafts: readonly Draft[]; at: Instant },
  { before, after, judged }: RoundTrips,
): Promise<Receipt[]> {
  const wanted = drafts.map(storableDraft)
  const answers = await connection.askAll([...before, ...questions(wanted)])
  const round = new AppendRound(factsFrom(answers.slice(before.length), at))
  const receipts = wanted.map(draft => round.judge(draft))
  judged(receipts)
  await connection.askAll([...round.statements(), ...after])
  return receipts
}

function storableDraft(draft: Draft): Draft {
  const { texts, key } = draft
  return {
    ...draft,
    texts: texts.map(storableText),
    ...(key !== undefined && { key: storableText(key) }),
  }
}

// --- reading -------------------------------------------------------------------------------------------

interface Facts {
  readonly rooms: ReadonlyMap<RoomId, RoomState>
  readonly names: ReadonlyMap<UserId, string>
  readonly epoch: number
  /** By `keyOf`. */
  readonly priorPosts: Map<string, PriorPost>
  /** By message id. */
  readonly targets: Map<number, Omit<ReplyTarget, 'seq'>>
  /** By folded name. */
  readonly teams: ReadonlyMap<string, NamedTeam>
}

/** The rooms come first, and are locked in order: what is read after that stays true. */
function questions(wanted: readonly Draft[]): Statement[] {
  const drafts = wanted.filter(({ room }) => Number.isSafeInteger(room) && room <= LAST_ROOM)
  const rooms = JSON.stringify([...new Set(drafts.map(({ room }) => room))])
  const pairs = new Map(drafts.map(({ room, author }) => [`${room} ${author}`, { room, person: author }]))
  const keys = drafts.flatMap(({ room, author, key }) =>
    key === undefined ? [] : [{ room, person: author, key }],
  )
  const names = drafts.flatMap(({ texts, format = 'plain' }) =>
    texts.flatMap(text => mentionsIn(text, format)),
  )
  const replies = drafts
    .flatMap(({ room, reply }) => (isReply(reply) ? [idOf(room, reply)] : []))
    .filter(Number.isSafeInteger)
  return [
    sql`SELECT rooms.*,
               CASE kind WHEN 'direct' THEN
                 (SELECT value FROM server_settings WHERE name = 'privateMessages') END AS private_messages,
               CASE kind WHEN 'direct' THEN (SELECT count(*) FROM memberships JOIN users ON users.id = user_id
                 WHERE room_id = rooms.id AND users.role IN ('owner', 'admin') AND disabled = 0) END AS staff,
               (SELECT max(id) FROM messages
                WHERE messages.id > rooms.id * 4294967296
                  AND messages.id <= rooms.id * 4294967296 + CASE
                    WHEN last_seq BETWEEN 0 AND ${FARTHEST - LEAP} THEN last_seq + ${LEAP} ELSE ${FARTHEST} END
               ) AS last_message,
               (SELECT max(id) FROM changes
                WHERE changes.id > rooms.id * 4294967296
                  AND changes.id <= rooms.id * 4294967296 + CASE
                    WHEN last_seq BETWEEN 0 AND ${FARTHEST - LEAP} THEN last_seq + ${LEAP} ELSE ${FARTHEST} END
               ) AS last_change
        FROM rooms WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(${rooms}))
        ORDER BY id FOR NO KEY UPDATE`,
    sql`SELECT wanted.room, users.id, username, folded, users.role, memberships.role AS room_role,
               COALESCE(muted_until, 0) AS muted_until, last_read_seq, joined_seq,
               COALESCE(banned_until, 0) AS banned_until, COALESCE(spoke_at, 0) AS spoke_at
        FROM json_to_recordset(CAST(${JSON.stringify([...pairs.values()])} AS JSON)) AS wanted (room BIGINT, person BIGINT)
        JOIN memberships ON memberships.room_id = wanted.room AND memberships.user_id = wanted.person
        JOIN users ON users.id = wanted.person AND disabled = 0
        LEFT JOIN sanctions ON sanctions.room_id = wanted.room AND sanctions.user_id = wanted.person`,
    sql`SELECT room_id, list, mask FROM masks
        WHERE room_id IN (SELECT CAST(value AS BIGINT) FROM json_each(${rooms}))`,
    sql`SELECT MAX(id) AS id FROM epochs`,
    sql`SELECT messages.room_id, messages.user_id, messages.key, id, message, format, action, created_at,
               reply_seq, attached, edited_at IS NOT NULL OR deleted_at IS NOT NULL AS altered
        FROM json_to_recordset(CAST(${JSON.stringify(keys)} AS JSON)) AS wanted (room BIGINT, person BIGINT, key TEXT)
        JOIN messages ON messages.room_id = wanted.room AND messages.key = wanted.key AND user_id = wanted.person`,
    sql`SELECT messages.id, username, COALESCE(thread_seq, seq) AS thread, thread_only
        FROM messages JOIN users ON users.id = user_id
        WHERE messages.id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(replies)}))
          AND deleted_at IS NULL`,
    ...(names.length > 0 ? [teamsNamed([...new Set(names)])] : []),
  ]
}

function isReply(reply: Seq | undefined): reply is Seq {
  return reply !== undefined && isSeq(reply)
}

function factsFrom(answers: readonly (readonly Row[])[], at: Instant): Facts {
  const [rooms = [], people = [], masks = [], epochs = [], keyed = [], originals = [], teams = []] = answers
  const byRoom = Map.groupBy(people, found => number(found, 'room'))
  const masked = Map.groupBy(masks, found => number(found, 'room_id'))
  const [epoch] = epochs
  if (!epoch) throw new Error('no epoch has begun')
  return {
    rooms: new Map(
      rooms.map(found => {
        const id = number(found, 'id')
        return roomStateFrom(found, { people: byRoom.get(id) ?? [], masks: masked.get(id) ?? [] }, at)
      }),
    ),
    names: new Map(people.map(found => [number(found, 'id') as UserId, username(found)])),
    epoch: number(epoch, 'id'),
    priorPosts: new Map(keyed.map(found => [keyFrom(found), priorPostFrom(found)])),
    targets: new Map(originals.map(found => [number(found, 'id'), targetFrom(found)])),
    teams: new Map(teams.map(namedTeam).map(team => [team.folded, team])),
  }
}

function roomStateFrom(
  found: Row,
  { people, masks }: { people: readonly Row[]; masks: readonly Row[] },
  at: Instant,
): [RoomId, RoomState] {
  const room = roomFrom(found, at)
  const named = masksFrom(masks)
  const participants = people
    .map(participantFrom)
    .map(each => ({ ...each, listed: listsFor(each.folded, named) }))
  return [room.room, roomStateOf(room, participants)]
}

function keyOf(room: number, author: number, key: string): string {
  return `${room} ${author} ${key}`
}

function keyFrom(found: Row): string {
  return keyOf(number(found, 'room_id'), number(found, 'user_id'), text(found, 'key'))
}

function priorPostFrom(found: Row): PriorPost {
  return {
    id: number(found, 'id'),
    posted: found.altered === 1 ? undefined : postedTextOf(found),
    reply: found.reply_seq === null ? undefined : number(found, 'reply_seq'),
    at: instant(found, 'created_at'),
  }
}

function targetFrom(found: Row): Omit<ReplyTarget, 'seq'> {
  const own = seqOf(number(found, 'id'))
  const threadOnly = found.thread_only === 1
  return { username: username(found), thread: seqIn(found, 'thread') || own, threadOnly }
}

// --- judging and writing ---------------------------------------------------------------------------------

class AppendRound {
  readonly #facts: Facts
  readonly #messages: MessageRow[] = []
  readonly #mentions: MentionRow[] = []
  readonly #teamMentions: Parameters<typeof teamMentions>[0][number][] = []

  constructor(facts: Facts) {
    this.#facts = facts
  }

  /** To be called in call order: each draft changes the state by which the next is judged. */
  judge(draft: Draft): Receipt {
    const { rooms, priorPosts } = this.#facts
    const prior =
      draft.key === undefined ? undefined : priorPosts.get(keyOf(draft.room, draft.author, draft.key))
    if (prior) return receiptOfRepeat(draft, prior)
    const state = rooms.get(draft.room) ?? missingRoom()
    const admitted = admission(state, draft)
    if ('refused' in admitted) return admitted
    const target = maySee(admitted, draft.reply) ? this.#targetOf(draft) : undefined
    if (draft.reply !== undefined && !target) return { refused: 'no-such-message' }
    const seq = assignSeqs(state, admitted, draft)
    this.#write(draft, admitted, { seq, target })
    return receiptOf(draft, admitted, { seq, target, ...this.#mention(draft, admitted, seq) })
  }

  #targetOf({ room, reply }: Draft): ReplyTarget | undefined {
    if (!isReply(reply)) return undefined
    const found = this.#facts.targets.get(idOf(room, reply))
    return found && { seq: reply, ...found }
  }

  #write(
    draft: Draft,
    { room, texts }: Admitted,
    { seq, target }: { seq: Seq; target: ReplyTarget | undefined },
  ): void {
    const { author, key, reply, format = 'plain', styles, action, notice, tags } = draft
    const { priorPosts, targets, names } = this.#facts
    const threadOnly = standsApart(draft, target)
    texts.forEach((message, i) => {
      this.#messages.push({
        id: idOf(room.room, seq + i),
        user_id: author,
        message,
        created_at: room.at,
        key: key ?? null,
        reply_seq: reply ?? null,
        thread_seq: target?.thread ?? null,
        format,
        styles: stylesStored(styles),
        action: action ? 1 : 0,
        notice: notice ? 1 : 0,
        thread_only: threadOnly ? 1 : 0,
        ...(tags && { tags: tagsStored(tags) }),
      })
      const thread = target?.thread ?? ((seq + i) as Seq)
      targets.set(idOf(room.room, seq + i), { username: names.get(author) ?? '', thread, threadOnly })
    })
    if (key === undefined) return
    priorPosts.set(keyOf(draft.room, author, key), {
      id: idOf(room.room, seq),
      posted: textOf(draft),
      reply,
      at: room.at,
    })
  }

  /** The rule of mentions.ts. */
  #mention(
    { format = 'plain' }: Draft,
    { room: { room, ...rest }, writer, texts }: Admitted,
    seq: Seq,
  ): Pick<PostedAs, 'everyone' | 'teams'> {
    const everyone: number[] = []
    const teams = new Map<number, readonly string[]>()
    const mayAll = mayCallAll(writer.participant, { room, ...rest })
    texts.forEach((message, i) => {
      const id = idOf(room, seq + i)
      const names = mentionsIn(message, format)
      for (const name of names) {
        if (name === EVERYONE && !mayAll) continue
        if (name === EVERYONE) everyone.push(i)
        this.#mentions.push({ id, room, name })
      }
      const called = names
        .flatMap(name => this.#facts.teams.get(name) ?? [])
        .filter(team => mayCallTeam(team, mayAll))
      for (const team of called) this.#teamMentions.push({ id, team: team.id, room })
      if (called.length > 0) teams.set(i, called.map(({ folded }) => folded).sort())
    })
    return { everyone, teams }
  }

  /** Everything to write, in order. */
  statements(): Statement[] {
    if (this.#messages.length === 0) return []
    const statements = [insertMessages(this.#messages, this.#facts.epoch), ...this.#closing()]
    const toAll = this.#mentions.filter(({ name }) => name === EVERYONE)
    const named = this.#mentions.filter(({ name }) => name !== EVERYONE)
    if (toAll.length > 0) statements.push(mentionAll(toAll))
    if (named.length > 0) statements.push(mentionNamed(named))
    statements.push(...teamMentions(this.#teamMentions))
    const answers = this.#messages.filter(each => each.thread_seq !== null).map(({ id }) => id)
    if (answers.length > 0) statements.push(...followStatements(answers))
    return statements
  }

  /** Updates of the rooms' heads, and of the authors' marks and slow-mode times. */
  #closing(): Statement[] {
    const used = [...this.#facts.rooms.values()].flatMap(({ room, writers, last }) =>
      room && last > room.last
        ? [{ room, posted: [...writers].filter(([, { hasPosted }]) => hasPosted), last }]
        : [],
    )
    const heads = used.map(({ room, last }) => ({ room: room.room, last, at: room.at }))
    const marks = used.flatMap(({ room, posted }) =>
      posted.map(([person, { mark }]) => ({ room: room.room, person, mark })),
    )
    const times = used
      .filter(({ room }) => room.slow > 0)
      .flatMap(({ room, posted }) =>
        posted.map(([person, { spokeAt }]) => ({ room: room.room, person, at: spokeAt })),
      )
    return [moveHeads(heads), moveMarks(marks), ...(times.length > 0 ? [noteTimes(times)] : [])]
  }
}
