// A class's list: pasted or read from a file, looked through row by row, and made into accounts.

import { type ChangeEvent, useEffect, useState } from 'react'
import { LONGEST_ROSTER_FILE, rosterRows, rosterText } from '../../../../wire/roster.ts'
import { attempt, useApp, useWords } from '../../app.tsx'
import { usePeopleWords } from '../../ui/people-words.ts'
import { RoomChoice } from './room-choice.tsx'
import { type EnrolledRow, type PlannedRow, type RosterRow, RosterTable } from './roster-table.tsx'
import { Slips } from './slips.tsx'

export function Roster() {
  const [text, setText] = useState('')
  const [rows, setRows] = useState<readonly RosterRow[]>()
  const [made, setMade] = useState<readonly EnrolledRow[]>()
  const reset = () => {
    setText('')
    setRows(undefined)
    setMade(undefined)
  }
  if (made) return <Slips rows={made} onAnother={reset} />
  if (rows) return <Review rows={rows} onBack={() => setRows(undefined)} onMade={setMade} />
  return <Source text={text} onText={setText} onRows={setRows} />
}

interface SourceProps {
  readonly text: string
  readonly onText: (text: string) => void
  readonly onRows: (rows: readonly RosterRow[]) => void
}

function Source({ text, onText, onRows }: SourceProps) {
  const { toasts } = useApp()
  const said = usePeopleWords()
  const read = async ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const [file] = currentTarget.files ?? []
    currentTarget.value = ''
    if (!file) return
    if (file.size > LONGEST_ROSTER_FILE) return toasts.add(said.tooLong, 'error')
    check(rosterText(new Uint8Array(await file.arrayBuffer())))
  }
  const check = (list: string) => {
    onText(list)
    const rows = rosterRows(list)
    if (rows.length === 0) toasts.add(said.empty, 'error')
    else onRows(rows)
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        check(text)
      }}
    >
      <p className="quiet">{said.rosterHint}</p>
      <label className="field">
        {said.paste}
        <textarea
          rows={8}
          value={text}
          required
          spellCheck={false}
          placeholder={'Ana María,Pérez Gómez,ana@example.org'}
          onChange={event => onText(event.currentTarget.value)}
        />
      </label>
      <div className="buttons end">
        <label className="file-button">
          <input
            type="file"
            className="visually-hidden"
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            onChange={event => void read(event)}
          />
          <span>{said.file}</span>
        </label>
        <button type="submit" className="primary">
          {said.check}
        </button>
      </div>
    </form>
  )
}

interface ReviewProps {
  readonly rows: readonly RosterRow[]
  readonly onBack: () => void
  readonly onMade: (rows: readonly EnrolledRow[]) => void
}

/** A list keeps its key: sent again after an answer that was lost, the same codes come back. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

function isLeftOut(row: PlannedRow): row is PlannedRow & { is: 'repeated' | 'refused' } {
  return row.is === 'repeated' || row.is === 'refused'
}

function Review({ rows: found, onBack, onMade }: ReviewProps) {
  const app = useApp()
  const words = useWords()
  const said = usePeopleWords()
  const { api } = app.chat
  const [rows, setRows] = useState(found)
  const [plan, setPlan] = useState<readonly PlannedRow[]>()
  const [checks, setChecks] = useState(0)
  const [isChecked, setChecked] = useState(false)
  const [rooms, setRooms] = useState<readonly string[]>([])
  const [isMaking, setMaking] = useState(false)
  const [key] = useState(newKey)
  const check = async () => {
    setChecked(true)
    setChecks(checks + 1)
    await attempt(app, async () =>
      setPlan((await api.do<{ rows: readonly PlannedRow[] }>('POST', '/rosters/check', { rows })).rows),
    )
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are checked when they are asked to be
  useEffect(() => {
    if (!isChecked) void check()
  }, [isChecked])
  const count = (is: PlannedRow['is']) => (plan ?? []).filter(row => row.is === is).length
  const [fresh, there] = [count('new'), count('there')]
  const enroll = async () => {
    if (!plan) return
    setMaking(true)
    // With the usernames that were shown, whatever has happened meanwhile.
    const wanted = plan
      .filter(({ is }) => is === 'new' || is === 'there')
      .map(({ name, username, email }) => ({ name, username, email }))
    await attempt(app, async () => {
      const body = { rows: wanted, rooms, key }
      const made = (await api.do<{ rows: readonly EnrolledRow[] }>('POST', '/rosters', body)).rows
      onMade([...made, ...plan.filter(isLeftOut)])
    })
    setMaking(false)
  }
  const change = (at: number, row: RosterRow | undefined) => {
    setRows(rows.flatMap((each, i) => (i === at ? (row ? [row] : []) : [each])))
    if (row === undefined) setChecked(false)
    else setPlan(plan?.map((each, i) => (i === at ? { ...each, isChanged: true } : each)))
  }
  if (!plan) return <p className="quiet empty">{words.loading}</p>
  const isStale = plan.some(({ isChanged }) => isChanged)
  return (
    <>
      <p role="status">
        <strong>{said.summary(fresh, there, count('repeated') + count('refused'))}</strong>
      </p>
      <RosterTable key={checks} rows={rows} plan={plan} onChange={change} />
      <RoomChoice chosen={rooms} onChoose={setRooms} />
      <div className="buttons end">
        <button type="button" onClick={onBack}>
          {said.back}
        </button>
        {isStale ? (
          <button type="button" className="primary" onClick={() => void check()}>
            {said.checkAgain}
          </button>
        ) : (
          <button
            type="button"
            className="primary"
            disabled={isMaking || fresh + there === 0 || (fresh === 0 && rooms.length === 0)}
            onClick={() => void enroll()}
          >
            {isMaking ? said.making : fresh === 0 ? said.bringAll : said.makeAll(fresh)}
          </button>
        )}
      </div>
    </>
  )
}
