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

export function ServerPage() {
  const app = useApp()
  const words = useWords()
  const { settings } = useObservable(app.chat)
  const [wanted, setWanted] = useState<Partial<Settings>>({})
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
    </>
  )
}
