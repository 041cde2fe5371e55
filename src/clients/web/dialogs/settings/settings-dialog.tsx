// The settings: appearance, notifications, profile, sessions, password, and for admins those of the server.

import type { ReactNode } from 'react'
import { useApp, useObservable, useWords } from '../../app.tsx'
import { Dialog } from '../dialog.tsx'
import { AppearancePage } from './appearance.tsx'
import { NotificationsPage } from './notifications.tsx'
import { PasswordPage } from './password.tsx'
import { ProfilePage } from './profile.tsx'
import { ServerPage } from './server.tsx'
import { SessionsPage } from './sessions.tsx'

const PAGES = ['look', 'notices', 'profile', 'sessions', 'password', 'server'] as const
type PageName = (typeof PAGES)[number]

const PAGE_COMPONENTS: Record<PageName, () => ReactNode> = {
  look: AppearancePage,
  notices: NotificationsPage,
  profile: ProfilePage,
  sessions: SessionsPage,
  password: PasswordPage,
  server: ServerPage,
}

export default function SettingsDialog({ page }: { page: string }) {
  const { route, chat } = useApp()
  const words = useWords()
  const { isAdmin } = useObservable(chat)
  const pages = PAGES.filter(each => each !== 'server' || isAdmin)
  const current = pages.find(each => each === page) ?? 'look'
  const CurrentPage = PAGE_COMPONENTS[current]
  return (
    <Dialog title={words.settings.title} size="large">
      <div className="pages">
        <nav aria-label={words.settings.title}>
          {pages.map(each => (
            <button
              key={each}
              type="button"
              className="plain"
              aria-current={each === current ? 'page' : undefined}
              onClick={() => route.open(`settings/${each}`)}
            >
              {words.settings.pages[each]}
            </button>
          ))}
        </nav>
        <div className="page">
          <CurrentPage />
        </div>
      </div>
    </Dialog>
  )
}
