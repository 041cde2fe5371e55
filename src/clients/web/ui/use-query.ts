import { useEffect, useState } from 'react'
import { troubleOf, useApp, useWatch } from '../app.tsx'

export type Asked<Value> =
  | { readonly is: 'asking' }
  | { readonly is: 'there'; readonly value: Value }
  | { readonly is: 'failed'; readonly why: string; readonly greetings: number }

/** What the server says, asked again when `key` changes, and after a cut where it failed; meanwhile the last answer stays. */
export function useAsked<Value>(key: string, ask: () => Promise<Value>): Asked<Value> {
  const { wording, chat } = useApp()
  const { greetings } = useWatch(chat)
  const [asked, setAsked] = useState<Asked<Value>>({ is: 'asking' })
  const isStale = asked.is === 'failed' && asked.greetings !== greetings
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked
  useEffect(() => {
    let gone = false
    ask().then(
      value => gone || setAsked({ is: 'there', value }),
      error => gone || setAsked({ is: 'failed', why: troubleOf(wording.words, error), greetings }),
    )
    return () => {
      gone = true
    }
  }, [key, isStale])
  return asked
}
