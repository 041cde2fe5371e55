// The text of a message, after its author's name if it is an action (/me).

import type { Message } from '../../../wire/schemas.ts'
import { useApp, useWords } from '../app.tsx'
import { Text } from '../markup/text.tsx'

interface MessageTextProps extends Pick<Message, 'text' | 'format' | 'author' | 'teams'> {
  readonly styles?: Message['styles'] | undefined
  readonly action?: true | undefined
  readonly onRoom?: (name: string) => void
  readonly onTick?: ((line: number) => void) | undefined
}

export function MessageText({
  text,
  format,
  styles,
  action,
  author,
  teams,
  onRoom,
  onTick,
}: MessageTextProps) {
  const { chat } = useApp()
  const words = useWords()
  const me = chat.person?.username ?? ''
  const mine = teams && chat.teams.callsIn({ teams })
  const body = (
    <Text
      {...{ text, format, styles, me, onRoom, onTick, ...(mine && { teams: mine }) }}
      words={words.text}
    />
  )
  if (!action) return body
  return (
    <div className="action">
      <bdi>{author.username}</bdi> {body}
    </div>
  )
}
