// The metadata that IRC shows: what is stored, and as `avatar` the addresses of pictures.

import type { Person, RoomId, UserId } from '../../../core/model/model.ts'
import { AVATAR_KEY } from '../../../core/model/rules.ts'
import type { Bearer, Datum } from '../../../core/ports/metadata.ts'
import { avatarLink } from '../../shared/attachments.ts'
import type { IrcDeps } from '../deps.ts'

/** All keys of the bearers. Refuses 'not-a-member' of one of the rooms. */
export async function metadataOf(
  deps: IrcDeps,
  reader: Person,
  bearers: readonly Bearer[],
): Promise<readonly Datum[]> {
  const { metadata, avatars } = deps.chat
  const people: UserId[] = []
  const rooms: RoomId[] = []
  for (const bearer of bearers)
    if ('room' in bearer) rooms.push(bearer.room)
    else people.push(bearer.person)
  const [stored, found] = await Promise.all([
    metadata.of(reader, bearers),
    avatars.of(reader, { people, rooms }),
  ])
  const pictures = [
    ...found.people.map(({ person, id }) => ({ bearer: { person }, id })),
    ...found.rooms.map(({ room, id }) => ({ bearer: { room }, id })),
  ]
  return [
    ...stored,
    ...pictures.map(({ bearer, id }) => ({ bearer, key: AVATAR_KEY, value: avatarLink(id, deps) })),
  ]
}
