// Names a group conversation.

import { attempt, useApp, useObservable, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { Dialog } from './dialog.tsx'
import { SingleFieldForm } from './single-field-form.tsx'

/** Code points, as in src/core/model/rules.ts. */
const LONGEST = 60

export default function GroupDialog({ room }: { room: Room }) {
  const app = useApp()
  const words = useWords()
  const { name } = useObservable(room).listing
  // Where nobody has named it, its name lists who is in it.
  const title = name.includes(', ') ? '' : name
  const save = async (title: string) => {
    if (await attempt(app, () => app.chat.api.do('PUT', `/rooms/${room.id}/title`, { title })))
      app.route.close()
  }
  return (
    <Dialog title={words.group.name}>
      <p className="quiet">{words.group.nameHint}</p>
      <SingleFieldForm
        label={words.group.name}
        value={title}
        longest={LONGEST}
        onSave={title => void save(title)}
      />
    </Dialog>
  )
}
