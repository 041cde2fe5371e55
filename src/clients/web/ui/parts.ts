// The parts of the page that are loaded later, and soon needed.

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
