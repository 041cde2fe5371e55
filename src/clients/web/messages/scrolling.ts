// Scrolling of a list that grows and shrinks at both ends: the first row in sight stays where it is.

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import type { Target } from '../model/timeline.ts'

/** This close to the end counts as at the end. */
const END_PX = 40
/** The next page is loaded this far from an end. */
const AHEAD_PX = 1200

export interface Scrolling {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly onScroll: () => void
}

interface ScrollingOptions {
  /** Goes up when the list has to scroll to `target`. */
  readonly navigation: number
  readonly target: Target
  readonly isLoaded: boolean
  /** Another object whenever the rows have changed. */
  readonly rows: unknown
  /** The list ends with the room's newest entry. */
  readonly isLive: boolean
  near(end: 'older' | 'newer'): void
  /** @param seq of the last message in sight; @param atEnd nothing is below it */
  looked(seq: number, atEnd: boolean): void
}

interface Anchor {
  readonly seq: string
  readonly top: number
}

export function useScrolling(options: ScrollingOptions): Scrolling {
  const scroller = useRef<HTMLDivElement>(null)
  const latest = useRef(options)
  latest.current = options
  const state = useRef({ atEnd: true, anchor: undefined as Anchor | undefined, navigation: -1 })

  const onMove = useCallback(() => {
    const list = scroller.current
    if (!list) return
    const { isLive, near, looked } = latest.current
    const below = list.scrollHeight - list.scrollTop - list.clientHeight
    state.current.atEnd = below < END_PX && isLive
    state.current.anchor = anchorOf(list)
    if (list.scrollTop < AHEAD_PX) near('older')
    if (below < AHEAD_PX) near('newer')
    const last = lastInSight(list)
    if (last !== undefined) looked(last, state.current.atEnd)
  }, [])

  const keepPosition = useCallback(() => {
    const list = scroller.current
    if (!list) return
    if (state.current.atEnd && latest.current.isLive) list.scrollTop = list.scrollHeight
    else restore(list, state.current.anchor)
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: new rows may have moved those in sight
  useLayoutEffect(() => {
    const list = scroller.current
    if (!list || !options.isLoaded) return
    if (state.current.navigation !== options.navigation) {
      state.current.navigation = options.navigation
      goTo(list, options.target, options.isLive)
      state.current.atEnd = options.target.to === 'newest'
    } else keepPosition()
    onMove()
  }, [options.rows, options.navigation, options.isLoaded])

  useEffect(() => {
    const list = scroller.current
    if (!list) return
    const sizes = new ResizeObserver(() => {
      keepPosition()
      onMove()
    })
    sizes.observe(list)
    const content = list.firstElementChild
    if (content) sizes.observe(content)
    addEventListener('focus', onMove)
    return () => {
      sizes.disconnect()
      removeEventListener('focus', onMove)
    }
  }, [keepPosition, onMove])

  return { scroller, onScroll: onMove }
}

function rowsIn(list: HTMLElement): NodeListOf<HTMLElement> {
  return list.querySelectorAll<HTMLElement>('[data-seq]')
}

/** The index of the first row whose bottom is below `height`, in pixels from the viewport's top. */
function rowAt(rows: NodeListOf<HTMLElement>, height: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.getBoundingClientRect().bottom ?? 0) <= height) low = middle + 1
    else high = middle
  }
  return low
}

function anchorOf(list: HTMLElement): Anchor | undefined {
  const { top } = list.getBoundingClientRect()
  const rows = rowsIn(list)
  const row = rows[rowAt(rows, top)]
  return row && { seq: row.dataset.seq ?? '', top: row.getBoundingClientRect().top - top }
}

function lastInSight(list: HTMLElement): number | undefined {
  const { bottom } = list.getBoundingClientRect()
  const rows = rowsIn(list)
  const at = rowAt(rows, bottom)
  const last = rows[at] && rows[at].getBoundingClientRect().bottom <= bottom + 1 ? rows[at] : rows[at - 1]
  return last && Number(last.dataset.seq)
}

function restore(list: HTMLElement, anchor: Anchor | undefined): void {
  if (!anchor) return
  const row = list.querySelector<HTMLElement>(`[data-seq="${anchor.seq}"]`)
  if (!row) return
  const moved = row.getBoundingClientRect().top - list.getBoundingClientRect().top - anchor.top
  if (Math.abs(moved) >= 1) list.scrollTop += moved
}

/** @param isLive its end is the room's */
function goTo(list: HTMLElement, target: Target, isLive: boolean): void {
  if (target.to === 'newest') {
    list.scrollTop = list.scrollHeight
    return
  }
  const row = rowOf(list, target)
  if (!row) {
    // The message comes after all entries; or nothing of others is unread.
    list.scrollTop = target.to === 'message' || isLive ? list.scrollHeight : 0
    return
  }
  const above = target.to === 'date' ? 48 : list.clientHeight / 3
  list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top - above
}

function rowOf(list: HTMLElement, target: Exclude<Target, { to: 'newest' }>): HTMLElement | undefined {
  if (target.to === 'unread') return list.querySelector<HTMLElement>('.unread-line') ?? undefined
  const rows = [...rowsIn(list)]
  if (target.to === 'message') return rows.find(({ dataset }) => Number(dataset.seq) >= target.seq)
  return rows.find(({ dataset }) => Number(dataset.at) >= target.at) ?? rows.at(-1)
}
