// Either one is in, and sees the chat, or one comes in.

import { lazy, Suspense, useEffect, useState } from 'react'
import { type App, AppContext, useWatch } from './app.tsx'
import { Calls } from './model/calls.ts'
import { Chat } from './model/chat.ts'
import { forgetDrafts } from './model/drafts.ts'
import { forgetAllBut } from './model/keep.ts'
import { LASTING } from './model/settings.ts'
import { Boot } from './parts/boot.tsx'
import { ChatScreen } from './parts/chat-screen.tsx'
import { NotesList } from './parts/notes-list.tsx'

const Entry = lazy(() => import('./parts/entry.tsx'))

type Parts = Omit<App, 'chat'>

export function Page({ parts }: { parts: Parts }) {
  const { language } = useWatch(parts.settings)
  const [app, setApp] = useState<App>(() => opened(parts))
  useEffect(() => {
    document.documentElement.lang = language
    if (parts.wording.language !== language) void parts.wording.speak(language)
  }, [parts, language])
  return (
    <AppContext value={app}>
      <Inside app={app} comeIn={() => setApp(opened(parts))} />
      <NotesList notes={parts.notes} />
    </AppContext>
  )
}

function Inside({ app, comeIn }: { app: App; comeIn: () => void }) {
  const { state, person } = useWatch(app.chat)
  const isOut = state.is === 'closed'
  useEffect(() => {
    if (isOut) forgetWhoLeft(state.why)
  })
  if (isOut) {
    return (
      <Suspense fallback={<Boot />}>
        <Entry ended={state.why} onIn={comeIn} />
      </Suspense>
    )
  }
  return person ? <ChatScreen /> : <Boot state={state.is} />
}

function opened(parts: Parts): App {
  const calls = new Calls(parts)
  const chat = new Chat(location.origin, calls)
  calls.attend(chat)
  return { ...parts, chat }
}

/** Whoever logs out of a shared machine leaves no drafts there. */
function forgetWhoLeft(why: string): void {
  if (why !== 'asked') return
  forgetDrafts()
  forgetAllBut(LASTING)
}
