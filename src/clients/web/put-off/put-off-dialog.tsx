// What one has put off, in lists: what is sent later, and reminders.

import { useEffect, useState } from 'react'
import type { Reminder, Scheduled } from '../../../wire/scheduled-schemas.ts'
import { attempt, copyText, openRoom, useApp, useObservable, useWords } from '../app.tsx'
import { Dialog } from '../dialogs/dialog.tsx'
import { excerpt } from '../model/excerpt.ts'
import { dayAndTime } from '../model/times.ts'
import { focusAtOnce } from '../ui/focus.ts'
import { useLocale } from '../ui/locale.ts'
import './put-off.css'

export default function PutOffDialog() {
  const { chat } = useApp()
  const words = useWords()
  const { putOff } = chat
  const { scheduled, reminders } = useObservable(putOff)
  useEffect(() => void putOff.load().catch(() => {}), [putOff])
  return (
    <Dialog title={words.putOff.title} size="large">
      <h3>{words.putOff.scheduled}</h3>
      {scheduled.length === 0 ? (
        <p className="quiet">{words.putOff.noScheduled}</p>
      ) : (
        <ul className="put-off">
          {scheduled.map(each => (
            <ScheduledItem key={each.id} scheduled={each} />
          ))}
        </ul>
      )}
      <h3>{words.putOff.reminders}</h3>
      {reminders.length === 0 ? (
        <p className="quiet">{words.putOff.noReminders}</p>
      ) : (
        <ul className="put-off">
          {reminders.map(each => (
            <ReminderItem key={each.id} reminder={each} />
          ))}
        </ul>
      )}
    </Dialog>
  )
}

function ScheduledItem({ scheduled }: { scheduled: Scheduled }) {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { putOff } = app.chat
  const { id, text, at, refused, attachments = [] } = scheduled
  const [edited, setEdited] = useState<string>()
  const save = async () => {
    if (await attempt(app, () => putOff.amend('scheduled', id, { text: edited ?? text })))
      setEdited(undefined)
  }
  const copy = () =>
    void copyText(text).then(isCopied => app.toasts.add(isCopied ? words.copied : words.notCopied))
  return (
    <li>
      <p className="quiet">
        {roomName(app, scheduled.room) ?? words.putOff.elsewhere} · {dayAndTime(locale, at)}
      </p>
      {refused !== undefined && (
        <p className="error">
          {words.putOff.notSent}{' '}
          {refused in words.refusals && words.refusals[refused as keyof typeof words.refusals]}
        </p>
      )}
      {edited === undefined ? (
        <p className="said" dir="auto">
          {text || attachments.map(({ name }) => name).join(', ')}
        </p>
      ) : (
        <textarea
          value={edited}
          dir="auto"
          rows={3}
          aria-label={words.putOff.text}
          ref={focusAtOnce}
          onChange={event => setEdited(event.currentTarget.value)}
        />
      )}
      <div className="buttons">
        {edited === undefined ? (
          <>
            <button type="button" onClick={() => setEdited(text)}>
              {words.list.edit}
            </button>
            <MoveButton onMove={to => void attempt(app, () => putOff.amend('scheduled', id, { at: to }))} />
            <button type="button" onClick={() => void attempt(app, () => putOff.sendNow(id))}>
              {words.putOff.sendNow}
            </button>
            {refused !== undefined && (
              <button type="button" onClick={copy}>
                {words.list.copy}
              </button>
            )}
            <button
              type="button"
              className="danger"
              onClick={() => void attempt(app, () => putOff.remove('scheduled', id))}
            >
              {words.list.erase}
            </button>
          </>
        ) : (
          <>
            <button type="button" onClick={() => setEdited(undefined)}>
              {words.cancel}
            </button>
            <button type="button" className="primary" onClick={() => void save()}>
              {words.save}
            </button>
          </>
        )}
      </div>
    </li>
  )
}

function ReminderItem({ reminder }: { reminder: Reminder }) {
  const app = useApp()
  const words = useWords()
  const locale = useLocale()
  const { putOff } = app.chat
  const { id, at, rung } = reminder
  return (
    <li className={rung ? 'rung' : ''}>
      <p className="quiet">
        {roomName(app, reminder.room) ?? words.putOff.elsewhere} ·{' '}
        {rung ? words.putOff.now : dayAndTime(locale, at)}
      </p>
      <ReminderText reminder={reminder} />
      <div className="buttons">
        <GoThere reminder={reminder} />
        <MoveButton onMove={to => void attempt(app, () => putOff.amend('reminders', id, { at: to }))} />
        <button type="button" onClick={() => void attempt(app, () => putOff.remove('reminders', id))}>
          {rung ? words.putOff.done : words.list.erase}
        </button>
      </div>
    </li>
  )
}

/** What a reminder says; of a message that is gone, or out of reach, that. */
export function ReminderText({ reminder: { message, note } }: { reminder: Reminder }) {
  const words = useWords()
  return (
    <>
      {message ? (
        <p className="said" dir="auto">
          <b>{message.author.username}</b> {excerpt(message)}
        </p>
      ) : (
        <p className="said quiet">{words.putOff.gone}</p>
      )}
      {note !== '' && (
        <p className="said" dir="auto">
          {note}
        </p>
      )}
    </>
  )
}

export function GoThere({ reminder: { room: id, seq, message } }: { reminder: Reminder }) {
  const app = useApp()
  const words = useWords()
  const room = app.chat.rooms.get(id)
  if (!room || !message) return null
  return (
    <button type="button" onClick={() => openRoom(app, room, seq)}>
      {words.putOff.goThere}
    </button>
  )
}

function MoveButton({ onMove }: { onMove: (at: number) => void }) {
  const { chat, route } = useApp()
  const words = useWords()
  const move = () => {
    chat.putOff.asked = {
      title: words.putOff.moveTo,
      choose: at => {
        onMove(at)
        route.open('put-off')
      },
    }
    route.open('when')
  }
  return (
    <button type="button" onClick={move}>
      {words.putOff.move}
    </button>
  )
}

function roomName({ chat }: ReturnType<typeof useApp>, id: number): string | undefined {
  const room = chat.rooms.get(id)
  return room && `${room.isDirect ? '' : '#'}${room.listing.name}`
}
