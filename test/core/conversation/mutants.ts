// What the model must notice: the project with one promise broken, each by an edit of its sources.

import type { Edit } from '../../tools/edits.ts'
import seeds from './seeds.json' with { type: 'json' }

/** Blocks so small that they are kept and forgotten. */
export const smallBlocks: Edit = { file: 'core/log/history.ts', set: { BLOCK: 4 } }

const broken: Record<string, Edit> = {
  'only the author edits': {
    file: 'store/scripts/message-changes.ts',
    from: "  if (author !== actor.id) refuse('not-yours')\n",
    to: '',
  },
  'a deletion takes the text away': {
    file: 'store/scripts/message-changes.ts',
    from: "UPDATE messages SET message = '', deleted_at",
    to: 'UPDATE messages SET deleted_at',
  },
  'who was sent out is shown nothing more': {
    file: 'core/log/feed.ts',
    from: "    if (last?.kind === 'removal') this.#remove(last)\n",
    to: '',
  },
  'what was deleted is not unread': {
    file: 'store/scripts/rooms.ts',
    from: 'deleted_at IS NULL AND thread_only = 0\n                     AND (kind',
    to: 'thread_only = 0\n                     AND (kind',
  },
  'search stays in one’s own rooms': {
    file: 'store/scripts/search.ts',
    from: 'WHERE viewer = ',
    to: 'WHERE 0 < ',
  },
  'the index learns what an edit says': {
    file: 'store/scripts/message-changes.ts',
    from: 'const edited = target <= room.indexed ?',
    to: 'const edited = target < 0 ?',
  },
  'a block with an edit in it is read anew': {
    file: 'core/log/history.ts',
    from: 'if (key.startsWith(`$',
    to: 'if (key.endsWith(`/$',
  },
  'a mute ends': {
    file: 'core/model/permissions.ts',
    from: 'if (who.mutedUntil > now || ',
    to: 'if (who.mutedUntil > 0 || ',
  },
  'who is banned does not come back': {
    file: 'core/model/permissions.ts',
    from: 'if (whom.bannedUntil > now || ',
    to: 'if (whom.bannedUntil < 0 || ',
  },
  'who joins is in the room on all connections': {
    file: 'core/rooms/changes.ts',
    from: 'for (const session of sessions.of(person)) {',
    to: 'for (const session of sessions.of(person).slice(0, 1)) {',
  },
  'an answer to an answer is in the same thread': {
    file: 'store/scripts/log.ts',
    from: 'COALESCE(thread_seq, seq) AS thread',
    to: 'seq AS thread',
  },
  'everyone is mentioned by moderators only': {
    file: 'store/scripts/mentions.ts',
    from: "rankOf(author, room) >= MODERATOR || room.kind === 'direct'",
    to: 'author',
  },
  'who is blocked is not shown in private': {
    file: 'core/log/visibility.ts',
    from: "if (this.#direct && blocked) return 'hidden'",
    to: '',
  },
  'nor found there': {
    file: 'store/scripts/search.ts',
    from: "room.kind === 'direct' ? 1 : 0",
    to: "room.kind === 'open' ? 1 : 0",
  },
  'an account that is disabled loses its sessions': {
    file: 'core/people/administration.ts',
    from: "await cluster.broadcast({ kind: 'ended', person: person.id, sessions: ended, how: 'disabled' })",
    to: '',
  },
  'who is disabled writes no more, and is refused at the door': {
    file: 'store/scripts/sessions.ts',
    from: 'wanted.person} AND disabled = 0',
    to: 'wanted.person} AND disabled < 2',
  },
  'a session that moves goes on where it was': {
    file: 'core/sessions/seating.ts',
    from: 'session.takeSeat(feed, membership, before.place, before.seen)',
    to: 'session.takeSeat(feed, membership, 0 as Seq, before.seen)',
  },
  'nobody but its person ends a session': {
    file: 'store/scripts/sessions.ts',
    from: "number(found, 'id'),\n    sql`DELETE FROM sessions WHERE",
    to: "number(found, 'id'),\n    sql`DELETE FROM sessions WHERE 0 = 0 OR",
  },
  'slow mode counts from the last text': {
    file: 'store/scripts/log.ts',
    from: 'if (room.slow > 0) yield* noteTime(',
    to: 'if (room.slow > 1e6) yield* noteTime(',
  },
  'a cursor of another epoch is reset': {
    file: 'store/scripts/resume.ts',
    from: 'return isSeq(seq) && (yield* epochAt(room, seq)) === epoch',
    to: 'return isSeq(seq) && (yield* epochAt(room, seq)) !== undefined && epoch !== undefined',
  },
  'nobody is made more than who makes them': {
    file: 'core/model/permissions.ts',
    from: 'if (by !== undefined && RANKS[over] >= RANKS[by])',
    to: 'if (by !== undefined && RANKS[over] > RANKS[by])',
  },
  'what a level left out is not read': {
    file: 'core/log/seat.ts',
    from: "if (visibility === 'left-out') this.#notShown((event.seq - 1) as Seq, event.seq)",
    to: '',
  },
  'what happens to oneself is shown at every level': {
    file: 'core/log/visibility.ts',
    from: 'if (!this.#isQuiet || this.#isAbout(event))',
    to: 'if (!this.#isQuiet)',
  },
  'everyone is everyone live, too': {
    file: 'core/log/visibility.ts',
    from: 'if (everyone === true || (teams',
    to: 'if ((teams',
  },
  'who is banned by a mask and inside is silent': {
    file: 'core/model/permissions.ts',
    from: " || isMatchedBy('ban', who, room)) refuse('muted')",
    to: ") refuse('muted')",
  },
  'masks take no voice from who ranks as a speaker': {
    file: 'core/model/permissions.ts',
    from: 'if (who.listed.length === 0 || effectiveRank(who, room) >= SPEAKER) return false',
    to: '',
  },
  'an exception frees from masks': {
    file: 'core/model/permissions.ts',
    from: " && !who.listed.includes('exception')",
    to: '',
  },
  'a mask that is taken off holds nobody': {
    file: 'store/scripts/masks.ts',
    from: 'DELETE FROM masks WHERE ',
    to: 'DELETE FROM masks WHERE 0 = 1 AND ',
  },
  'a room knows whether it has masks': {
    file: 'store/scripts/masks.ts',
    from: 'yield* storeLists(room, room.lists | BITS[list])',
    to: '',
  },
  'taking a ban off that names one person pardons them': {
    file: 'store/scripts/masks.ts',
    from: 'UPDATE sanctions SET banned_until = 0\n',
    to: 'UPDATE sanctions SET banned_until = banned_until\n',
  },
  'who is invited by a mask comes in, and nobody else': {
    file: 'core/model/permissions.ts',
    from: "if (kind === 'closed') return who.listed.includes('invitation')",
    to: "if (kind === 'closed') return who.listed.length > 0",
  },
  'a key is asked of who joins': {
    file: 'core/model/permissions.ts',
    from: "if (needsKey && key !== room.key && room.key !== '') refuse('wrong-key')",
    to: '',
  },
  'a limit is how many there may be': {
    file: 'core/model/permissions.ts',
    from: 'people >= room.limit',
    to: 'people > room.limit',
  },
  'guests stay outside where they do': {
    file: 'core/model/permissions.ts',
    from: "whom.role === 'guest' && room.flags.includes('no-guests')",
    to: "whom.role === 'guest' && room.flags.includes('no-ctcp')",
  },
  'guests are silent where they are': {
    file: 'core/model/permissions.ts',
    from: "if (who.role === 'guest' && room.flags.includes('quiet-guests')) refuse('quiet-guests')",
    to: '',
  },
  'a flag is one of several': {
    file: 'store/scripts/room-settings.ts',
    from: 'SET flags = flags + $',
    to: 'SET flags = 0 + $',
  },
  'the topic is everybody’s where it is': {
    file: 'core/model/permissions.ts',
    from: "room.flags.includes('open-topic')",
    to: "room.flags.includes('no-ctcp')",
  },
  'a moderator makes speakers, and no helpers': {
    file: 'core/model/permissions.ts',
    from: 'RANKS_IN_ROOM[role]) <= SPEAKER',
    to: 'RANKS_IN_ROOM[role]) <= HELPER',
  },
  'nor unmakes any': {
    file: 'core/model/permissions.ts',
    from: 'Math.max(rankOf(whom, room), RANKS_IN_ROOM[role])',
    to: 'RANKS_IN_ROOM[role]',
  },
  'a helper deletes only what lower ranks have said': {
    file: 'core/model/permissions.ts',
    from: '(rank === HELPER && theirs >= HELPER)',
    to: 'false',
  },
  'a speaker needs no rest': {
    file: 'core/model/permissions.ts',
    from: 'return rankOf(who, room) >= SPEAKER ? 0',
    to: 'return rankOf(who, room) >= MODERATOR ? 0',
  },
  'a reaction counts once': {
    file: 'store/scripts/message-changes.ts',
    from: 'SELECT user_id FROM reactions WHERE ',
    to: 'SELECT user_id FROM reactions WHERE 0 = 1 AND ',
  },
}

/** Told to one's own node alone, or done there alone. */
const brokenBetween: Record<string, Edit> = {
  'who is let go is let go on the other node': {
    file: 'core/sessions/sessions.ts',
    from: 'for (const session of this.with(person, ids)) session.end(how)',
    to: '',
  },
  'who is brought in sits on the other node, too': {
    file: 'core/rooms/changes.ts',
    from: "deps.cluster.on('arrived', ({ person, room, at, author }) =>",
    to: "deps.cluster.on('arrived', ({ person, room, at, author }, from) => from === deps.cluster.node &&",
  },
  'a level counts on the other node': {
    file: 'core/cluster/resync.ts',
    from: 'if (seat) seat.visibility.level = level',
    to: '',
  },
  'a block counts on the other node': {
    file: 'core/cluster/resync.ts',
    from: 'for (const each of blocked) session.blocked.add(each)',
    to: '',
  },
  'a session moves to the other node with its places': {
    file: 'core/sessions/transfers.ts',
    from: 'return [...seats].map(',
    to: 'return [...seats].slice(0, 1).map(',
  },
  'and goes from the one that it was on': {
    file: 'core/sessions/connections.ts',
    from: "each.end('moved')",
    to: 'each.id',
  },
}

export interface Mutant {
  readonly promise: string
  readonly edit: Edit
  readonly nodes: number
  /** Whose first history shows it; found by search-seeds.ts. */
  readonly seed: number | undefined
}

export const mutants: readonly Mutant[] = [...mutantsOf(brokenBetween, 2), ...mutantsOf(broken, 1)]

function mutantsOf(edits: Record<string, Edit>, nodes: number): Mutant[] {
  const seedOf: Readonly<Record<string, number>> = seeds
  return Object.entries(edits).map(([promise, edit]) => ({ promise, edit, nodes, seed: seedOf[promise] }))
}

export function titleOf({ promise, nodes }: Mutant): string {
  return `the model ${nodes > 1 ? 'of two nodes ' : ''}notices when this is broken: ${promise}`
}
