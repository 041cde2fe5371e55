// A run of quiet entries on one line, which a button opens.

import { memo } from 'react'
import ChevronDown from '~icons/chevron-down'
import ChevronRight from '~icons/chevron-right'
import { useWords } from '../app.tsx'
import { countsOf, lastSeqOf, type Quiet } from '../model/fold.ts'
import { clock, dayAndTime, type Locale } from '../model/times.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import type { MessageActions } from './message-actions.ts'
import './event-row.css'

const FoldedRun = lazyWithRetry(() => import('./folded-run.tsx'))

export interface FoldRowProps {
  readonly run: readonly Quiet[]
  readonly locale: Locale
  readonly actions: MessageActions
  readonly isOpen: boolean
  readonly onToggle: (run: readonly Quiet[]) => void
}

export const FoldRow = memo(function FoldRow({ run, isOpen, onToggle, ...shown }: FoldRowProps) {
  const words = useWords()
  const { locale } = shown
  const [first] = run
  if (!first) return null
  const { at } = first
  const Chevron = isOpen ? ChevronDown : ChevronRight
  return (
    <>
      <p className="event quiet" data-seq={run.map(lastSeqOf).at(-1)} data-at={at}>
        <time dateTime={new Date(at).toISOString()} title={dayAndTime(locale, at)}>
          {clock(locale, at)}
        </time>{' '}
        <button
          type="button"
          className="plain fold"
          aria-expanded={isOpen}
          onClick={() => onToggle(run)}
          title={isOpen ? words.events.foldAgain : words.events.unfold}
        >
          {words.events.folded(countsOf(run))}
          <Chevron size={14} />
        </button>
      </p>
      {isOpen && (
        <ErrorBoundary>
          <FoldedRun run={run} {...shown} />
        </ErrorBoundary>
      )}
    </>
  )
})
