// The files of a post that is not stored yet.

import { useApp, useObservable, useWords } from '../app.tsx'
import type { Pending } from '../model/outbox.ts'
import { OutgoingCard } from './outgoing-card.tsx'

export default function PendingFiles({ post }: { post: Pending }) {
  const { chat } = useApp()
  const words = useWords()
  const outgoing = useObservable(chat.files)
  const files = (post.files ?? []).flatMap(id => outgoing.get(id) ?? [])
  return (
    <ul className="attachments pending-files" aria-label={words.files.list(files.length)}>
      {files.map(file => (
        <li key={file.id}>
          <OutgoingCard
            file={file}
            onRemove={() => chat.outbox.discardFile(post.key, file.id)}
            onRetry={() => chat.outbox.retry(post.key)}
          />
        </li>
      ))}
    </ul>
  )
}
