// Either one is in, and sees the chat, or one comes in.

import { Suspense, useEffect, useState } from 'react'
import { type App, AppContext, useObservable } from './app.tsx'
import { Chat } from './model/chat.ts'
import { Notifier } from './model/notifier.ts'
import { KEPT_KEYS } from './model/preferences.ts'
import { clearExcept } from './model/storage.ts'
import { ChatScreen } from './ui/chat-screen.tsx'
import { lazyWithRetry } from './ui/lazy.ts'
import { Loading } from './ui/loading.tsx'
import { NewVersion } from './ui/new-version.tsx'
import { ToastList } from './ui/toasts.tsx'

const LogInScreen = lazyWithRetry(() => import('./ui/log-in-screen.tsx'))

type AppParts = Omit<App, 'chat'>

export function Page({ parts }: { parts: AppParts }) {
  const { language } = useObservable(parts.preferences)
  const { language: spoken } = useObservable(parts.wording)
  const [app, setApp] = useState<App>(() => createApp(parts))
  useEffect(() => {
    if (parts.wording.language !== language) void parts.wording.switchTo(language)
  }, [parts, language])
  useEffect(() => {
    document.documentElement.lang = spoken
  }, [spoken])
  useEffect(() => {
    const ask = () => void checkForNewVersion(app)
    addEventListener('vite:preloadError', ask)
    return () => removeEventListener('vite:preloadError', ask)
  }, [app])
  return (
    <AppContext value={app}>
      <CurrentScreen app={app} onLoggedIn={() => setApp(createApp(parts))} />
      <ToastList toasts={parts.toasts} />
    </AppContext>
  )
}

function CurrentScreen({ app, onLoggedIn }: { app: App; onLoggedIn: () => void }) {
  const { state, person } = useObservable(app.chat)
  const reason = state.is === 'closed' ? (app.chat.isLoggingOut ? 'asked' : state.why) : undefined
  useEffect(() => {
    if (reason !== undefined) clearAfterLogOut(reason)
  }, [reason])
  if (reason === 'version') return <NewVersion />
  if (reason !== undefined) {
    return (
      <Suspense fallback={<Loading />}>
        <LogInScreen ended={reason} onLoggedIn={onLoggedIn} />
      </Suspense>
    )
  }
  return person ? <ChatScreen /> : <Loading state={state.is} />
}

function createApp(parts: AppParts): App {
  const notifier = new Notifier(parts)
  const chat = new Chat(location.origin, notifier)
  notifier.start(chat)
  return { ...parts, chat }
}

/** A part of the page did not come: where the server is there, it has the part no more. */
async function checkForNewVersion({ chat, toasts, wording }: App): Promise<void> {
  const isThere = await chat.api.get('/registration').then(
    () => true,
    () => false,
  )
  if (isThere) toasts.add(wording.words.newVersion, 'version')
}

/** Whoever leaves a shared machine leaves no drafts there, whether they log out here or from afar. */
const LOG_OUTS: ReadonlySet<string> = new Set(['asked', 'revoked', 'disabled'])

function clearAfterLogOut(reason: string): void {
  if (LOG_OUTS.has(reason)) clearExcept(KEPT_KEYS)
  if (reason === 'other') location.reload()
}
