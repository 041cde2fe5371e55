import { useEffect, useState } from 'react'
import { errorMessage, useApp, useObservable } from '../app.tsx'

export type Query<Value> =
  | { readonly is: 'loading' }
  | { readonly is: 'ready'; readonly value: Value }
  | { readonly is: 'failed'; readonly error: string; readonly connections: number }

/**
 * Runs a request, again when `key` changes, and after a reconnection if it had failed; meanwhile the last answer stays.
 * @param key names what is requested
 */
export function useQuery<Value>(key: string, ask: () => Promise<Value>): Query<Value> {
  const { wording, chat } = useApp()
  const { connections } = useObservable(chat)
  const [query, setQuery] = useState<Query<Value>>({ is: 'loading' })
  const isStale = query.is === 'failed' && query.connections !== connections
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names the request
  useEffect(() => {
    let isGone = false
    ask().then(
      value => isGone || setQuery({ is: 'ready', value }),
      error => isGone || setQuery({ is: 'failed', error: errorMessage(wording.words, error), connections }),
    )
    return () => {
      isGone = true
    }
  }, [key, isStale])
  return query
}
