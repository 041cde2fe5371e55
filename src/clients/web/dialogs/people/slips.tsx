// What became of a class's list: slips to print and cut, eight on a page, and a file. Shown once.

import { useCallback, useState } from 'react'
import Download from '~icons/download'
import Printer from '~icons/printer'
import { useWords } from '../../app.tsx'
import { shortDay } from '../../model/times.ts'
import { useLocale } from '../../ui/locale.ts'
import { usePeopleWords } from '../../ui/people-words.ts'
import { refusalText } from '../../words.ts'
import { PrintSheet } from './print-sheet.tsx'
import { QrCode } from './qr.tsx'
import type { EnrolledRow } from './roster-table.tsx'
import { useAddresses } from './use-addresses.ts'

type Made = EnrolledRow & Required<Pick<EnrolledRow, 'code' | 'until'>>

export function Slips({ rows, onAnother }: { rows: readonly EnrolledRow[]; onAnother: () => void }) {
  const said = usePeopleWords()
  const table = useTable(rows)
  const query = useAddresses()
  const [isPrinting, setPrinting] = useState(false)
  const printed = useCallback(() => setPrinting(false), [])
  const made = rows.filter((row): row is Made => row.code !== undefined && row.until !== undefined)
  const download = () => {
    // With the mark by which Excel knows UTF-8.
    const url = URL.createObjectURL(new Blob(['\ufeff', csvOf(table)], { type: 'text/csv;charset=utf-8' }))
    Object.assign(document.createElement('a'), { href: url, download: said.csvName }).click()
    URL.revokeObjectURL(url)
  }
  return (
    <>
      <h3 role="status">{said.madeTitle(made.length)}</h3>
      {made.length > 0 && <p className="banner">{said.once}</p>}
      <div className="buttons">
        {made.length > 0 && (
          <button
            type="button"
            className="primary"
            disabled={query.is !== 'ready'}
            onClick={() => setPrinting(true)}
          >
            <Printer size={16} /> {said.printSlips}
          </button>
        )}
        <button type="button" onClick={download}>
          <Download size={16} /> {said.download}
        </button>
        <button type="button" onClick={onAnother}>
          {said.another}
        </button>
      </div>
      <div className="roster-table">
        <table>
          <tbody>
            {table.slice(1).map(([name = '', username = '', code = '', , outcome = '']) => (
              <tr key={username + name}>
                <td>
                  <bdi>{name}</bdi>
                </td>
                <td>
                  <bdi>{username}</bdi>
                </td>
                <td className="code">{code === '' ? outcome : code}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isPrinting && query.is === 'ready' && (
        <PrintSheet onPrinted={printed}>
          <div className="slips">
            {made.map(row => (
              <Slip key={row.username} row={row} url={query.value.url} />
            ))}
          </div>
        </PrintSheet>
      )}
    </>
  )
}

function Slip({ row, url }: { row: Made; url: string }) {
  const said = usePeopleWords()
  const locale = useLocale()
  const { name, username, code, until } = row
  return (
    <article className="slip">
      <QrCode text={url} label={said.qr(url)} />
      <div>
        <h2>{name}</h2>
        <p>{url}</p>
        <p>
          {said.slip.username}: <strong>{username}</strong>
        </p>
        <p>
          {said.slip.code}: <strong className="code">{code}</strong>
        </p>
        <small>{said.slip.hint(shortDay(locale, until))}</small>
      </div>
    </article>
  )
}

/** With its head; the same is shown and downloaded. */
function useTable(rows: readonly EnrolledRow[]): readonly (readonly string[])[] {
  const words = useWords()
  const said = usePeopleWords()
  const outcome = ({ is, why = '', like = 0 }: EnrolledRow) => {
    if (is === 'made') return said.wasMade
    if (is === 'there') return said.wasThere
    return is === 'repeated' ? said.isRepeated(like + 1) : refusalText(words, why)
  }
  const day = (until: number | undefined) =>
    until === undefined ? '' : new Date(until).toISOString().slice(0, 10)
  return [
    said.csvHead,
    ...rows.map(row => [row.name, row.username, row.code ?? '', day(row.until), outcome(row)]),
  ]
}

/** RFC 4180. What a spreadsheet would take for a formula is a text (CSV injection). */
function csvOf(table: readonly (readonly string[])[]): string {
  const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
  return table.map(row => `${row.map(cell).join(',')}\r\n`).join('')
}
