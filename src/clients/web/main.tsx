// The web app: what the browser shows at the server's address.

import { createRoot } from 'react-dom/client'
import { Preferences } from './model/preferences.ts'
import { Route } from './model/route.ts'
import { Toasts } from './model/toasts.ts'
import { Page } from './page.tsx'
import { Wording } from './words.ts'
import './styles/base.css'
import './styles/chat.css'
import './styles/print.css'

const preferences = new Preferences()
preferences.applyToPage()

const place = document.getElementById('app')
if (place) {
  const wording = await Wording.load(preferences.language)
  createRoot(place).render(
    <Page parts={{ preferences, wording, route: new Route(), toasts: new Toasts() }} />,
  )
}
