// The web app: what the browser shows at the server's address.

import { createRoot } from 'react-dom/client'
import { Route } from './model/route.ts'
import { Settings } from './model/settings.ts'
import { Notes } from './model/toasts.ts'
import { Page } from './page.tsx'
import { Wording } from './words.ts'
import './styles/base.css'
import './styles/chat.css'
import './styles/print.css'

const settings = new Settings()
settings.show()

const place = document.getElementById('app')
if (place) {
  const wording = await Wording.in(settings.language)
  createRoot(place).render(<Page parts={{ settings, wording, route: new Route(), notes: new Notes() }} />)
}
