import type { Message } from '../../../wire/schemas.ts'
import { useApp, useObservable } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { useQuery } from '../ui/use-query.ts'
import { isPicture, type Picture } from './file-kind.ts'

export interface ShownPicture {
  readonly message: Message
  readonly picture: Picture
}

/**
 * The pictures among which one leafs, from the oldest to the newest: those of the gallery if the picture is there, else of
 * the messages around it. undefined until they are known.
 */
export function usePictures(room: Room, seq: number): readonly ShownPicture[] | undefined {
  const { chat } = useApp()
  const gallery = useObservable(room.gallery('visual')).messages
  const entries = useObservable(room.timeline).entries
  const messages = entries.filter((entry): entry is Message => entry.kind === 'message')
  const has = (list: readonly Message[]) => list.some(message => message.seq === seq)
  const found = has(gallery) ? gallery.toReversed() : has(messages) ? messages : undefined
  const query = useQuery(found ? 'known' : `${room.id}/${seq}`, async () =>
    found ? undefined : chat.api.message(room.id, seq),
  )
  if (found) return picturesOf(found)
  if (query.is === 'loading') return undefined
  return picturesOf(query.is === 'ready' && query.value ? [query.value] : [])
}

function picturesOf(messages: readonly Message[]): readonly ShownPicture[] {
  return messages.flatMap(message =>
    (message.attachments ?? []).filter(isPicture).map(picture => ({ message, picture })),
  )
}
