// The files of a draft, above the box in which one writes: their progress, order and alternative texts.

import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import ArrowLeft from '~icons/arrow-left'
import ArrowRight from '~icons/arrow-right'
import Check from '~icons/check'
import Ellipsis from '~icons/ellipsis'
import Plus from '~icons/plus'
import { LONGEST_ALT } from '../../../wire/limits.ts'
import { sizeText } from '../../../wording/sizes.ts'
import { focusComposer, useApp, useObservable, useWords } from '../app.tsx'
import type { OutgoingFile } from '../model/outgoing-file.ts'
import { focusAtOnce } from '../ui/focus.ts'
import { useLocale } from '../ui/locale.ts'
import { useQuery } from '../ui/use-query.ts'
import { AudioControls } from './audio-player.tsx'
import { kindOf } from './file-kind.ts'
import { failureText, OutgoingCard } from './outgoing-card.tsx'
import './tray.css'

export default function Tray({ draft }: { draft: string }) {
  const { chat } = useApp()
  const words = useWords()
  const files = useObservable(chat.files).ofDraft(draft)
  const [open, setOpen] = useState<string>()
  const [dragged, setDragged] = useState<string>()
  const [said, say] = useAnnouncements(files)
  const selected = files.find(({ id }) => id === open)
  const move = (file: OutgoingFile, by: -1 | 1) => {
    chat.files.move(file.id, by)
    const position = chat.files.ofDraft(draft).findIndex(({ id }) => id === file.id) + 1
    say(words.files.moved(file.name, position, files.length))
  }
  const dragOver = (over: string) => {
    const ids = files.map(({ id }) => id)
    const by = ids.indexOf(over) - ids.indexOf(dragged ?? over)
    for (let steps = Math.abs(by); steps > 0; steps--) chat.files.move(dragged ?? over, by > 0 ? 1 : -1)
  }
  return (
    <section className="tray" aria-label={words.files.tray}>
      <ul>
        {files.map(file => (
          <li
            key={file.id}
            draggable
            className={dragged === file.id ? 'dragged' : ''}
            onDragStart={() => setDragged(file.id)}
            onDragEnter={() => dragged !== undefined && dragOver(file.id)}
            onDragOver={event => dragged !== undefined && event.preventDefault()}
            onDragEnd={() => setDragged(undefined)}
          >
            <OutgoingCard
              file={file}
              onRemove={() => {
                chat.files.remove([file.id])
                focusComposer(draft)
              }}
              onRetry={() => chat.files.retry(file.id)}
            >
              <DetailsButton
                file={file}
                isOpen={open === file.id}
                onToggle={() => setOpen(open === file.id ? undefined : file.id)}
                onMove={by => move(file, by)}
              />
            </OutgoingCard>
          </li>
        ))}
      </ul>
      {selected && <Details key={selected.id} file={selected} count={files.length} onMove={move} />}
      <Limits />
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
    </section>
  )
}

interface DetailsButtonProps {
  readonly file: OutgoingFile
  readonly isOpen: boolean
  readonly onToggle: () => void
  readonly onMove: (by: -1 | 1) => void
}

function DetailsButton({ file, isOpen, onToggle, onMove }: DetailsButtonProps) {
  const words = useWords()
  const label = isDescribed(file) ? words.files.details(file.name) : words.files.order(file.name)
  return (
    <button
      type="button"
      className="details"
      aria-expanded={isOpen}
      aria-label={label}
      title={label}
      aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
      onClick={onToggle}
      onKeyDown={event => {
        const by = moveOf(event)
        if (by !== undefined) onMove(by)
      }}
    >
      {isDescribed(file) ? (
        <>{file.alt ? <Check size={13} /> : <Plus size={13} />} Alt</>
      ) : (
        <Ellipsis size={14} />
      )}
    </button>
  )
}

/** What people perceive by one sense has a text for those who have others. */
function isDescribed({ type }: OutgoingFile): boolean {
  return ['picture', 'video', 'audio'].includes(kindOf(type))
}

function moveOf({ key, shiftKey }: KeyboardEvent): -1 | 1 | undefined {
  if (!shiftKey) return undefined
  return key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : undefined
}

interface DetailsProps {
  readonly file: OutgoingFile
  readonly count: number
  readonly onMove: (file: OutgoingFile, by: -1 | 1) => void
}

function Details({ file, count, onMove }: DetailsProps) {
  const { chat } = useApp()
  const words = useWords()
  const heard = kindOf(file.type) === 'audio' ? chat.files.objectUrl(file.id) : undefined
  return (
    <div className="tray-details">
      {heard !== undefined && <AudioControls src={heard} {...file} />}
      {isDescribed(file) && (
        <label className="field">
          {words.files.alt}
          <input
            value={file.alt ?? ''}
            maxLength={2 * LONGEST_ALT} // in UTF-16 units; the server counts code points
            placeholder={heard === undefined ? words.files.altHint : words.files.heardHint}
            ref={focusAtOnce}
            onChange={event => chat.files.describe(file.id, event.currentTarget.value)}
            onKeyDown={event => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              focusComposer(file.draft)
            }}
          />
        </label>
      )}
      {count > 1 && (
        <span className="buttons">
          <button type="button" onClick={() => onMove(file, -1)}>
            <ArrowLeft size={16} /> {words.files.before}
          </button>
          <button type="button" onClick={() => onMove(file, 1)}>
            {words.files.after} <ArrowRight size={16} />
          </button>
        </span>
      )}
    </div>
  )
}

function Limits() {
  const { chat } = useApp()
  const words = useWords()
  const { language } = useLocale()
  const query = useQuery('uploads', () => chat.api.fileLimits())
  if (query.is !== 'ready') return null
  const { limits, used } = query.value
  return (
    <small className="quiet">
      {words.files.most(sizeText(language, limits.file))}{' '}
      {words.files.left(sizeText(language, Math.max(0, limits.person - used)))}
    </small>
  )
}

/** Tells screen readers which files are ready, and which are not and why. */
function useAnnouncements(files: readonly OutgoingFile[]): readonly [string, (text: string) => void] {
  const words = useWords()
  const [said, say] = useState('')
  const before = useRef(new Map<string, string>())
  useEffect(() => {
    for (const { id, name, isReady, failed } of files) {
      const state = isReady ? 'ready' : (failed ?? '')
      if ((before.current.get(id) ?? '') !== state && state !== '')
        say(
          isReady ? words.files.isReady(name) : words.files.isRefused(name, failureText(words, failed ?? '')),
        )
      before.current.set(id, state)
    }
  }, [files, words])
  return [said, say]
}
