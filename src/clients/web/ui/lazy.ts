// Parts of the page that come when they are first needed. One that does not come is asked for again: without that the
// whole page would fall. Whether the server has it no more is for the page to find out (`vite:preloadError`).

import { type ComponentType, lazy } from 'react'

const AGAIN_MS = 2000

export function lazyWithRetry<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(() => loadWithRetry(load))
}

async function loadWithRetry<Part>(load: () => Promise<Part>): Promise<Part> {
  for (;;) {
    try {
      return await load()
    } catch {
      await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
    }
  }
}

export const loadPanel = () => import('../panels/panel.tsx')
export const loadDialog = () => import('../dialogs/current-dialog.tsx')

/** When there is time, and the first messages are there: what is wanted next opens at once. */
export function prefetchPanelsAndDialogs(): void {
  const fetchAll = () => {
    for (const part of [loadPanel, loadDialog]) part().catch(() => {}) // asked for again when it is wanted
  }
  if (typeof requestIdleCallback === 'undefined') setTimeout(fetchAll, 2000)
  else requestIdleCallback(fetchAll, { timeout: 5000 })
}
