// Where a list has to scroll, and which page it needs for that.

import type { PageQuery } from './api.ts'

/** Where the list has to scroll. */
export type Target =
  | { readonly to: 'newest' }
  /** To the first message after `seq`. */
  | { readonly to: 'unread'; readonly seq: number; readonly unread: number }
  | { readonly to: 'message'; readonly seq: number }
  | { readonly to: 'date'; readonly at: number }

/** This many unread messages are on the newest page. */
const FEW = 30

/** The page that has the target. */
export function queryFor(target: Target): PageQuery {
  if (target.to === 'newest' || (target.to === 'unread' && target.unread <= FEW)) return { newest: true }
  if (target.to === 'date') return { at: target.at }
  return { around: target.seq }
}
