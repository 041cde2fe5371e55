// Components that are loaded when they are first needed.

import { type ComponentType, createElement, type ReactNode, useEffect, useState } from 'react'

const AGAIN_MS = 2000

/**
 * A component that is loaded when it is first shown, and `fallback` in its place until then. Loading is tried again until
 * it succeeds: otherwise the whole page would fail. When the server no longer has the chunk, `vite:preloadError` tells
 * the page.
 */
export function lazyWithRetry<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  let part: ComponentType<Props> | undefined
  let loading: Promise<unknown> | undefined
  async function fetchPart(): Promise<void> {
    part = (await loadWithRetry(load)).default
  }
  return function Lazy({ fallback, ...props }: Props & { readonly fallback?: ReactNode }): ReactNode {
    const [, setLoaded] = useState(part !== undefined)
    useEffect(() => {
      if (part) return
      let isShown = true
      loading ??= fetchPart()
      void loading.then(() => isShown && setLoaded(true))
      return () => {
        isShown = false
      }
    }, [])
    return part ? createElement(part, props as unknown as Props) : fallback
  }
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
