// A room's rules: who may join, who may write, and its lists of masks.

import { type FormEvent, useState } from 'react'
import X from '~icons/x'
import type { RoomSettings } from '../../../wire/room-settings.ts'
import { attempt, useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { RoomHours } from '../rules/hours.tsx'
import { useRulesWords } from '../rules/words.ts'
import { useQuery } from '../ui/use-query.ts'
import { RadioList } from './radio-list.tsx'
import { SingleFieldForm } from './single-field-form.tsx'

const KINDS = ['open', 'closed', 'announcement'] as const
const FLAGS = ['open-topic', 'no-guests', 'quiet-guests', 'no-ctcp'] as const
const LISTS = ['ban', 'mute', 'exception', 'invitation'] as const
/** The id of `general`, which everybody is in. */
const GENERAL = 1
const LONGEST_LIMIT = 7

interface RulesProps {
  readonly room: Room
  /** @returns whether it succeeded */
  readonly onAlter: (change: object) => Promise<boolean>
}

/** Fetched again after each event of the room. */
export function RoomRules({ room, onAlter }: RulesProps) {
  const { chat } = useApp()
  const words = useWords()
  const said = useRulesWords()
  const query = useQuery(`${room.id}/${room.lastSeq}`, () =>
    chat.api.get<RoomSettings>(`/rooms/${room.id}/rules`),
  )
  if (query.is === 'failed') return <p className="error">{query.error}</p>
  if (query.is !== 'ready') return null
  const { key, limit, flags, masks, hours, call } = query.value
  return (
    <>
      {room.id !== GENERAL && (
        <>
          {room.mayGovern && <Kind room={room} onAlter={onAlter} />}
          <SingleFieldForm
            key={`key${key}`}
            label={words.roomSettings.key}
            value={key}
            longest={32}
            onSave={value => void onAlter({ key: value })}
          />
          <SingleFieldForm
            key={`limit${limit}`}
            label={words.roomSettings.limit}
            value={`${limit}`}
            longest={LONGEST_LIMIT}
            onSave={value => void onAlter({ limit: Number(value) })}
          />
        </>
      )}
      {FLAGS.filter(flag => room.id !== GENERAL || flag !== 'no-guests').map(flag => (
        <Flag
          key={`${flag}${flags.includes(flag)}`}
          label={words.roomSettings.flags[flag]}
          on={flags.includes(flag)}
          onChange={on => onAlter({ flag, on })}
        />
      ))}
      <SingleFieldForm
        key={`call${call}`}
        label={said.call.label}
        value={call}
        longest={500}
        onSave={value => void onAlter({ call: value })}
      />
      <RoomHours key={`hours${hours}`} stored={hours} onSave={value => void onAlter({ hours: value })} />
      <Masks room={room} masks={masks} />
    </>
  )
}

interface FlagProps {
  readonly label: string
  readonly on: boolean
  readonly onChange: (on: boolean) => Promise<boolean>
}

/** Shows the choice at once, and takes it back when the server refuses. */
function Flag({ label, on, onChange }: FlagProps) {
  const [chosen, setChosen] = useState(on)
  const choose = async (next: boolean) => {
    setChosen(next)
    if (!(await onChange(next))) setChosen(on)
  }
  return (
    <label className="check">
      <input type="checkbox" checked={chosen} onChange={event => void choose(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  )
}

function Kind({ room, onAlter }: RulesProps) {
  const words = useWords()
  const now = KINDS.find(each => each === room.listing.kind) ?? 'open'
  return (
    <RadioList
      title={words.rooms.kind}
      name="room-kind"
      values={KINDS}
      value={now}
      names={words.kinds}
      hints={words.rooms.hints}
      onChoose={kind => void onAlter({ kind })}
    />
  )
}

function Masks({ room, masks }: { room: Room; masks: RoomSettings['masks'] }) {
  const app = useApp()
  const words = useWords()
  const [list, setList] = useState<(typeof LISTS)[number]>('ban')
  const [typed, setTyped] = useState('')
  const change = (method: 'PUT' | 'DELETE', mask: Pick<RoomSettings['masks'][number], 'list' | 'mask'>) =>
    attempt(app, () =>
      app.chat.api.do(method, `/rooms/${room.id}/masks/${mask.list}/${encodeURIComponent(mask.mask)}`),
    )
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (await change('PUT', { list, mask: typed })) setTyped('')
  }
  return (
    <>
      <h3>{words.roomSettings.masks}</h3>
      <p className="quiet">{words.roomSettings.masksHint}</p>
      <ul className="list">
        {masks.map(each => (
          <li key={`${each.list} ${each.mask}`}>
            <span>
              <bdi>{each.mask}</bdi>
              <small className="quiet">
                {words.roomSettings.lists[each.list]}
                {each.by !== undefined && <bdi> · {each.by}</bdi>}
              </small>
            </span>
            <button
              type="button"
              className="icon"
              aria-label={words.roomSettings.dropMask(each.mask)}
              onClick={() => void change('DELETE', each)}
            >
              <X size={18} />
            </button>
          </li>
        ))}
      </ul>
      <form className="inline" onSubmit={event => void add(event)}>
        <select
          value={list}
          aria-label={words.roomSettings.list}
          onChange={event => setList(LISTS.find(each => each === event.currentTarget.value) ?? list)}
        >
          {LISTS.map(each => (
            <option key={each} value={each}>
              {words.roomSettings.lists[each]}
            </option>
          ))}
        </select>
        <input
          value={typed}
          placeholder={words.roomSettings.mask}
          aria-label={words.roomSettings.mask}
          autoCapitalize="none"
          maxLength={64}
          required
          onChange={event => setTyped(event.currentTarget.value)}
        />
        <button type="submit">{words.roomSettings.addMask}</button>
      </form>
    </>
  )
}
