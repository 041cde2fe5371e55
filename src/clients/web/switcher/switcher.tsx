// Going anywhere by a few letters: rooms, people, rooms that one may join, and messages. A combobox with a list box, after
// the ARIA Authoring Practices.

import { Dialog } from '@base-ui/react/dialog'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import Search from '~icons/search'
import { openConversation, openRoom, showInRoom, useApp, useObservable, useWords } from '../app.tsx'
import { isComposing } from '../composer/enter-key.ts'
import { joinRoom } from '../messages/join-room.ts'
import type { ListedRoom, SearchHit } from '../model/api.ts'
import { type Destination, destinationsOf } from '../model/destinations.ts'
import type { Room } from '../model/room.ts'
import { pathOf } from '../model/route.ts'
import { useFocusRestore } from '../ui/focus.ts'
import { useQuery } from '../ui/use-query.ts'
import { type Choice, ChoiceRow } from './choice-row.tsx'
import { useFoundMessages } from './use-found-messages.ts'
import './switcher.css'

export default function Switcher({ current }: { current: Room | undefined }) {
  const { route } = useApp()
  const words = useWords()
  const { onFocus, finalFocus } = useFocusRestore()
  const box = useRef<HTMLInputElement>(null)
  return (
    <Dialog.Root open onOpenChange={open => open || route.close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup
          className="dialog switcher"
          onFocus={onFocus}
          initialFocus={box}
          finalFocus={finalFocus}
        >
          <Dialog.Title className="visually-hidden">{words.switcher.title}</Dialog.Title>
          <Finder current={current} box={box} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface FinderProps {
  readonly current: Room | undefined
  readonly box: React.RefObject<HTMLInputElement | null>
}

function Finder({ current, box }: FinderProps) {
  const words = useWords()
  const id = useId()
  const [typed, setTyped] = useState('')
  const choices = useChoices(typed, current)
  const [chosen, setChosen] = useState<string>()
  const found = choices.findIndex(({ key }) => key === chosen)
  const at = found === -1 ? 0 : found
  const go = useGo(typed)
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one is marked now
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at, choices])
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent) || choices.length === 0) return
    const step = STEPS[event.key]
    if (event.key === 'Enter') go(choices[at])
    else if (step) setChosen(choices[step(at, choices.length)]?.key)
    else return
    event.preventDefault()
  }
  return (
    <>
      <div className="what">
        <Search size={18} />
        <input
          ref={box}
          role="combobox"
          aria-expanded={choices.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={choices.length > 0 ? `${id}-${at}` : undefined}
          aria-label={words.switcher.title}
          placeholder={words.switcher.hint}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="go"
          value={typed}
          onChange={event => {
            setTyped(event.currentTarget.value)
            setChosen(undefined)
          }}
          onKeyDown={onKeyDown}
        />
        <Dialog.Close className="only-touch">{words.close}</Dialog.Close>
      </div>
      <div ref={list} role="listbox" id={`${id}-list`} className="places" aria-label={words.switcher.list}>
        {choices.map((choice, index) => (
          <ChoiceRow
            key={choice.key}
            id={`${id}-${index}`}
            choice={choice}
            isGroupStart={choice.group !== choices[index - 1]?.group}
            isSelected={index === at}
            onGo={() => go(choice)}
          />
        ))}
      </div>
      <p className="visually-hidden" role="status">
        {choices.length === 0 ? words.switcher.none : words.switcher.count(choices.length)}
      </p>
      {choices.length === 0 && <p className="quiet empty">{words.switcher.none}</p>}
    </>
  )
}

/** The next place in a list of so many. */
const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  PageDown: (at, count) => Math.min(at + 8, count - 1),
  PageUp: at => Math.max(at - 8, 0),
}

function useChoices(typed: string, current: Room | undefined): readonly Choice[] {
  const { chat } = useApp()
  useObservable(chat)
  const [home] = chat.rooms.values()
  const people = useQuery('people', async () => (home ? chat.members(home) : []))
  const listed = useQuery('rooms', () => chat.api.get<{ others: readonly ListedRoom[] }>('/rooms'))
  const messages = useFoundMessages(typed)
  const places = destinationsOf(typed, {
    rooms: [...chat.rooms.values()],
    people: people.is === 'ready' ? people.value : [],
    others: listed.is === 'ready' ? listed.value.others : [],
    me: chat.me,
    current,
  })
  return [
    ...places.map(choiceOf),
    ...messages.map(hit => ({ group: 'messages', key: `m${hit.room.id}/${hit.message.seq}`, hit }) as const),
    ...(typed.trim() === '' ? [] : [{ group: 'search', key: 'search', typed } as const]),
  ]
}

function choiceOf(place: Destination): Choice {
  const groups = { room: 'rooms', person: 'people', join: 'others' } as const
  return { group: groups[place.kind], key: place.key, place }
}

/** Goes where a choice leads. */
function useGo(typed: string): (choice: Choice | undefined) => void {
  const app = useApp()
  const { chat, route } = app
  const toMessage = ({ room, message }: SearchHit) => {
    const found = chat.rooms.get(room.id)
    if (found) showInRoom(app, found, message.seq)
  }
  const toPlace = async (place: Destination) => {
    if (place.kind === 'room') return openRoom(app, place.room)
    if (place.kind === 'person') return void openConversation(app, [place.name])
    // If the room has a key, its page asks for it.
    if ((await joinRoom({ app, room: `${place.room.id}` })) !== 'refused') route.go(pathOf(place.name))
  }
  return choice => {
    if (!choice) return
    if (choice.group === 'search') route.open(`search/${typed.trim()}`)
    else if (choice.group === 'messages') toMessage(choice.hit)
    else void toPlace(choice.place)
  }
}
