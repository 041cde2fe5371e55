// Names a section of one's list of rooms: a new one, which a room is put into, or one that is there.

import { attempt, useApp, useWords } from '../app.tsx'
import { Dialog } from './dialog.tsx'
import { SingleFieldForm } from './single-field-form.tsx'

/** Code points, as in src/core/model/rules.ts. */
const LONGEST = 40

/** @param which its number, or `new`; @param room the number of a room that is to stand in it */
export default function SectionDialog({ which, room }: { which: string; room: string }) {
  const app = useApp()
  const words = useWords()
  const { order } = app.chat
  const there = order.sidebar.sections.find(({ id }) => String(id) === which)
  const save = async (name: string) => {
    const put = () => (there ? order.change(there.id, { name }) : order.add(name, Number(room) || undefined))
    if (await attempt(app, put)) app.route.close()
  }
  return (
    <Dialog title={there ? words.sidebar.rename : words.sidebar.newSection}>
      <SingleFieldForm
        label={words.sidebar.sectionName}
        value={there?.name ?? ''}
        longest={LONGEST}
        onSave={name => void save(name)}
      />
    </Dialog>
  )
}
