// Scrolls through a room from one end to the other with the wheel, and watches the list meanwhile.

import assert from 'node:assert/strict'
import type { Person } from './person.ts'

export interface ReadThrough {
  /** In the order in which they came into sight. */
  readonly texts: readonly string[]
  /** The most messages that were on the page at once. */
  readonly mostRows: number
  /** The most by which a message in sight moved beyond what the wheel turned, in pixels. */
  readonly worstJump: number
}

interface Snapshot {
  /** The messages in sight, from top to bottom. */
  readonly rows: readonly { readonly seq: number; readonly top: number; readonly text: string }[]
  readonly held: number
  readonly moved: number
  readonly busy: boolean
}

/** Share of the list's height per turn of the wheel: below 1, so that every message comes into sight. */
const STEP = 0.8
/** The list is at its end when the wheel has moved nothing this many times. */
const STILL = 3

export async function readThrough({ page }: Person, way: 'up' | 'down'): Promise<ReadThrough> {
  const list = page.getByRole('log').first()
  const box = (await list.boundingBox()) ?? assert.fail('there is no list')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  const delta = Math.round(box.height * STEP) * (way === 'up' ? -1 : 1)
  const texts = new Map<number, string>()
  let [mostRows, worstJump, still] = [0, 0, 0]
  let look = await lookAfter(0)
  for (;;) {
    const rows = way === 'up' ? look.rows.toReversed() : look.rows
    for (const [i, { seq }] of look.rows.entries())
      assert.ok(seq > (look.rows[i - 1]?.seq ?? 0), `seq ${seq} stands in its place`)
    for (const { seq, text } of rows) if (!texts.has(seq)) texts.set(seq, text)
    mostRows = Math.max(mostRows, look.held)
    still = look.moved === 0 && !look.busy ? still + 1 : 0
    if (still === STILL) return { texts: [...texts.values()], mostRows, worstJump }
    const anchor = look.rows[Math.floor(look.rows.length / 2)]
    await page.mouse.wheel(0, delta)
    look = await lookAfter(-delta, anchor)
    worstJump = Math.max(
      worstJump,
      look.moved * delta > 0 ? Math.abs(look.moved) : Math.abs(look.moved) - Math.abs(delta),
    )
  }

  async function lookAfter(wanted: number, anchor?: Anchor): Promise<Snapshot> {
    return page.evaluate<Snapshot>(`(${LOOK})(${JSON.stringify({ wanted, anchor })})`)
  }
}

interface Anchor {
  readonly seq: number
  readonly top: number
}

/** Runs in the page: waits until the anchor has moved as far as wanted, or has stood still for some frames. */
const LOOK = `async ({ wanted, anchor }) => {
  const list = document.querySelector('[role="log"]')
  const row = seq => list.querySelector('article[data-seq="' + seq + '"]')
  let last
  for (let steady = 0; steady < 12; ) {
    await new Promise(resolve => requestAnimationFrame(resolve))
    const now = anchor ? row(anchor.seq)?.getBoundingClientRect().top : list.scrollTop
    steady = now === last ? steady + 1 : 0
    last = now
    if (anchor && steady >= 1 && Math.abs(now - anchor.top - wanted) <= 1) break
  }
  const { top, bottom } = list.getBoundingClientRect()
  const all = [...list.querySelectorAll('article[data-seq]')]
  const inSight = all.map(row => ({ row, box: row.getBoundingClientRect() }))
    .filter(({ box }) => box.bottom > top && box.top < bottom)
  return {
    rows: inSight.map(({ row, box }) =>
      ({ seq: Number(row.dataset.seq), top: box.top, text: row.querySelector('.message-content').innerText })),
    held: all.length,
    moved: anchor ? Math.round(last - anchor.top) : 0,
    busy: list.getAttribute('aria-busy') === 'true',
  }
}`
