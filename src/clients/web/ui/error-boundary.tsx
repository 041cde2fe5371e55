// Errors in one part of the page.

import { Component, type ReactNode } from 'react'
import { useWords } from '../app.tsx'
import './error-boundary.css'

interface Failed {
  readonly failed: boolean
}

/** When a child throws, shows a notice in its place; the rest of the page goes on. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, Failed> {
  override state: Failed = { failed: false }

  static getDerivedStateFromError(): Failed {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? <NotLoaded /> : this.props.children
  }
}

function NotLoaded() {
  const words = useWords()
  return (
    <p className="not-loaded banner" role="alert">
      {words.notLoaded}{' '}
      <button type="button" onClick={() => location.reload()}>
        {words.reload}
      </button>
    </p>
  )
}
