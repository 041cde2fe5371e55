// The server has been upgraded: what is here does not understand it any more.

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
