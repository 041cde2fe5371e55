// What all nodes are told when an account changes.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Profile, SessionId, UserId } from '../model/model.ts'

/** Their profile or role has changed: each node reads it, and tells whoever is connected what others are shown of it. */
export async function announceProfile(cluster: ClusterMessages, profile: Profile): Promise<void> {
  const { id, username, name, role, status } = profile
  await cluster.broadcast({ kind: 'changed', person: id, what: 'profile' })
  await cluster.broadcast({ kind: 'person', person: { id, username, name, role, status } })
}

/** @param by the session in which the name was changed, if any */
export function announceFullName(
  cluster: ClusterMessages,
  { id, username, name, role }: Profile,
  by: SessionId | undefined,
): Promise<void> {
  const person = { id, username, name, role }
  return cluster.broadcast({ kind: 'full-name', person, ...(by !== undefined && { by }) })
}

/** Closes the connections of these sessions. */
export async function announceRevoked(
  cluster: ClusterMessages,
  person: UserId,
  sessions: readonly SessionId[],
): Promise<void> {
  if (sessions.length > 0) await cluster.broadcast({ kind: 'ended', person, sessions, how: 'revoked' })
}
