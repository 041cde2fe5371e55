// The menu with all actions on a message.

import { useEffect, useState } from 'react'
import Bookmark from '~icons/bookmark'
import BookmarkX from '~icons/bookmark-x'
import Clock from '~icons/clock'
import Code from '~icons/code'
import Copy from '~icons/copy'
import SmilePlus from '~icons/face-slightly-smiling-plus'
import Flag from '~icons/flag'
import Link from '~icons/link'
import MailOpen from '~icons/mail'
import MessageSquare from '~icons/message-square'
import Pencil from '~icons/pencil'
import Pin from '~icons/pin'
import PinOff from '~icons/pin-off'
import Reply from '~icons/reply'
import Smile from '~icons/smile'
import Trash from '~icons/trash'
import type { Message } from '../../../wire/schemas.ts'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { MenuItem, MenuSeparator, PopupMenu } from '../ui/menu.tsx'
import type { MessageActions } from './message-actions.ts'

interface MenuProps {
  readonly message: Message
  readonly room: Room
  readonly actions: MessageActions
  readonly anchor: HTMLElement
  readonly onReact: () => void
  readonly onClose: () => void
}

export default function MessageMenu({ message, room, actions, anchor, onReact, onClose }: MenuProps) {
  const { chat, route } = useApp()
  const words = useWords()
  const { seq, author, text } = message
  const own = author.id === chat.me
  const pinned = usePinned(room, seq)
  const saved = useSaved(room, seq)
  return (
    <PopupMenu anchor={anchor} onClose={onClose}>
      <MenuItem icon={SmilePlus} label={words.list.react} onClick={onReact} />
      {message.reactions && (
        <MenuItem icon={Smile} label={words.reactions.show} onClick={() => actions.reactors(seq)} />
      )}
      <MenuItem icon={Reply} label={words.list.reply} keys="R" onClick={() => actions.reply(seq)} />
      {actions.thread && (
        <MenuItem
          icon={MessageSquare}
          label={words.list.thread}
          keys="T"
          onClick={() => actions.thread?.(seq)}
        />
      )}
      {own && <MenuItem icon={Pencil} label={words.list.edit} keys="E" onClick={() => actions.edit(seq)} />}
      {room.mayPin && (
        <MenuItem
          icon={pinned ? PinOff : Pin}
          label={pinned ? words.list.unpin : words.list.pin}
          onClick={() => actions.pin(seq, !pinned)}
        />
      )}
      <MenuItem icon={MailOpen} label={words.list.unread} keys="U" onClick={() => actions.unread(seq)} />
      <MenuItem
        icon={saved ? BookmarkX : Bookmark}
        label={saved ? words.savedMessages.remove : words.savedMessages.save}
        onClick={() => actions.save(seq, !saved)}
      />
      <MenuItem icon={Clock} label={words.putOff.remind} onClick={() => actions.remind(seq)} />
      <MenuSeparator />
      {text !== '' && <MenuItem icon={Copy} label={words.list.copy} onClick={() => actions.copy(text)} />}
      <MenuItem icon={Link} label={words.list.copyLink} onClick={() => actions.copy(actions.linkTo(seq))} />
      <MenuItem icon={Code} label={words.list.doors} keys="D" onClick={() => actions.doors(seq)} />
      {!own && (
        <>
          <MenuSeparator />
          <MenuItem icon={Flag} label={words.list.report} onClick={() => route.open(`report/${seq}`)} />
        </>
      )}
      {actions.mayErase(message) && (
        <>
          <MenuSeparator />
          <MenuItem
            icon={Trash}
            label={words.list.erase}
            keys={words.keys.erase}
            isDanger
            onClick={() => actions.erase(seq)}
          />
        </>
      )}
    </PopupMenu>
  )
}

function usePinned(room: Room, seq: number): boolean {
  const { chat } = useApp()
  const [pinned, setPinned] = useState(false)
  useEffect(() => {
    if (!room.mayPin) return
    void chat.api
      .pins(room.id)
      .then(pins => setPinned(pins.some(each => each.seq === seq)))
      .catch(() => undefined)
  }, [chat, room, seq])
  return pinned
}

function useSaved(room: Room, seq: number): boolean {
  const { chat } = useApp()
  const [saved, setSaved] = useState(false)
  useEffect(() => {
    void chat.api
      .isSaved(room.id, seq)
      .then(setSaved)
      .catch(() => undefined)
  }, [chat, room, seq])
  return saved
}
