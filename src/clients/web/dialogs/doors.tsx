// How each door renders a message: what netcat shows, what IRC and the WebSocket send.

import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { useQuery } from '../ui/use-query.ts'
import { Dialog } from './dialog.tsx'

interface Rendering {
  readonly door: string
  readonly text: string
}

export function DoorsDialog({ room, seq }: { room: Room; seq: number }) {
  const { api } = useApp().chat
  const words = useWords()
  const query = useQuery(`${room.id}/${seq}`, () =>
    api.get<{ doors: readonly Rendering[] }>(`/rooms/${room.id}/messages/${seq}/doors`),
  )
  return (
    <Dialog title={words.doors.title(seq)} size="large">
      <p className="quiet">{words.doors.text}</p>
      {query.is === 'failed' && <p className="error">{query.error}</p>}
      {query.is === 'ready' &&
        query.value.doors.map(({ door, text }) => (
          <section key={door} className="door">
            <h3>{words.doors.names[door as keyof typeof words.doors.names] ?? door}</h3>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it can be scrolled without a mouse */}
            <pre tabIndex={0}>
              <code>{door === 'json' ? indented(text) : visible(text)}</code>
            </pre>
            <p className="quiet">{words.doors.size(new TextEncoder().encode(text).length)}</p>
          </section>
        ))}
    </Dialog>
  )
}

/** Makes line ends and control characters visible. */
function visible(text: string): string {
  return text.replace(/[\0-\x1f\x7f]/g, sign => (sign === '\n' ? '\\n\n' : JSON.stringify(sign).slice(1, -1)))
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2)
  } catch {
    return json
  }
}
