// Parts of the page that come when they are first needed. One that does not come is asked for again: without that the
// whole page would fall. Whether the server has it no more is for the page to find out (`vite:preloadError`).

import { type ComponentType, lazy } from 'react'

const AGAIN_MS = 2000

export function late<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(() => persistently(load))
}

async function persistently<Part>(load: () => Promise<Part>): Promise<Part> {
  for (;;) {
    try {
      return await load()
    } catch {
      await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
    }
  }
}
