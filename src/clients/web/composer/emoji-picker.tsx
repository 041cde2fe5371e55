import { Popover } from '@base-ui/react/popover'
import { EmojiPicker as Picker } from 'frimousse'
import { useApp, useObservable, useWords } from '../app.tsx'
import { useReturnFocus } from '../ui/focus.ts'
import { EMOJI_URL } from './emoji.ts'
import '../ui/menu.css'
import './emoji-picker.css'

interface PickerProps {
  readonly anchor: HTMLElement
  readonly onPick: (emoji: string) => void
  readonly onClose: () => void
}

export default function EmojiPicker({ anchor, onPick, onClose }: PickerProps) {
  const { wording } = useApp()
  const words = useWords()
  const { language } = useObservable(wording)
  const home = useReturnFocus(anchor)
  return (
    <Popover.Root open onOpenChange={open => open || onClose()}>
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} align="end" sideOffset={6} className="positioner">
          <Popover.Popup className="popover emoji" aria-label={words.composer.emoji} finalFocus={home}>
            <Picker.Root
              locale={language}
              emojibaseUrl={EMOJI_URL}
              columns={8}
              onEmojiSelect={({ emoji }) => {
                onPick(emoji)
                onClose()
              }}
            >
              <Picker.Search
                className="search"
                autoFocus
                placeholder={words.search.title}
                aria-label={words.search.title}
              />
              <Picker.Viewport className="viewport">
                <Picker.Loading className="quiet">{words.loading}</Picker.Loading>
                <Picker.Empty className="quiet">{words.composer.noEmoji}</Picker.Empty>
                <Picker.List />
              </Picker.Viewport>
            </Picker.Root>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
