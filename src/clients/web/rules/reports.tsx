// Reports of messages, for those who look after a room: what was said, by whom, and what stood around it.

import { type FormEvent, useState } from 'react'
import type { Report } from '../../../wire/reports.ts'
import { attempt, useApp, useObservable } from '../app.tsx'
import { dayAndTime } from '../model/times.ts'
import { Frame } from '../panels/frame.tsx'
import { useLocale } from '../ui/locale.ts'
import { useQuery } from '../ui/use-query.ts'
import './reports.css'
import { useRulesWords } from './words.ts'

interface Page {
  readonly reports: readonly Report[]
  readonly next?: number
}

export default function Reports() {
  const { chat } = useApp()
  const said = useRulesWords().reports
  const { version } = useObservable(chat.reports)
  const [isClosed, setClosed] = useState(false)
  const [before, setBefore] = useState(0)
  const from = before === 0 ? '' : `&before=${before}`
  const query = useQuery(`${isClosed}/${before}/${version}`, () =>
    chat.api.get<Page>(`/reports?closed=${isClosed}${from}`),
  )
  const show = (closed: boolean) => {
    setClosed(closed)
    setBefore(0)
  }
  return (
    <Frame title={said.title}>
      <div className="scrolled reports">
        <div className="buttons" role="group" aria-label={said.which}>
          <button type="button" aria-pressed={!isClosed} onClick={() => show(false)}>
            {said.open}
          </button>
          <button type="button" aria-pressed={isClosed} onClick={() => show(true)}>
            {said.closed}
          </button>
        </div>
        {query.is === 'failed' && <p className="error">{query.error}</p>}
        {query.is === 'ready' && query.value.reports.length === 0 && (
          <p className="quiet empty">{isClosed ? said.noneClosed : said.none}</p>
        )}
        <ul>
          {query.is === 'ready' && query.value.reports.map(each => <Card key={each.id} report={each} />)}
        </ul>
        {query.is === 'ready' && query.value.next !== undefined && (
          <button type="button" onClick={() => setBefore(query.value.next ?? 0)}>
            {said.more}
          </button>
        )}
      </div>
    </Frame>
  )
}

function Card({ report }: { report: Report }) {
  const { chat, route } = useApp()
  const said = useRulesWords().reports
  const locale = useLocale()
  const { room, seq, by, at, reason, messages, deleted, closed } = report
  const there = chat.rooms.get(room.id)
  return (
    <li className="report">
      <h3>
        <bdi>{room.kind === 'direct' ? said.direct : `#${room.name}`}</bdi> ·{' '}
        <bdi>{report.author.username}</bdi>
      </h3>
      <p className="quiet">{said.by(by.username, dayAndTime(locale, at))}</p>
      {reason !== '' && <p dir="auto">{reason}</p>}
      {messages.length > 0 && (
        <ol>
          {messages.map(each => (
            <li key={each.seq} className={each.seq === seq ? 'reported' : 'quiet'} dir="auto">
              <bdi>{each.author.username}</bdi>: {[each.text, ...each.files].join(' ')}
            </li>
          ))}
        </ol>
      )}
      {deleted && <p className="quiet">{said.deleted}</p>}
      {closed && (
        <p className="quiet">
          {said.closedBy(closed.by.username, dayAndTime(locale, closed.at))}
          {closed.note !== '' && <bdi>: {closed.note}</bdi>}
        </p>
      )}
      {there && !deleted && (
        <button
          type="button"
          className="link"
          onClick={() => route.go(`/r/${encodeURIComponent(there.slug)}/${seq}`)}
        >
          {said.goTo}
        </button>
      )}
      {!closed && <Closing id={report.id} />}
    </li>
  )
}

function Closing({ id }: { id: number }) {
  const app = useApp()
  const said = useRulesWords().reports
  const [note, setNote] = useState('')
  const close = async (event: FormEvent) => {
    event.preventDefault()
    if (await attempt(app, () => app.chat.api.do('PUT', `/reports/${id}/closed`, { note })))
      app.toasts.add(said.isClosed)
  }
  return (
    <form onSubmit={event => void close(event)}>
      <label className="field">
        {said.note}
        <input value={note} maxLength={300} onChange={event => setNote(event.currentTarget.value)} />
      </label>
      <button type="submit">{said.close}</button>
    </form>
  )
}
