// The name of a room, as the store keeps it.

import { checkRoomName, foldRoomName } from '../model/rules.ts'
import type { Skeletons } from '../ports/people.ts'

/** @returns the name as it is shown, folded, and its skeletons. Refuses 'bad-room-name'. */
export function checkedName(
  typed: string,
  skeletonsOf: (name: string) => Skeletons,
): { readonly name: string; readonly folded: string } & Skeletons {
  const name = checkRoomName(typed)
  return { name, folded: foldRoomName(name), ...skeletonsOf(name) }
}
