// The code of a link by which somebody comes: /join?code=abcd.

import type { App } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { pathOf } from '../model/route.ts'

export function codeOfLink(): string {
  return new URLSearchParams(location.search).get('code') ?? ''
}

export function hasCode(): boolean {
  return codeOfLink() !== ''
}

/** Leads whoever is logged in into the first of the code's rooms; with a code that leads nowhere, home. */
export async function followLink({ chat, route }: App, home: Room): Promise<void> {
  const code = codeOfLink()
  if (code === '') return
  const path = `/invitations/${encodeURIComponent(code)}/rooms`
  const found = await chat.api.do<{ rooms: readonly number[] }>('POST', path).catch(() => ({ rooms: [] }))
  const [id] = found.rooms
  const room = id === undefined ? home : chat.rooms.get(id)
  route.go(pathOf(room?.slug ?? `${id}`), 'replace')
}
