// Who has reacted with an emoji, above its chip.

import { useApp, useWords } from '../app.tsx'
import { useQuery } from '../ui/use-query.ts'

interface TipProps {
  readonly id: string
  readonly room: number
  readonly seq: number
  readonly emoji: string
  readonly count: number
}

/** People who are named. */
const MOST_NAMED = 10

export default function ReactionTip({ id, room, seq, emoji, count }: TipProps) {
  const { chat, wording } = useApp()
  const words = useWords()
  const query = useQuery(`${room}/${seq}/${emoji}/${count}`, () =>
    chat.api.reactors(room, seq, { emoji, limit: MOST_NAMED }),
  )
  if (query.is !== 'ready') return null
  const names = query.value.reactions.map(({ person }) => person.username)
  const others = Math.max(0, count - names.length)
  const list = new Intl.ListFormat(wording.language, { type: others > 0 ? 'unit' : 'conjunction' }).format(
    names,
  )
  return (
    <span id={id} role="tooltip" className="tip">
      {words.reactions.who(list, others, emoji)}
    </span>
  )
}
