// The page: the chat, or the log-in screen.

import { useEffect, useState } from 'react'
import { type App, AppContext, useObservable } from './app.tsx'
import { Chat } from './model/chat.ts'
import { BrowserFileStore } from './model/file-store.ts'
import { Notifier } from './model/notifier.ts'
import { KEPT_KEYS } from './model/preferences.ts'
import { clearExcept } from './model/storage.ts'
import { goToFile, wantedFile } from './model/wanted-file.ts'
import { ChatScreen } from './ui/chat-screen.tsx'
import { lazyWithRetry } from './ui/lazy.ts'
import { Loading } from './ui/loading.tsx'
import { NewVersion } from './ui/new-version.tsx'
import { ToastList } from './ui/toasts.tsx'

const LogInScreen = lazyWithRetry(() => import('./ui/log-in-screen.tsx'))

type AppDeps = Omit<App, 'chat'>

export function Page({ deps }: { deps: AppDeps }) {
  const { language } = useObservable(deps.preferences)
  const { language: spoken } = useObservable(deps.wording)
  const [app, setApp] = useState<App>(() => createApp(deps))
  useEffect(() => {
    if (deps.wording.language !== language) void deps.wording.switchTo(language)
  }, [deps, language])
  useEffect(() => {
    document.documentElement.lang = spoken
  }, [spoken])
  useEffect(() => {
    const check = () => void checkForNewVersion(app)
    addEventListener('vite:preloadError', check)
    return () => removeEventListener('vite:preloadError', check)
  }, [app])
  return (
    <AppContext value={app}>
      <CurrentScreen app={app} onLoggedIn={() => setApp(createApp(deps))} />
      <ToastList toasts={deps.toasts} />
    </AppContext>
  )
}

function CurrentScreen({ app, onLoggedIn }: { app: App; onLoggedIn: () => void }) {
  const { state, person } = useObservable(app.chat)
  const reason = state.is === 'closed' ? (app.chat.isLoggingOut ? 'asked' : state.why) : undefined
  useEffect(() => {
    if (reason !== undefined) clearAfterLogOut(reason)
  }, [reason])
  const [file, setFile] = useState(wantedFile)
  const isLeaving = person !== undefined && file !== undefined
  useEffect(() => {
    if (isLeaving) void goToFile(file).then(isDownload => isDownload && setFile(undefined))
  }, [isLeaving, file])
  if (reason === 'version') return <NewVersion />
  if (reason !== undefined) {
    return <LogInScreen fallback={<Loading />} ended={reason} onLoggedIn={onLoggedIn} />
  }
  return person && !isLeaving ? <ChatScreen /> : <Loading state={state.is} />
}

function createApp(deps: AppDeps): App {
  const notifier = new Notifier(deps)
  const chat = new Chat(location.origin, notifier)
  notifier.start(chat)
  return { ...deps, chat }
}

/** A chunk did not load: if the server answers, it has been upgraded and no longer has that chunk. */
async function checkForNewVersion({ chat, toasts, wording }: App): Promise<void> {
  const hasServer = await chat.api.get('/registration').then(
    () => true,
    () => false,
  )
  if (hasServer) toasts.add(wording.words.newVersion, 'version')
}

/** Logging out of a shared machine leaves no drafts or files there, whether it is done here or on another device. */
const LOG_OUTS: ReadonlySet<string> = new Set(['asked', 'revoked', 'disabled'])

function clearAfterLogOut(reason: string): void {
  if (LOG_OUTS.has(reason)) {
    clearExcept(KEPT_KEYS)
    void new BrowserFileStore().clear()
  }
  if (reason === 'other') location.reload()
}
