// What stands around the box: what is answered, the characters left, the buttons, and hints.

import ChevronUp from '~icons/chevron-up'
import Code from '~icons/code'
import SmilePlus from '~icons/face-slightly-smiling-plus'
import SendHorizontal from '~icons/send-horizontal'
import X from '~icons/x'
import { useApp, useObservable, useWords } from '../app.tsx'
import { Quote } from '../messages/quote.tsx'
import type { Room } from '../model/room.ts'
import { IconButton } from '../ui/icon-button.tsx'

/** In code points. Longer texts are refused; from NEAR on, the box says how many are left. */
export const LONGEST = 4000
const NEAR = 3600

interface ReplyingToProps {
  readonly room: Room
  readonly seq: number
  readonly onGo: (seq: number) => void
  readonly onCancel: () => void
}

export function ReplyingTo({ room, seq, onGo, onCancel }: ReplyingToProps) {
  const words = useWords()
  const username = room.message(seq)?.author.username ?? ''
  return (
    <div className="replying-to">
      <Quote room={room} reply={{ seq, username }} onGo={onGo} />
      <button type="button" className="icon" onClick={onCancel} aria-label={words.composer.noReply}>
        <X size={16} />
      </button>
    </div>
  )
}

export function CharactersLeft({ text }: { text: string }) {
  const length = text.length > NEAR ? [...text].length : 0
  return length > 0 && <small className={length > LONGEST ? 'error' : 'quiet'}>{LONGEST - length}</small>
}

interface ButtonsProps {
  readonly isEmpty: boolean
  readonly onEmoji: (button: HTMLElement) => void
  /** Missing where nothing is sent later. */
  readonly onMenu: ((button: HTMLElement) => void) | undefined
}

export function Buttons({ isEmpty, onEmoji, onMenu }: ButtonsProps) {
  const words = useWords()
  return (
    <>
      <IconButton
        icon={SmilePlus}
        size={20}
        label={words.composer.emoji}
        onClick={event => onEmoji(event.currentTarget)}
      />
      <IconButton
        icon={SendHorizontal}
        size={20}
        label={words.composer.send}
        type="submit"
        className="send"
        // The focus, and a phone's keyboard, stay at the box.
        onPointerDown={event => event.preventDefault()}
        disabled={isEmpty}
      />
      {onMenu && (
        <IconButton
          icon={ChevronUp}
          size={16}
          label={words.putOff.sendLater}
          className="send-menu"
          onClick={event => onMenu(event.currentTarget)}
        />
      )}
    </>
  )
}

/** That something will be sent here later. */
export function ScheduledHint({ room }: { room: Room }) {
  const { chat, route } = useApp()
  const words = useWords()
  const count = useObservable(chat.putOff).waitingIn(room.id)
  return (
    count > 0 && (
      <button type="button" className="link put-off-hint" onClick={() => route.open('put-off')}>
        {words.putOff.waiting(count)}
      </button>
    )
  )
}

export function FormatAsCode({ onClick }: { onClick: () => void }) {
  const words = useWords()
  return (
    <button type="button" className="link" onClick={onClick}>
      <Code size={14} /> {words.composer.asCode}
    </button>
  )
}
