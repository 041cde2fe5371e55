// Asks the room something.

import { type FormEvent, useRef, useState } from 'react'
import Plus from '~icons/plus'
import X from '~icons/x'
import { newKey } from '../../client/client.ts'
import { attempt, useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Dialog } from './dialog.tsx'
import './poll.css'

/** As in src/core/model/polls.ts: code points, and numbers of options. */
const [LONGEST_QUESTION, LONGEST_OPTION] = [300, 100]
const [LEAST_OPTIONS, MOST_OPTIONS] = [2, 20]

interface Option {
  readonly id: number
  readonly text: string
}

export default function PollDialog({ room }: { room: Room }) {
  const app = useApp()
  const words = useWords()
  const [question, setQuestion] = useState('')
  const [options, setOptions] = useState<readonly Option[]>([0, 1].map(id => ({ id, text: '' })))
  const [multiple, setMultiple] = useState(false)
  const [named, setNamed] = useState(false)
  const [until, setUntil] = useState('')
  const list = useRef<HTMLOListElement>(null)
  const key = useRef(newKey())
  const set = (id: number, text: string) =>
    setOptions(options.map(each => (each.id === id ? { id, text } : each)))
  const add = () => {
    setOptions([...options, { id: Math.max(...options.map(({ id }) => id)) + 1, text: '' }])
    // Once it is there.
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('li:last-child input')?.focus())
  }
  const given = options.map(({ text }) => text.trim()).filter(text => text !== '')
  const isReady = question.trim() !== '' && given.length >= LEAST_OPTIONS
  const ask = async (event: FormEvent) => {
    event.preventDefault()
    const poll = {
      question,
      options: given,
      ...(multiple && { multiple }),
      ...(named && { named }),
      ...(until !== '' && { until: new Date(until).getTime() }),
    }
    if (await attempt(app, () => app.chat.api.post(`/rooms/${room.id}/polls`, poll, key.current)))
      app.route.close()
  }
  return (
    <Dialog title={words.poll.title}>
      <form onSubmit={event => void ask(event)}>
        <label className="field">
          {words.poll.question}
          <input
            value={question}
            maxLength={LONGEST_QUESTION}
            dir="auto"
            required
            onChange={event => setQuestion(event.currentTarget.value)}
          />
        </label>
        <fieldset className="field">
          <legend>{words.poll.options}</legend>
          <ol className="options" ref={list}>
            {options.map(({ id, text }, i) => (
              <li key={id}>
                <input
                  value={text}
                  maxLength={LONGEST_OPTION}
                  dir="auto"
                  aria-label={words.poll.optionNumber(i + 1)}
                  placeholder={words.poll.optionNumber(i + 1)}
                  onChange={event => set(id, event.currentTarget.value)}
                />
                {options.length > LEAST_OPTIONS && (
                  <IconButton
                    icon={X}
                    size={16}
                    label={words.poll.removeOption(i + 1)}
                    onClick={() => setOptions(options.filter(each => each.id !== id))}
                  />
                )}
              </li>
            ))}
          </ol>
          {options.length < MOST_OPTIONS && (
            <button type="button" onClick={add}>
              <Plus size={16} /> {words.poll.addOption}
            </button>
          )}
        </fieldset>
        <label className="check">
          <input
            type="checkbox"
            checked={multiple}
            onChange={event => setMultiple(event.currentTarget.checked)}
          />
          {words.poll.allowSeveral}
        </label>
        <label className="check">
          <input type="checkbox" checked={named} onChange={event => setNamed(event.currentTarget.checked)} />
          {words.poll.showNames}
        </label>
        <label className="field">
          {words.poll.endsAt}
          <input
            type="datetime-local"
            value={until}
            onChange={event => setUntil(event.currentTarget.value)}
          />
        </label>
        <div className="buttons end">
          <button type="submit" className="primary" disabled={!isReady}>
            {words.poll.ask}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
