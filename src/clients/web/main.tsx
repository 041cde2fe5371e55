// The web app. Styles of components may come before those of plain elements in the cascade, since the build loads shared
// chunks first: a component's selectors have to be the more specific ones.

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

const root = document.getElementById('app')
if (root) {
  const wording = await Wording.load(preferences.language)
  createRoot(root).render(<Page deps={{ preferences, wording, route: new Route(), toasts: new Toasts() }} />)
}
