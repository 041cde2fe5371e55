// Parts of the page that are fetched when they are wanted: offline they don't come, and after an upgrade they are gone.

import { Component, type ComponentType, type LazyExoticComponent, lazy, type ReactNode } from 'react'
import { useWords } from '../app.tsx'

const TRIES = 3
const WAIT_MS = 700

/** Like lazy, but tries again before it gives up. */
export function late<Props>(
  fetch: () => Promise<{ default: ComponentType<Props> }>,
): LazyExoticComponent<ComponentType<Props>> {
  const tryIt = async (tries: number): Promise<{ default: ComponentType<Props> }> => {
    try {
      return await fetch()
    } catch (error) {
      if (tries <= 1) throw error
      await new Promise(resolve => setTimeout(resolve, WAIT_MS))
      return tryIt(tries - 1)
    }
  }
  return lazy(() => tryIt(TRIES))
}

interface Failed {
  readonly failed: boolean
}

/** What fails in it takes nothing else with it. */
export class MayFail extends Component<{ readonly children: ReactNode }, Failed> {
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
