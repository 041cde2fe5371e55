// Components that are loaded when they are first needed.

import { type ComponentType, lazy } from 'react'

const AGAIN_MS = 2000

/**
 * React's `lazy`, but loading is tried again until it succeeds: otherwise the whole page would fail. When the server no
 * longer has the chunk, `vite:preloadError` tells the page.
 */
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
export const loadJumps = () => import('../messages/jumps.tsx')
export const loadSwitcher = () => import('../switcher/switcher.tsx')
export const loadTray = () => import('../files/tray.tsx')
export const loadPendingFiles = () => import('../files/pending-files.tsx')
export const loadProbeMedia = () => import('../files/probe-media.ts')

const SOON_NEEDED = [
  loadPanel,
  loadDialog,
  loadJumps,
  loadSwitcher,
  loadTray,
  loadPendingFiles,
  loadProbeMedia,
]

/**
 * Loads these parts when the browser is idle: so they open at once, and there are files offline too.
 * @param others begins to load others
 */
export function prefetchParts(others: () => void): void {
  const fetchAll = () => {
    for (const part of SOON_NEEDED) part().catch(() => {}) // tried again when it is needed
    others()
  }
  whenIdle(fetchAll)
}

export function whenIdle(task: () => void): void {
  if (typeof requestIdleCallback === 'undefined') setTimeout(task, 2000)
  else requestIdleCallback(task, { timeout: 5000 })
}
