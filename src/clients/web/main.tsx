// The web app: what the browser shows at the server's address.

import './styles/theme.css'
import './styles/elements.css'
import './styles/utilities.css'
import { createRoot } from 'react-dom/client'
import { Preferences } from './model/preferences.ts'
import { Route } from './model/route.ts'
import { Toasts } from './model/toasts.ts'
import { Page } from './page.tsx'
import { Wording } from './words.ts'
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
