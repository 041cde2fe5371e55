// All that can be done with a message.

import { useEffect, useState } from 'react'
import Code from '~icons/code'
import Copy from '~icons/copy'
import SmilePlus from '~icons/face-slightly-smiling-plus'
import Link from '~icons/link'
import MessageSquare from '~icons/message-square'
import Pencil from '~icons/pencil'
import Pin from '~icons/pin'
import PinOff from '~icons/pin-off'
import Reply from '~icons/reply'
import Trash from '~icons/trash'
import type { Message } from '../../../wire/schemas.ts'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { Item, MenuBeside, Separator } from '../ui/menu.tsx'
import type { Acts } from './message-actions.ts'

interface MenuProps {
  readonly message: Message
  readonly room: Room
  readonly acts: Acts
  readonly anchor: HTMLElement
  readonly onReact: () => void
  readonly onClose: () => void
}

export default function MessageMenu({ message, room, acts, anchor, onReact, onClose }: MenuProps) {
  const { chat } = useApp()
  const words = useWords()
  const { seq, author, text } = message
  const own = author.id === chat.me
  const pinned = usePinned(room, seq)
  return (
    <MenuBeside anchor={anchor} onClose={onClose}>
      <Item icon={SmilePlus} label={words.list.react} onClick={onReact} />
      <Item icon={Reply} label={words.list.reply} keys="R" onClick={() => acts.reply(seq)} />
      <Item icon={MessageSquare} label={words.list.thread} keys="T" onClick={() => acts.thread(seq)} />
      {own && <Item icon={Pencil} label={words.list.edit} keys="E" onClick={() => acts.edit(seq)} />}
      {room.mayPin && (
        <Item
          icon={pinned ? PinOff : Pin}
          label={pinned ? words.list.unpin : words.list.pin}
          onClick={() => acts.pin(seq, !pinned)}
        />
      )}
      <Separator />
      <Item icon={Copy} label={words.list.copy} onClick={() => acts.copy(text)} />
      <Item icon={Link} label={words.list.copyLink} onClick={() => acts.copy(acts.linkTo(seq))} />
      <Item icon={Code} label={words.list.doors} keys="D" onClick={() => acts.doors(seq)} />
      {(own || room.mayDiscipline) && (
        <>
          <Separator />
          <Item
            icon={Trash}
            label={words.list.erase}
            keys={words.keys.erase}
            isDanger
            onClick={() => acts.erase(seq)}
          />
        </>
      )}
    </MenuBeside>
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
