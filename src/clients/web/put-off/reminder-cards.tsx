// Reminders whose time has come, above the page until one is done with them.

import { createPortal } from 'react-dom'
import { attempt, useApp, useObservable, useWords } from '../app.tsx'
import { GoThere, ReminderText } from './put-off-dialog.tsx'
import './put-off.css'

const HOUR_MS = 3_600_000
const MOST_SHOWN = 3

export default function ReminderCards() {
  const app = useApp()
  const words = useWords()
  const { putOff } = app.chat
  const { reminders } = useObservable(putOff)
  const rung = reminders.filter(each => each.rung)
  const later = (id: number) => putOff.amend('reminders', id, { at: app.chat.now() + HOUR_MS })
  return createPortal(
    <section className="reminder-cards" aria-label={words.putOff.reminders}>
      {rung.slice(-MOST_SHOWN).map(each => (
        <article key={each.id}>
          <h2 role="alert">{words.putOff.reminder}</h2>
          <ReminderText reminder={each} />
          <div className="buttons">
            <GoThere reminder={each} />
            <button type="button" onClick={() => void attempt(app, () => later(each.id))}>
              {words.putOff.presets.inAnHour}
            </button>
            <button
              type="button"
              className="primary"
              onClick={() => void attempt(app, () => putOff.remove('reminders', each.id))}
            >
              {words.putOff.done}
            </button>
          </div>
        </article>
      ))}
    </section>,
    document.body,
  )
}
