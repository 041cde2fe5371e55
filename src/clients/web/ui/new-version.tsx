// The server has been upgraded, and speaks another version of the protocol than this page.

import { useWords } from '../app.tsx'
import './loading.css'

export function NewVersion() {
  const words = useWords()
  return (
    <main className="loading">
      <p role="alert">{words.newVersion}</p>
      <Reload />
    </main>
  )
}

export function Reload() {
  const words = useWords()
  return (
    <button type="button" className="primary" onClick={() => location.reload()}>
      {words.reload}
    </button>
  )
}
