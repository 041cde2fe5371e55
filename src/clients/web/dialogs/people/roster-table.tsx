// What becomes of each row of a class's list. A row that needs it can be mended or taken out.

import { useState } from 'react'
import X from '~icons/x'
import { useWords } from '../../app.tsx'
import { usePeopleWords } from '../../ui/people-words.ts'
import { refusalText } from '../../words.ts'

export interface RosterRow {
  readonly name?: string
  readonly first?: string
  readonly last?: string
  readonly username?: string
  readonly email?: string
}

export interface PlannedRow {
  readonly is: 'new' | 'there' | 'repeated' | 'refused'
  readonly name: string
  readonly username: string
  readonly email: string
  readonly why?: string
  readonly like?: number
  readonly isEmailBad?: boolean
  /** It was edited since it was looked at. */
  readonly isChanged?: boolean
}

export interface EnrolledRow extends Omit<PlannedRow, 'is'> {
  readonly is: 'made' | 'there' | 'repeated' | 'refused'
  readonly code?: string
  readonly until?: number
}

/** More are drawn when they are asked for: two thousand rows of fields take a browser seconds. */
const DRAWN = 100

interface TableProps {
  readonly rows: readonly RosterRow[]
  readonly plan: readonly PlannedRow[]
  /** @param row undefined to take it out */
  readonly onChange: (at: number, row: RosterRow | undefined) => void
}

export function RosterTable({ rows, plan, onChange }: TableProps) {
  const words = useWords()
  const said = usePeopleWords()
  const [drawn, setDrawn] = useState(DRAWN)
  // What is wrong comes first: it would be lost among hundreds of rows.
  const wrong = (row: PlannedRow) => (row.is === 'refused' ? 0 : row.is === 'repeated' ? 1 : 2)
  const order = plan
    .map((row, at) => ({ row, at }))
    .sort((a, b) => wrong(a.row) - wrong(b.row) || a.at - b.at)
  return (
    <div className="roster-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{said.row}</th>
            <th scope="col">{said.name}</th>
            <th scope="col">{said.username}</th>
            <th scope="col">{said.outcome}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {order.slice(0, drawn).map(({ row, at }) => (
            <Row
              key={`${at}/${rows.length}`}
              at={at}
              row={row}
              onEdit={(name, username) => {
                const { email } = rows[at] ?? {}
                onChange(at, {
                  name,
                  ...(username !== '' && { username }),
                  ...(email !== undefined && { email }),
                })
              }}
              onRemove={() => onChange(at, undefined)}
            />
          ))}
        </tbody>
      </table>
      {order.length > drawn && (
        <button type="button" className="link" onClick={() => setDrawn(drawn + 5 * DRAWN)}>
          {words.people.next}
        </button>
      )}
    </div>
  )
}

interface RowProps {
  readonly at: number
  readonly row: PlannedRow
  readonly onEdit: (name: string, username: string) => void
  readonly onRemove: () => void
}

function Row({ at, row, onEdit, onRemove }: RowProps) {
  const said = usePeopleWords()
  const outcome = useOutcome()
  const [name, setName] = useState(row.name)
  const [username, setUsername] = useState(row.username)
  const edit = (nextName: string, nextUsername: string) => {
    setName(nextName)
    setUsername(nextUsername)
    // A username that was made, and not touched, is made again of the name as it is now.
    onEdit(nextName, nextUsername === row.username ? '' : nextUsername)
  }
  return (
    <tr className={row.is === 'refused' || row.is === 'repeated' ? 'wrong' : ''}>
      <td>{at + 1}</td>
      <td>
        <input
          value={name}
          aria-label={said.rowName(at + 1)}
          maxLength={64}
          onChange={event => edit(event.currentTarget.value, username)}
        />
      </td>
      <td>
        <input
          value={username}
          aria-label={said.rowUsername(at + 1)}
          maxLength={32}
          autoCapitalize="none"
          spellCheck={false}
          onChange={event => edit(name, event.currentTarget.value)}
        />
      </td>
      <td>{row.isChanged ? '…' : outcome(row)}</td>
      <td>
        <button type="button" className="icon" aria-label={said.leaveOut(at + 1)} onClick={onRemove}>
          <X size={16} />
        </button>
      </td>
    </tr>
  )
}

/** A sentence for what becomes of a row. */
function useOutcome(): (row: PlannedRow) => string {
  const words = useWords()
  const said = usePeopleWords()
  const main = ({ is, why = '', like }: PlannedRow): string => {
    if (is === 'new') return said.isNew
    if (is === 'there') return said.isThere
    if (is === 'repeated') return said.isRepeated((like ?? 0) + 1)
    return like === undefined ? refusalText(words, why) : said.looksLike(like + 1)
  }
  return row => (row.isEmailBad ? `${main(row)}; ${said.emailBad}` : main(row))
}
