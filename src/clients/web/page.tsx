// Either one is in, and sees the chat, or one comes in.

import { Suspense, useEffect, useState } from 'react'
import { type App, AppContext, useWatch } from './app.tsx'
import { Calls } from './model/calls.ts'
import { Chat } from './model/chat.ts'
import { LASTING } from './model/settings.ts'
import { forgetAllBut } from './model/storage.ts'
import { ChatScreen } from './ui/chat-screen.tsx'
import { late } from './ui/lazy.ts'
import { Boot } from './ui/loading.tsx'
import { NewVersion } from './ui/new-version.tsx'
import { NotesList } from './ui/toasts.tsx'

const Entry = late(() => import('./ui/log-in-screen.tsx'))

type Parts = Omit<App, 'chat'>

export function Page({ parts }: { parts: Parts }) {
  const { language } = useWatch(parts.settings)
  const { language: spoken } = useWatch(parts.wording)
  const [app, setApp] = useState<App>(() => opened(parts))
  useEffect(() => {
    if (parts.wording.language !== language) void parts.wording.speak(language)
  }, [parts, language])
  useEffect(() => {
    document.documentElement.lang = spoken
  }, [spoken])
  useEffect(() => {
    const ask = () => void askForVersion(app)
    addEventListener('vite:preloadError', ask)
    return () => removeEventListener('vite:preloadError', ask)
  }, [app])
  return (
    <AppContext value={app}>
      <Inside app={app} comeIn={() => setApp(opened(parts))} />
      <NotesList notes={parts.notes} />
    </AppContext>
  )
}

function Inside({ app, comeIn }: { app: App; comeIn: () => void }) {
  const { state, person } = useWatch(app.chat)
  const why = state.is === 'closed' ? (app.chat.isLeaving ? 'asked' : state.why) : undefined
  useEffect(() => {
    if (why !== undefined) forgetWhoLeft(why)
  }, [why])
  if (why === 'version') return <NewVersion />
  if (why !== undefined) {
    return (
      <Suspense fallback={<Boot />}>
        <Entry ended={why} onIn={comeIn} />
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

/** A part of the page did not come: where the server is there, it has the part no more. */
async function askForVersion({ chat, notes, wording }: App): Promise<void> {
  const isThere = await chat.api.get('/registration').then(
    () => true,
    () => false,
  )
  if (isThere) notes.say(wording.words.newVersion, 'version')
}

/** Whoever leaves a shared machine leaves no drafts there, whether they log out here or from afar. */
const LEAVING: ReadonlySet<string> = new Set(['asked', 'revoked', 'disabled'])

function forgetWhoLeft(why: string): void {
  if (LEAVING.has(why)) forgetAllBut(LASTING)
  if (why === 'other') location.reload()
}
