// What the admins of the server decide for everybody.

import { useState } from 'react'
import { attempt, useApp, useObservable, useWords } from '../../app.tsx'
import type { Chat } from '../../model/chat.ts'
import { RadioList } from '../radio-list.tsx'

type Settings = Chat['settings']
const PRIVATE_MESSAGES = [
  'everyone',
  'staff',
  'off',
] as const satisfies readonly Settings['privateMessages'][]

const TEAMS = ['admins', 'moderators'] as const satisfies readonly Settings['teams'][]
const EDIT_HISTORY = ['off', 'on'] as const satisfies readonly Settings['editHistory'][]

export function ServerPage() {
  const app = useApp()
  const words = useWords()
  const { settings } = useObservable(app.chat)
  const [wanted, setWanted] = useState<Partial<Settings>>({})
  const [isForgetting, setForgetting] = useState(false)
  const shown = { ...settings, ...wanted }
  const change = async (setting: Partial<Settings>) => {
    setWanted({ ...wanted, ...setting })
    await attempt(app, () => app.chat.api.do('PATCH', '/server/settings', setting))
    setWanted({})
  }
  return (
    <>
      <p className="quiet">{words.server.hint}</p>
      <RadioList
        title={words.server.privateMessages}
        name="privateMessages"
        values={PRIVATE_MESSAGES}
        value={shown.privateMessages}
        names={words.server.privateMessageNames}
        hints={words.server.privateMessageHints}
        onChoose={privateMessages => void change({ privateMessages })}
      />
      <RadioList
        title={words.server.teams}
        name="teams"
        values={TEAMS}
        value={shown.teams}
        names={words.server.teamNames}
        hints={words.server.teamHints}
        onChoose={teams => void change({ teams })}
      />
      <RadioList
        title={words.server.editHistory}
        name="editHistory"
        values={EDIT_HISTORY}
        value={isForgetting ? 'off' : shown.editHistory}
        names={words.server.editHistoryNames}
        hints={words.server.editHistoryHints}
        onChoose={editHistory => {
          const asksFirst = editHistory === 'off' && settings.editHistory === 'on'
          setForgetting(asksFirst)
          if (!asksFirst) void change({ editHistory })
        }}
      />
      {isForgetting && (
        <div role="alert" className="banner">
          <p>{words.server.forgetVersions}</p>
          <div className="buttons">
            <button
              type="button"
              className="danger"
              onClick={() => void change({ editHistory: 'off' }).then(() => setForgetting(false))}
            >
              {words.server.forgetVersionsYes}
            </button>
            <button type="button" onClick={() => setForgetting(false)}>
              {words.cancel}
            </button>
          </div>
        </div>
      )}
    </>
  )
}
