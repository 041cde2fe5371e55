import { useApp } from '../../app.tsx'
import { type Query, useQuery } from '../../ui/use-query.ts'

/** How others reach the server, as the console prints it. */
export interface Addresses {
  readonly url: string
  readonly line: string
  readonly irc: { readonly host: string; readonly port: number; readonly tls: boolean }
  readonly isLocal: boolean
  readonly registration: 'nothing' | 'code' | 'closed'
  readonly classCode?: string
}

export function useAddresses(): Query<Addresses> {
  const { api } = useApp().chat
  return useQuery('addresses', () => api.get<Addresses>('/server/addresses'))
}
