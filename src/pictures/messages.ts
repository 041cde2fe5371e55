// What the server and its process for pictures tell each other: JSON, a line each.

import type { Limits } from './limits.ts'

/** The names of what is made, in the folder that is given. */
export const FILES = { clean: 'clean', screen: 'screen', thumb: 'thumb' } as const

/** What clean pictures may be. */
const CLEAN_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'] as const

/** Pixels of a side: what no picture within our limits has. */
const LONGEST = 1e9

/** What is to be done with a file, into an empty folder. */
export type Task =
  | { readonly kind: 'prepare'; readonly path: string; readonly folder: string }
  | {
      readonly kind: 'remove-location'
      readonly path: string
      readonly folder: string
      readonly type: string
    }

export type Job = Task & { readonly limits: Limits }

/** In pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** What was made of a picture: Prepared, without where its files are. */
export interface PreparedResult extends Size {
  readonly placeholder: string
  readonly type: (typeof CLEAN_TYPES)[number]
  readonly animated: boolean
  readonly screen: boolean
  /** That of the thumbnail, if there is one. */
  readonly thumb?: Size
}

/**
 * 'ready' and 'unable' come once, before any job: whether pictures can be prepared on this machine. 'begun' comes before a
 * file is looked at. 'prepared' answers 'prepare', 'removed' answers 'remove-location': whether there is a copy. 'failed' is for
 * what is no fault of the file. After 'exceeded', which is said of one that takes more than it may, the process ends.
 */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'begun' }
  | { readonly kind: 'unable'; readonly reason: string }
  | { readonly kind: 'prepared'; readonly result: PreparedResult }
  | { readonly kind: 'removed'; readonly isChanged: boolean }
  | { readonly kind: 'bad' }
  | { readonly kind: 'exceeded' }
  | { readonly kind: 'failed'; readonly reason: string; readonly code?: string }

/** @returns undefined for what is no answer: a picture may have taken the process over */
export function decodeAnswer(line: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(line)
    return isAnswer(answer) ? answer : undefined
  } catch {
    return undefined
  }
}

function isAnswer(value: unknown): value is Answer {
  if (!isObject(value)) return false
  const { kind, reason, code, result, isChanged } = value
  if (kind === 'ready' || kind === 'begun' || kind === 'bad' || kind === 'exceeded') return true
  if (kind === 'unable') return typeof reason === 'string'
  if (kind === 'failed') return typeof reason === 'string' && (code === undefined || typeof code === 'string')
  if (kind === 'removed') return typeof isChanged === 'boolean'
  return kind === 'prepared' && isPreparedResult(result)
}

function isPreparedResult(value: unknown): value is PreparedResult {
  if (!isObject(value)) return false
  const { placeholder, type, animated, screen, thumb } = value
  return (
    isSize(value) &&
    (thumb === undefined || isSize(thumb)) &&
    typeof placeholder === 'string' &&
    /^[\w+/]{1,48}={0,2}$/.test(placeholder) &&
    CLEAN_TYPES.some(each => each === type) &&
    [animated, screen].every(each => typeof each === 'boolean')
  )
}

function isSize(value: unknown): value is Size {
  if (!isObject(value)) return false
  const sides = [value.width, value.height]
  return sides.every(each => Number.isInteger(each) && Number(each) > 0 && Number(each) <= LONGEST)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
