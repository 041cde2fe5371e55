// The focus is never lost: when what held it goes, it goes on beside it. And what is typed anywhere is written.

import { isLost, placeToGoOn } from './focus.ts'

/** What held the focus last, and where that was. */
interface Holder {
  readonly element: Element
  /** The dialog, menu or panel that it is in. */
  readonly inside: Element | null
  /** What held it before that was opened. */
  readonly before: Holder | undefined
  /** Of the message. */
  readonly seq: number | undefined
}

const OPENED = '[role="dialog"], [role="alertdialog"], [role="menu"], .panel'

/** Watches the page. @returns what ends that */
export function keepFocus(): () => void {
  let holder: Holder | undefined
  let frame = 0
  const ended = new AbortController()
  const { signal } = ended
  const note = ({ target }: FocusEvent) => {
    if (target instanceof Element) holder = holderOf(target, holder)
  }
  // Whoever closes something may give the focus to another element within this time.
  const look = () => {
    if (frame === 0 && isLost() && holder && isGone(holder.element))
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(() => {
          frame = 0
          if (isLost() && holder && isGone(holder.element))
            placeBeside(holder)?.focus({ preventScroll: true })
        })
      })
  }
  const changes = new MutationObserver(look)
  changes.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled', 'hidden'],
  })
  addEventListener('focusin', note, { signal })
  addEventListener('keydown', writeIt, { signal })
  return () => {
    ended.abort()
    changes.disconnect()
    cancelAnimationFrame(frame)
  }
}

function holderOf(element: Element, last: Holder | undefined): Holder {
  const row = element.closest<HTMLElement>('article[data-seq]')
  const inside = element.closest(OPENED)
  const before = inside === null ? undefined : last?.inside === inside ? last.before : last
  return { element, inside, before, seq: row ? Number(row.dataset.seq) : undefined }
}

function isGone(element: Element): boolean {
  return !element.isConnected || element.matches(':disabled') || !element.checkVisibility()
}

function placeBeside({ inside, before, seq }: Holder): HTMLElement | undefined {
  if (inside instanceof HTMLElement && inside.isConnected)
    return inside.querySelector<HTMLElement>('h2[tabindex]') ?? inside
  if (before?.element instanceof HTMLElement && !isGone(before.element)) return before.element
  if (before) return placeBeside(before)
  return (seq === undefined ? undefined : rowBeside(seq)) ?? placeToGoOn()
}

/** The message itself, if only a part of it is gone, else the next one or the last. */
function rowBeside(seq: number): HTMLElement | undefined {
  const rows = [...document.querySelectorAll<HTMLElement>('.scroller article[data-seq]')]
  return rows.find(({ dataset }) => Number(dataset.seq) >= seq) ?? rows.at(-1)
}

// --- writing from anywhere -------------------------------------------------------------------------------

const FIELDS = 'input, textarea, select, [contenteditable], audio, video, [role="slider"], [role="grid"]'
/** While one of these is open, what is typed belongs to it. */
const OPEN = '[role="dialog"], [role="alertdialog"], [role="menu"]'

/** A letter that nobody takes goes into the composer, which gets the focus before the letter is put in. */
function writeIt(event: KeyboardEvent): void {
  const { target } = event
  if (event.defaultPrevented || !(isLetter(event) || isPaste(event))) return
  if (target instanceof Element && target.closest(FIELDS)) return
  if (document.querySelector(OPEN) || isOpening()) return
  const inThread = target instanceof Element && target.closest('.panel') !== null
  const thread = inThread ? document.getElementById('thread-composer') : null
  const box = thread ?? document.getElementById('composer')
  box?.focus({ preventScroll: true })
}

/** What the address names is on its way: what is typed is meant for it. */
function isOpening(): boolean {
  return location.hash.length > 1 && document.querySelector(OPENED) === null
}

/** The space bar scrolls, and presses buttons; the question mark shows what keys there are (shortcuts.ts). */
const TAKEN = new Set([' ', '?'])

function isLetter(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey } = event
  const isCommand = (ctrlKey || metaKey || altKey) && !event.getModifierState('AltGraph')
  return !isCommand && (key === 'Dead' || key === 'Process' || ([...key].length === 1 && !TAKEN.has(key)))
}

function isPaste({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'v'
}
