import { useEffect, useState } from 'react'
import { errorMessage, useApp, useObservable } from '../app.tsx'

export type Query<Value> =
  | { readonly is: 'asking' }
  | { readonly is: 'there'; readonly value: Value }
  | { readonly is: 'failed'; readonly why: string; readonly greetings: number }

/** What the server says, asked again when `key` changes, and after a cut where it failed; meanwhile the last answer stays. */
export function useQuery<Value>(key: string, ask: () => Promise<Value>): Query<Value> {
  const { wording, chat } = useApp()
  const { connections: greetings } = useObservable(chat)
  const [query, setAsked] = useState<Query<Value>>({ is: 'asking' })
  const isStale = query.is === 'failed' && query.greetings !== greetings
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked
  useEffect(() => {
    let gone = false
    ask().then(
      value => gone || setAsked({ is: 'there', value }),
      error => gone || setAsked({ is: 'failed', why: errorMessage(wording.words, error), greetings }),
    )
    return () => {
      gone = true
    }
  }, [key, isStale])
  return query
}
