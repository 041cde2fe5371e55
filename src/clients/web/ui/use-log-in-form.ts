import { type FormEvent, useState } from 'react'
import { Refused } from '../../client/client.ts'
import { errorMessage, useApp } from '../app.tsx'
import type { Words } from '../words.ts'
import { hasCode } from './invited.ts'

export interface FormState {
  readonly busy: boolean
  readonly error: string | undefined
  /** The code of what the server refused last. */
  readonly refused: string | undefined
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void
}

/** Posts the form's fields to the API, which sets a cookie. @param check why they cannot be sent, if so */
export function useLogInForm(
  path: string,
  onLoggedIn: () => void,
  check?: (fields: Fields) => string | undefined,
): FormState {
  const { chat, wording } = useApp()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const [refused, setRefused] = useState<string>()
  const send = async (fields: Fields) => {
    const wrong = check?.(fields)
    if (wrong !== undefined) return setError(wrong)
    setBusy(true)
    setError(undefined)
    try {
      const { repeated: _, ...body } = fields
      await chat.api.do('POST', path, { ...body, cookie: true })
      if (!hasCode()) history.replaceState(history.state, '', location.pathname)
      onLoggedIn()
    } catch (error) {
      setRefused(error instanceof Refused ? error.code : undefined)
      setError(logInError(wording.words, error))
      setBusy(false)
    }
  }
  return {
    busy,
    error,
    refused,
    onSubmit: event => {
      event.preventDefault()
      const entries = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)])
      void send(Object.fromEntries(entries.filter(([name, value]) => name !== 'code' || value !== '')))
    },
  }
}

export type Fields = Readonly<Record<string, string>>

function logInError(words: Words, error: unknown): string {
  return error instanceof Refused && error.code === 'wrong-credentials'
    ? words.entry.wrong
    : errorMessage(words, error)
}
