// What an opened fold shows: each of its events. Those that the server has counted are read from it, page by page.

import { useCallback, useEffect, useState } from 'react'
import type { Fold } from '../../../wire/history.ts'
import type { LogEvent } from '../../../wire/schemas.ts'
import { errorMessage, useApp, useWords } from '../app.tsx'
import { isChange } from '../model/changes.ts'
import { isQuiet, type Quiet } from '../model/fold.ts'
import { clock } from '../model/times.ts'
import { EventRow } from './event-row.tsx'
import type { FoldRowProps } from './fold-row.tsx'

type RunProps = Pick<FoldRowProps, 'run' | 'locale' | 'actions'>

export default function FoldedRun({ run, ...shown }: RunProps) {
  return run.map(each =>
    each.kind === 'fold' ? (
      <Counted key={each.seq} fold={each} {...shown} />
    ) : (
      <QuietRow key={each.seq} entry={each} {...shown} />
    ),
  )
}

function QuietRow({ entry, locale, actions }: Omit<RunProps, 'run'> & { entry: Exclude<Quiet, Fold> }) {
  const words = useWords()
  if (entry.kind !== 'message') return <EventRow event={entry} locale={locale} actions={actions} isInFold />
  return (
    <p className="event quiet" data-at={entry.at}>
      <time>{clock(locale, entry.at)}</time> <bdi>{entry.author.username}</bdi>: {words.list.deleted}
    </p>
  )
}

function Counted({ fold, ...shown }: Omit<RunProps, 'run'> & { fold: Fold }) {
  const words = useWords()
  const { chat } = useApp()
  const [events, setEvents] = useState<readonly LogEvent[]>([])
  const [upto, setUpto] = useState(fold.seq - 1)
  const [error, setError] = useState<string>()
  const { room } = fold
  const read = useCallback(
    async (after: number) => {
      try {
        const more = await chat.api.quiet(room, { after, upto: fold.upto })
        setEvents(there => [...there.filter(({ seq }) => seq <= after), ...more.events])
        setUpto(more.upto)
        setError(undefined)
      } catch (failure) {
        setError(errorMessage(words, failure))
      }
    },
    [chat, room, fold.upto, words],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: what follows is read when somebody asks for it
  useEffect(() => void read(fold.seq - 1), [])
  return (
    <>
      {events.map(each => isEntry(each) && <QuietRow key={each.seq} entry={each} {...shown} />)}
      {error !== undefined && (
        <p className="event error" role="alert">
          {error}
        </p>
      )}
      {(upto < fold.upto || error !== undefined) && events.length + Number(error !== undefined) > 0 && (
        <p className="event">
          <button type="button" className="link" onClick={() => void read(upto)}>
            {error === undefined ? words.events.unfoldMore : words.again}
          </button>
        </p>
      )}
    </>
  )
}

function isEntry(event: LogEvent): event is Exclude<Quiet, Fold> {
  return !isChange(event) && isQuiet(event)
}
