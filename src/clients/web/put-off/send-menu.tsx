// The menu beside the send button: when, and how.

import CalendarClock from '~icons/calendar-clock'
import Clock from '~icons/clock'
import Code from '~icons/code'
import List from '~icons/list'
import { useApp, useWords } from '../app.tsx'
import { dayAndTime } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { MenuItem, MenuSeparator, PopupMenu } from '../ui/menu.tsx'
import { presets } from './zoned-times.ts'

interface SendMenuProps {
  readonly anchor: HTMLElement
  readonly isEmpty: boolean
  readonly onLater: (at: number) => void
  readonly onCode: () => void
  readonly onClose: () => void
}

export default function SendMenu({ anchor, isEmpty, onLater, onCode, onClose }: SendMenuProps) {
  const { chat, route } = useApp()
  const words = useWords()
  const locale = useLocale()
  const choose = () => {
    chat.putOff.asked = { title: words.putOff.sendLater, choose: onLater }
    route.open('when')
  }
  return (
    <PopupMenu anchor={anchor} onClose={onClose}>
      {!isEmpty && (
        <>
          {presets(chat.now(), locale).map(({ name, at }) => (
            <MenuItem
              key={name}
              icon={Clock}
              label={words.putOff.sendAt(words.putOff.presets[name], dayAndTime(locale, at))}
              onClick={() => onLater(at)}
            />
          ))}
          <MenuItem icon={CalendarClock} label={words.putOff.otherTime} onClick={choose} />
          <MenuSeparator />
          <MenuItem icon={Code} label={words.composer.sendAsCode} onClick={onCode} />
          <MenuSeparator />
        </>
      )}
      <MenuItem icon={List} label={words.putOff.title} onClick={() => route.open('put-off')} />
    </PopupMenu>
  )
}
