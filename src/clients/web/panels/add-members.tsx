// Bringing people into a room: several at once, found by name or username (the combobox pattern of ARIA's practices).

import { type ClipboardEvent, type FormEvent, type KeyboardEvent, useId, useState } from 'react'
import UserPlus from '~icons/user-plus'
import X from '~icons/x'
import { attempt, useApp, useWords } from '../app.tsx'
import { foldUsername } from '../markup/names.ts'
import type { Member } from '../model/api.ts'
import type { Room } from '../model/room.ts'
import { Avatar } from '../ui/avatar.tsx'
import { usePeopleWords } from '../ui/people-words.ts'
import { useQuery } from '../ui/use-query.ts'
import './add-members.css'

/** The id of `general`, where everybody is. */
const GENERAL = 1
const MOST_SUGGESTED = 8

/** @param members those who are in the room */
export function AddMembers({ room, members }: { room: Room; members: readonly Member[] }) {
  const app = useApp()
  const words = useWords()
  const said = usePeopleWords()
  const { chat } = app
  const list = useId()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [active, setActive] = useState(0)
  const general = chat.rooms.get(GENERAL)
  const query = useQuery('everybody', async () => (general ? chat.members(general) : []))
  const inside = new Set(members.map(({ person }) => person.id))
  const others = (query.is === 'ready' ? query.value : []).filter(
    ({ person, disabled }) => !disabled && !inside.has(person.id) && !chosen.includes(person.username),
  )
  const wanted = foldUsername(typed.replace(/^@/, '').trim())
  const found =
    wanted === ''
      ? []
      : others
          .filter(({ person }) => foldUsername(`${person.username} ${person.name}`).includes(wanted))
          .slice(0, MOST_SUGGESTED)
  const choose = (username: string) => {
    setChosen([...chosen, username])
    setTyped('')
    setActive(0)
  }
  /** Several names, separated by commas or lines; who is not found stays in the field. */
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const names = event.clipboardData
      .getData('text')
      .split(/[,;\n]+/)
      .map(name => name.trim().replace(/^@/, ''))
    if (names.length < 2) return
    event.preventDefault()
    const matching = (name: string) =>
      others.find(({ person }) =>
        [person.username, person.name].some(each => foldUsername(each) === foldUsername(name)),
      )
    const matched = names.flatMap(name => matching(name)?.person.username ?? [])
    setChosen([...new Set([...chosen, ...matched])])
    setTyped(names.filter(name => name !== '' && !matching(name)).join(', '))
  }
  const bring = async (event: FormEvent) => {
    event.preventDefault()
    const whom =
      chosen.length > 0 ? chosen : [found[active]?.person.username ?? typed.replace(/^@/, '').trim()]
    const refused: string[] = []
    for (const username of whom) {
      const path = `/rooms/${room.id}/members/${encodeURIComponent(username)}`
      if (!(await attempt(app, () => chat.api.do('PUT', path)))) refused.push(username)
    }
    // Who could not be brought stays to be seen; a toast has said why.
    setChosen(refused.filter(username => chosen.includes(username)))
    if (chosen.length === 0 && refused.length === 0) setTyped('')
  }
  const press = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const current = found[active]
    if (move !== undefined && found.length > 0) setActive((active + move + found.length) % found.length)
    else if (event.key === 'Enter' && current) choose(current.person.username)
    else if (event.key === 'Escape' && found.length > 0) setTyped('')
    else if (event.key === 'Backspace' && typed === '' && chosen.length > 0)
      return setChosen(chosen.slice(0, -1))
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <form className="add-members" onSubmit={event => void bring(event)}>
      {chosen.length > 0 && (
        <ul className="chosen" aria-label={said.chosen}>
          {chosen.map(username => (
            <li key={username} className="tag">
              <bdi>{username}</bdi>
              <button
                type="button"
                className="icon"
                aria-label={said.notThisOne(username)}
                onClick={() => setChosen(chosen.filter(each => each !== username))}
              >
                <X size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="inline">
        <input
          role="combobox"
          value={typed}
          placeholder={words.members.bring}
          aria-label={words.members.bring}
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={found[active] && `${list}-${active}`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required={chosen.length === 0}
          onChange={event => {
            setTyped(event.currentTarget.value)
            setActive(0)
          }}
          onPaste={paste}
          onKeyDown={press}
        />
        <button type="submit" className="icon" aria-label={words.members.bring}>
          <UserPlus size={18} />
        </button>
      </div>
      <div id={list} role="listbox" aria-label={words.members.bring} hidden={found.length === 0}>
        {found.map(({ person }, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
          <div
            key={person.id}
            id={`${list}-${at}`}
            role="option"
            aria-selected={at === active}
            onMouseDown={event => event.preventDefault()}
            onClick={() => choose(person.username)}
          >
            <Avatar id={person.id} username={person.username} size={28} />
            <span>
              <bdi>{person.username}</bdi> <small className="quiet">{person.name}</small>
            </span>
          </div>
        ))}
      </div>
    </form>
  )
}
