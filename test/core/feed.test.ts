import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { modulesWith } from '../tools/edited-modules.ts'
import type { Edit } from '../tools/edits.ts'
import { type Parts, steps, World } from './feed-model.ts'

async function partsOf(...edits: Edit[]): Promise<Parts> {
  const files = ['appender.ts', 'feed.ts', 'history.ts', 'pacer.ts', 'seat.ts', 'subscriber.ts'].map(
    file => `core/log/${file}`,
  )
  return (await modulesWith(edits, files)) as Parts
}

function everySeatIsShownEverythingOnce(parts: Parts, options = {}) {
  return fc.asyncProperty(steps, history => new World(parts, options).run(history))
}

test('whatever is lost, doubled, late or full, every seat is shown everything once', async () => {
  const parts = await partsOf()
  await fc.assert(everySeatIsShownEverythingOnce(parts), { numRuns: 1500 })
})

// DESIGN's rules of the feed, each broken on purpose.
const broken: Record<string, Edit> = {
  'a cursor is stored on leaving live': {
    file: 'core/log/feed.ts',
    from: "    seat.cursor = cursor\n    seat.state = 'behind'",
    to: "    seat.state = 'behind'",
  },
  'catching up ends at what is delivered': {
    file: 'core/log/feed.ts',
    from: '.range(this.room, seat.cursor, this.#delivered)',
    to: '.range(this.room, seat.cursor, (this.#delivered + 1) as Seq)',
  },
  'a seat goes live only at what is delivered': {
    file: 'core/log/feed.ts',
    from: 'if (seat.cursor === this.#delivered) return this.#goLive(seat)',
    to: 'if (seat.cursor >= this.#delivered - 1) return this.#goLive(seat)',
  },
  'a cursor beyond what is delivered waits for the feed': {
    file: 'core/log/feed.ts',
    from: 'if (seat.cursor > this.#delivered) this.#ahead.add(seat)',
    to: '',
  },
  'every subscription starts behind': {
    file: 'core/log/feed.ts',
    from: 'this.noteHead(seat.cursor)',
    to: 'this.#goLive(seat)',
  },
  'a batch ends at a removal': {
    file: 'core/log/stream.ts',
    from: "      if (event.kind === 'removal') break\n",
    to: '',
  },
  'a removal is applied before the next batch': {
    file: 'core/log/feed.ts',
    from: "    if (last?.kind === 'removal') this.#remove(last)\n",
    to: '',
  },
  'removed seats that are behind go at once': {
    file: 'core/log/feed.ts',
    from: "if (seat.state !== 'live' && concerns(removal, seat)) this.#expel(seat, removal)",
    to: '{}',
  },
  'a new subscription is a new seat, which an old removal does not touch': {
    file: 'core/log/feed.ts',
    from: 'seat.person.id === removal.person.id && seat.since < removal.seq',
    to: 'seat.person.id === removal.person.id',
  },
  'seats that fall behind a removal go at once too': {
    file: 'core/log/feed.ts',
    from: '    if (removal) this.#expel(seat, removal)\n',
    to: '',
  },
  'own messages are known before the feed sees them': {
    file: 'core/log/appender.ts',
    from: '      entry.poster.posted(receipt.seq, receipt.rest ? 1 : entry.draft.texts.length)\n',
    to: '      setImmediate(() => entry.poster.posted(receipt.seq, receipt.rest ? 1 : entry.draft.texts.length))\n',
  },
  'own messages are known by their seq, not by their author': {
    file: 'core/log/seat.ts',
    from: '  show(range: EventRange, after: Seq, upto: Seq): void {\n',
    to: `  show(range: EventRange, after: Seq, upto: Seq): void {
      if (range.events.every(each => each.kind === 'message' && each.author.id === this.person.id)) return\n`,
  },
  'a gap is read in turn': {
    file: 'core/log/stream.ts',
    from: '.readInTurn(this.#room, this.#accepted, GAP_PAGE)',
    to: '.read(this.#room, this.#accepted, (this.#accepted + GAP_PAGE) as Seq, GAP_PAGE)',
  },
  'a lost last hint is found by the sweep': {
    file: 'core/log/stream.ts',
    from: '    if (this.#started && this.#knownHead > this.#accepted) this.#fill()\n',
    to: '',
  },
  'what was delivered is dropped': {
    file: 'core/log/stream.ts',
    from: 'event.seq !== this.#accepted + 1',
    to: 'event.seq > this.#accepted + 1',
  },
  'what is beyond a gap waits': {
    file: 'core/log/stream.ts',
    from: 'event.seq !== this.#accepted + 1',
    to: 'event.seq <= this.#accepted',
  },
  'a full socket makes all its seats behind': {
    file: 'core/log/subscriber.ts',
    from: '    for (const seat of this.#seats) seat.feed.fallBehind(seat)\n  }',
    to: '    for (const seat of [...this.#seats].slice(0, 1)) seat.feed.fallBehind(seat)\n  }',
  },
  'rooms come back one at a time': {
    file: 'core/log/subscriber.ts',
    from: 'if (this.#full || this.#catchingUp) return',
    to: 'if (this.#full) return',
  },
}

test('it holds with hardly any room: batches of one, gaps read by twos, next to nothing kept pending', async () => {
  const small = await partsOf(
    {
      file: 'core/log/stream.ts',
      set: { BATCH: 1, PENDING: 600, GAP_PAGE: 2 },
    },
    { file: 'core/log/feed.ts', set: { SHARE: 10, TURN: 1 } },
    { file: 'core/log/history.ts', set: { BLOCK: 4, MOST_RENDERINGS: 0 } },
  )
  await fc.assert(everySeatIsShownEverythingOnce(small, { roomy: false }), { numRuns: 1500 })
})

/** Each seat is rendered its batch anew, and a turn ends after one. */
const oneSeatATurn: Edit[] = [
  { file: 'core/log/feed.ts', set: { TURN: 1 } },
  { file: 'core/log/history.ts', set: { MOST_RENDERINGS: 0 } },
]

test('it holds where a turn shows a batch to one seat', async () => {
  await fc.assert(everySeatIsShownEverythingOnce(await partsOf(...oneSeatATurn)), { numRuns: 1500 })
})

/** The same, with rules of seats that are late. */
const brokenWhenLate: Record<string, Edit> = {
  'a late seat keeps its place': {
    file: 'core/log/feed.ts',
    from: "    seat.cursor = cursor\n    seat.state = 'late'",
    to: "    seat.state = 'late'",
  },
  'the next batch waits for late seats': {
    file: 'core/log/feed.ts',
    from: 'const count = this.#late ?',
    to: 'const count = this.#late && this.#stream.length === 0 ?',
  },
  'who is late is shown nothing while its connection is full': {
    file: 'core/log/feed.ts',
    from: '    if (seat.subscriber.full) return this.#keepBehind(seat, seat.cursor)\n',
    to: '',
  },
  'who is late is live after it': {
    file: 'core/log/feed.ts',
    from: "    seat.state = 'live'\n    this.#joinLive(seat)\n    this.#showBatch(seat, batch, after)",
    to: "    seat.state = 'live'\n    this.#showBatch(seat, batch, after)",
  },
  'who has left while it was late stays gone': {
    file: 'core/log/feed.ts',
    from: "    if (seat.state !== 'late') return // it is gone\n",
    to: '',
  },
}

const mutants = [
  ...Object.entries(broken).map(([rule, edit]) => [rule, [edit]] as const),
  ...Object.entries(brokenWhenLate).map(([rule, edit]) => [rule, [...oneSeatATurn, edit]] as const),
]

for (const [rule, edits] of mutants) {
  test(`the model notices when this is broken: ${rule}`, async () => {
    const found = await fc.check(everySeatIsShownEverythingOnce(await partsOf(...edits)), {
      numRuns: 3000,
      endOnFailure: true,
    })
    assert.ok(found.failed, 'no history showed the difference')
    assert.ok(
      found.errorInstance instanceof assert.AssertionError,
      `it failed otherwise: ${found.errorInstance}`,
    )
  })
}
