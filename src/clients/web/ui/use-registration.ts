import { useEffect, useState } from 'react'
import { useApp } from '../app.tsx'

export interface Registration {
  readonly asked: 'nothing' | 'code' | 'closed'
  readonly shortestPassword: number
  /** Nobody has registered yet. */
  readonly first: boolean
}

/** Who may register here, asked until the server answers. */
export function useRegistration(): Registration | undefined {
  const { chat } = useApp()
  const [registration, setRegistration] = useState<Registration>()
  useEffect(() => {
    const gone = new AbortController()
    const ask = () =>
      chat.api.get<Registration>('/registration').then(
        found => gone.signal.aborted || setRegistration(found),
        () => {
          const again = setTimeout(ask, 2000)
          gone.signal.addEventListener('abort', () => clearTimeout(again))
        },
      )
    void ask()
    return () => gone.abort()
  }, [chat])
  return registration
}
