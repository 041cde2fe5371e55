// Scrolling of a list that grows and shrinks at both ends: the first row in sight stays where it is.

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import type { Target } from '../model/target.ts'

/** This close to the end counts as at the end. */
const END_PX = 40
/** The next page is loaded this far from an end. */
const AHEAD_PX = 2500
/** Frames without scrolling after which a page is put in: the first may not have been drawn on a busy machine. */
const STILL_FRAMES = 2

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
  /** @param turn resolves when a page may be put into the list */
  near(end: 'older' | 'newer', turn: () => Promise<void>): void
  looked(inView: InView): void
}

/** What one sees of the list. */
export interface InView {
  /** The seq of the first row of which something is in sight, and of the last one that is wholly above the lower edge. */
  readonly first: number
  readonly last: number
  /** Nothing is below it. */
  readonly atEnd: boolean
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
    const anchor = anchorOf(list)
    state.current.anchor = anchor
    const turn = () => stillFrame(list)
    if (list.scrollTop < AHEAD_PX) near('older', turn)
    if (below < AHEAD_PX) near('newer', turn)
    const last = lastInSight(list)
    if (last !== undefined && anchor) looked({ first: Number(anchor.seq), last, atEnd: state.current.atEnd })
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
    document.addEventListener('visibilitychange', onMove)
    return () => {
      sizes.disconnect()
      removeEventListener('focus', onMove)
      document.removeEventListener('visibilitychange', onMove)
    }
  }, [keepPosition, onMove])

  return { scroller, onScroll: onMove }
}

/**
 * Resolves within a frame in which nobody scrolls, as is each one at the very end: rows that are put in then stay where
 * they are on the screen, and a browser that counts jumps does not take what was scrolled meanwhile for one. A hidden
 * page has no frames.
 */
function stillFrame(list: HTMLElement): Promise<void> {
  if (document.visibilityState === 'hidden') return Promise.resolve()
  return new Promise(resolve => {
    const look = (before: number, still: number) => {
      const { scrollTop } = list
      const now = scrollTop === before ? still + 1 : 0
      if (now === STILL_FRAMES || !list.isConnected) resolve()
      else requestAnimationFrame(() => look(scrollTop, now))
    }
    requestAnimationFrame(() => look(Number.NaN, 0))
  })
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
  if (target.to === 'unread')
    return list.querySelector<HTMLElement>('.unread-line') ?? firstAfter(list, target.seq)
  const rows = [...rowsIn(list)]
  if (target.to === 'message') return rows.find(({ dataset }) => Number(dataset.seq) >= target.seq)
  return rows.find(({ dataset }) => Number(dataset.at) >= target.at) ?? rows.at(-1)
}

function firstAfter(list: HTMLElement, seq: number): HTMLElement | undefined {
  return [...rowsIn(list)].find(({ dataset }) => Number(dataset.seq) > seq)
}
