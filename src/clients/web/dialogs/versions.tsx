// The texts that a message has had, the present one first.

import { useApp, useWords } from '../app.tsx'
import { MessageText } from '../messages/message-text.tsx'
import type { Room } from '../model/room.ts'
import { dayAndTime } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { useQuery } from '../ui/use-query.ts'
import { Dialog } from './dialog.tsx'
import './versions.css'

/** An action's author would stand before its text; here the text is enough. */
const NOBODY = { id: 0, username: '' }

interface Version {
  readonly text: string
  readonly format: 'plain' | 'markdown'
  readonly at: number
}

export default function VersionsDialog({ room, seq }: { room: Room; seq: number }) {
  const { api } = useApp().chat
  const words = useWords()
  const locale = useLocale()
  const query = useQuery(`${room.id}/${seq}`, () =>
    api.get<{ versions: readonly Version[] }>(`/rooms/${room.id}/messages/${seq}/versions`),
  )
  return (
    <Dialog title={words.versions.title} size="large">
      {query.is === 'failed' && <p className="error">{query.error}</p>}
      {query.is === 'ready' && query.value.versions.length === 1 && (
        <p className="quiet">{words.versions.none}</p>
      )}
      {query.is === 'ready' && (
        <ol className="versions" reversed>
          {query.value.versions.toReversed().map(({ text, format, at }, i, { length }) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: versions are numbered
            <li key={length - i}>
              <p className="quiet">
                <time dateTime={new Date(at).toISOString()}>{dayAndTime(locale, at)}</time>
                {i === 0 && ` · ${words.versions.now}`}
              </p>
              <MessageText text={text} format={format} author={NOBODY} />
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  )
}
