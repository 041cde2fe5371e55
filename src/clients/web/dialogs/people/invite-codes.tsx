// Registration codes: made here, with the rooms that they lead into, listed, and withdrawn.

import { type FormEvent, useCallback, useState } from 'react'
import Printer from '~icons/printer'
import { attempt, useApp, useObservable, useWords } from '../../app.tsx'
import type { Invitation } from '../../model/api.ts'
import { shortDay } from '../../model/times.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { focusAtOnce } from '../../ui/focus.ts'
import { useLocale } from '../../ui/locale.ts'
import { usePeopleWords } from '../../ui/people-words.ts'
import { useQuery } from '../../ui/use-query.ts'
import { linkOf, Poster } from './poster.tsx'
import { PrintSheet } from './print-sheet.tsx'
import { RoomChoice } from './room-choice.tsx'
import type { Addresses } from './use-addresses.ts'

export function InviteCodes({ addresses }: { addresses: Addresses }) {
  const app = useApp()
  const words = useWords()
  const said = usePeopleWords()
  const { api } = useObservable(app.chat)
  const [changes, setChanges] = useState(0)
  const [rooms, setRooms] = useState<readonly string[]>([])
  const query = useQuery(`${changes}`, () => api.get<{ invitations: readonly Invitation[] }>('/invitations'))
  const run = async (action: () => Promise<unknown>) => {
    if (await attempt(app, action)) setChanges(changes + 1)
  }
  const invite = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const [uses, days] = [Number(fields.get('uses')), Number(fields.get('days'))]
    void run(() => api.do('POST', '/invitations', { uses, days, ...(rooms.length > 0 && { rooms }) }))
  }
  return (
    <section className="invite-codes">
      <h3>{said.newCode}</h3>
      <p className="quiet">{said.newCodeHint}</p>
      <form className="code-form" onSubmit={invite}>
        <label className="field">
          {words.people.uses}
          <input type="number" name="uses" min={1} max={100_000} defaultValue={30} required />
        </label>
        <label className="field">
          {words.people.days}
          <input type="number" name="days" min={1} max={366} defaultValue={7} required />
        </label>
        <RoomChoice chosen={rooms} onChoose={setRooms} />
        <button type="submit" className="primary">
          {words.people.invite}
        </button>
      </form>
      {query.is === 'failed' && <p className="error">{query.error}</p>}
      {query.is === 'ready' && query.value.invitations.length === 0 && (
        <p className="quiet empty">{words.people.noInvitations}</p>
      )}
      <ul className="list">
        {query.is === 'ready' &&
          query.value.invitations.map(invitation => (
            <Code
              key={invitation.code}
              invitation={invitation}
              addresses={addresses}
              onWithdraw={() => void run(() => api.do('DELETE', `/invitations/${invitation.code}`))}
            />
          ))}
      </ul>
    </section>
  )
}

interface CodeProps {
  readonly invitation: Invitation
  readonly addresses: Addresses
  readonly onWithdraw: () => void
}

function Code({ invitation, addresses, onWithdraw }: CodeProps) {
  const words = useWords()
  const said = usePeopleWords()
  const locale = useLocale()
  const [isAsked, setAsked] = useState(false)
  const [isPrinting, setPrinting] = useState(false)
  const printed = useCallback(() => setPrinting(false), [])
  const { code, left, until, by, rooms } = invitation
  if (isAsked)
    return (
      <li className="asked" role="group" aria-label={said.withdrawTitle(code)}>
        <span>
          <strong>{said.withdrawTitle(code)}</strong>
          <small className="quiet">{said.withdrawText}</small>
        </span>
        <button type="button" ref={focusAtOnce} onClick={() => setAsked(false)}>
          {words.cancel}
        </button>
        <button type="button" className="danger" onClick={onWithdraw}>
          {words.people.withdraw}
        </button>
      </li>
    )
  return (
    <li>
      <span>
        <code className="code">{code}</code>
        <small className="quiet">
          {words.people.invitation(left, shortDay(locale, until), by ?? words.people.operator)}
          {rooms.length > 0 && ` → ${rooms.map(name => `#${name}`).join(' ')}`}
        </small>
      </span>
      <CopyButton text={linkOf(addresses, code)} label={words.people.copyLink} />
      <button
        type="button"
        className="icon"
        aria-label={`${said.print}: ${code}`}
        onClick={() => setPrinting(true)}
      >
        <Printer size={16} />
      </button>
      <button type="button" className="danger" onClick={() => setAsked(true)}>
        {words.people.withdraw}
      </button>
      {isPrinting && (
        <PrintSheet onPrinted={printed}>
          <Poster addresses={addresses} code={code} />
        </PrintSheet>
      )}
    </li>
  )
}
