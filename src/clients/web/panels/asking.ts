import { useEffect, useState } from 'react'
import { troubleOf, useApp } from '../app.tsx'

export type Asked<Value> =
  | { readonly is: 'asking' }
  | { readonly is: 'there'; readonly value: Value }
  | { readonly is: 'failed'; readonly why: string }

/** What the server says, asked again when `key` changes; meanwhile the last answer stays. */
export function useAsked<Value>(key: string, ask: () => Promise<Value>): Asked<Value> {
  const { wording } = useApp()
  const [asked, setAsked] = useState<Asked<Value>>({ is: 'asking' })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked
  useEffect(() => {
    let gone = false
    ask().then(
      value => gone || setAsked({ is: 'there', value }),
      error => gone || setAsked({ is: 'failed', why: troubleOf(wording.words, error) }),
    )
    return () => {
      gone = true
    }
  }, [key])
  return asked
}
