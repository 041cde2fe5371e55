// The way to the reports that wait for whoever looks after a room; and whoever made one is told that it was looked at.

import { useEffect } from 'react'
import Flag from '~icons/flag'
import { useApp, useObservable } from '../app.tsx'
import { useRulesWords } from './words.ts'

export default function ReportsLink() {
  const { chat, route, toasts } = useApp()
  const { open, reviewed } = useObservable(chat.reports)
  const { panel } = useObservable(route).location
  const said = useRulesWords().reports
  useEffect(() => {
    if (reviewed === 0) return
    toasts.add(said.reviewed(reviewed))
    void chat.reports.told()
  }, [chat, reviewed, said, toasts])
  if (open === 0) return null
  return (
    <button
      type="button"
      className="room new"
      aria-current={panel === 'reports' ? 'true' : undefined}
      onClick={() => route.open('reports')}
    >
      <span className="room-icon s20">
        <Flag size={16} />
      </span>
      <span className="name">{said.title}</span>
      <span className="badge">
        {open >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : open}
        <span className="visually-hidden"> {said.link}</span>
      </span>
    </button>
  )
}

/** The server counts no further. */
const MOST_COUNTED = 100
