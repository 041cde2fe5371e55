// What one is notified of while looking elsewhere.

import { useState } from 'react'
import { useApp, useObservable, useWords } from '../../app.tsx'
import { NOTICES } from '../../model/preferences.ts'
import { RadioList } from '../radio-list.tsx'

export function NotificationsPage() {
  const { preferences } = useApp()
  const words = useWords()
  const { notices, sound } = useObservable(preferences).values
  const [permission, setPermission] = useState(
    typeof Notification === 'undefined' ? 'denied' : Notification.permission,
  )
  return (
    <>
      {permission === 'default' && (
        <p>
          <button
            type="button"
            className="primary"
            onClick={() => void Notification.requestPermission().then(setPermission)}
          >
            {words.settings.allowNotifications}
          </button>
        </p>
      )}
      {permission === 'denied' && <p className="quiet">{words.settings.notificationsDenied}</p>}
      <RadioList
        title={words.settings.notices}
        name="notices"
        values={NOTICES}
        value={notices}
        names={words.settings.notificationNames}
        onChoose={next => preferences.set({ notices: next })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={sound}
          onChange={event => preferences.set({ sound: event.currentTarget.checked })}
        />
        <span>{words.settings.sound}</span>
      </label>
    </>
  )
}
