// One line of text with a button that saves it.

import { type FormEvent, useState } from 'react'
import { useWords } from '../app.tsx'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly longest: number
  readonly onSave: (value: string) => void
}

export function SingleFieldForm({ label, value, longest, onSave }: FieldProps) {
  const words = useWords()
  const [typed, setTyped] = useState(value)
  const save = (event: FormEvent) => {
    event.preventDefault()
    onSave(typed)
  }
  return (
    <form className="field single-field" onSubmit={save}>
      <label>
        {label}
        <input
          value={typed}
          maxLength={longest}
          dir="auto"
          onChange={event => setTyped(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={typed === value}>
        {words.save}
      </button>
    </form>
  )
}
