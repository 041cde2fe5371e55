// The list of completions above the box. It works like WAI-ARIA's combobox, without that role: a textarea may not have it.

import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react'
import { useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { applyCompletion, type Completion, completionsAt } from './completion.ts'
import './completions.css'

interface CompletionOptions {
  readonly room: Room
  readonly text: string
  readonly box: RefObject<HTMLTextAreaElement | null>
  readonly onChoose: (applied: ReturnType<typeof applyCompletion>) => void
}

export function useCompletion({ room, text, box, onChoose }: CompletionOptions) {
  const app = useApp()
  const words = useWords()
  const id = useId()
  const [found, setFound] = useState<readonly Completion[]>([])
  const [selected, setSelected] = useState(0)
  const [caret, setCaret] = useState(0)
  /** What `found` completes: more may have been typed since. */
  const completed = useRef('')
  // Before the next key.
  useLayoutEffect(() => {
    let isGone = false
    const where = box.current?.selectionStart ?? caret
    void completionsAt(text, where, { app, room, words }).then(next => {
      if (isGone) return
      completed.current = text
      setFound(now => (now.length === 0 && next.length === 0 ? now : next))
      setSelected(0)
    })
    return () => {
      isGone = true
    }
  }, [text, caret, app, room, words, box])
  const choose = (completion: Completion) => {
    onChoose(applyCompletion(text, completion))
    setFound([])
    box.current?.focus()
  }
  return {
    /** The caret has moved. */
    onCaret: setCaret,
    close: () => setFound([]),
    /** @returns whether the list took the key */
    onKeyDown(event: KeyboardEvent): boolean {
      const completion = found[selected]
      if (!completion) return false
      // Text that is complete needs no completion, nor does what was typed faster than completions came: Enter sends it.
      const isComplete = applyCompletion(text, completion).text.trimEnd() === text.trimEnd()
      if (event.key === 'Enter' && (isComplete || completed.current !== text)) return false
      if (event.key === 'ArrowDown') setSelected((selected + 1) % found.length)
      else if (event.key === 'ArrowUp') setSelected((selected + found.length - 1) % found.length)
      else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey)) choose(completion)
      else if (event.key === 'Escape') setFound([])
      else return false
      event.preventDefault()
      return true
    },
    /** For the box. */
    attributes: {
      'aria-autocomplete': 'list' as const,
      'aria-controls': `${id}-list`,
      ...(found.length > 0 && { 'aria-activedescendant': `${id}-${selected}` }),
    },
    list: <CompletionList id={id} found={found} selected={selected} onChoose={choose} />,
  }
}

interface ListProps {
  readonly id: string
  readonly found: readonly Completion[]
  readonly selected: number
  readonly onChoose: (completion: Completion) => void
}

function CompletionList({ id, found, selected, onChoose }: ListProps) {
  const words = useWords()
  return (
    <div
      role="listbox"
      id={`${id}-list`}
      className="completions"
      aria-label={words.composer.completions}
      hidden={found.length === 0}
    >
      {found.map((completion, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the box
        <div
          key={completion.key}
          role="option"
          id={`${id}-${index}`}
          tabIndex={-1}
          aria-selected={index === selected}
          onPointerDown={event => event.preventDefault()}
          onClick={() => onChoose(completion)}
        >
          <span className="sign">{completion.sign}</span> <bdi>{completion.label}</bdi>{' '}
          <small className="quiet">{completion.hint}</small>
        </div>
      ))}
    </div>
  )
}
