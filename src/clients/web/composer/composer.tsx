// Where one writes. What is begun is kept; names, rooms, emoji and commands complete themselves.

import { Suspense, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import Code from '~icons/code'
import SmilePlus from '~icons/face-slightly-smiling-plus'
import SendHorizontal from '~icons/send-horizontal'
import X from '~icons/x'
import { useApp, useObservable, useWords } from '../app.tsx'
import type { MessageActions } from '../messages/message-actions.ts'
import { Quote } from '../messages/quote.tsx'
import type { Room } from '../model/room.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import { runCommand } from './commands.ts'
import { applyCompletion, type Completion, completionsAt } from './completion.ts'
import { sendsByEnter } from './enter-key.ts'
import { canFormat, formatAsCode, looksLikeCode, type Pasted } from './pasted-code.ts'
import './composer.css'
import './completions.css'

const EmojiPicker = lazyWithRetry(() => import('./emoji-picker.tsx'))
/** Beyond that a text is refused; the count shows shortly before. */
const LONGEST = 4000
const NEAR = 3600

interface ComposerProps {
  readonly room: Room
  /** Where its draft is kept. */
  readonly draftKey: string
  readonly reply: number | undefined
  readonly onReply: (seq: number | undefined) => void
  readonly actions: MessageActions
  /** In a thread all that is said answers its first message. */
  readonly thread?: number
}

export function Composer(props: ComposerProps) {
  const { room, draftKey, reply, onReply, actions, thread } = props
  const app = useApp()
  const words = useWords()
  const { listing } = useObservable(room)
  const box = useRef<HTMLTextAreaElement>(null)
  const caretWanted = useRef<number>(undefined)
  const [text, setText] = useState(() => app.chat.drafts.get(draftKey).text)
  const [picking, setPicking] = useState<HTMLElement>()
  const [error, setError] = useState<string>()
  const [pasted, setPasted] = useState<Pasted>()
  const list = useCompletion(room, text, box, next => change(next.text, next.caret))
  const [id, label] =
    thread === undefined
      ? ['composer', words.composer.placeholder(listing.name, room.isDirect)]
      : ['thread-composer', words.thread.placeholder]

  useEffect(() => {
    if (reply !== undefined) box.current?.focus()
  }, [reply])
  // Before the next key: what is typed on goes behind what was put in.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box has the new text now
  useLayoutEffect(() => {
    const caret = caretWanted.current
    if (caret !== undefined) box.current?.setSelectionRange(caret, caret)
    caretWanted.current = undefined
  }, [text])

  const change = (next: string, caret?: number) => {
    caretWanted.current = caret
    setText(next)
    setError(undefined)
    app.chat.drafts.set(draftKey, {
      text: next,
      ...(reply !== undefined && thread === undefined && { reply }),
    })
    if (next.trim() !== '' && !next.startsWith('/')) app.chat.sendTyping(room)
  }

  const send = () => {
    if (text.trim() === '') return
    if ([...text].length > LONGEST) return setError(words.composer.tooLong(LONGEST))
    const outcome = runCommand(text, { app, room, words })
    if (outcome.is === 'wrong') return setError(outcome.why)
    if (outcome.is === 'text') {
      const { text: said, action } = outcome
      app.chat.outbox.post(room.id, said, { reply: thread ?? reply, ...(action && { action }) })
      if (thread === undefined) room.timeline.hasNewer ? void room.timeline.go({ to: 'newest' }) : toEnd()
    }
    onReply(undefined)
    change('')
  }

  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (list.onKeyDown(event)) return
    if (event.key === 'Enter' && !event.shiftKey && sendsByEnter()) {
      event.preventDefault()
      send()
    } else if (event.key === 'Escape' && reply !== undefined) {
      event.preventDefault()
      onReply(undefined)
    } else if (event.key === 'ArrowUp' && text === '' && thread === undefined) {
      const last = lastOwn(room, app.chat.me)
      if (last === undefined) return
      event.preventDefault()
      actions.edit(last)
    } else if ((event.ctrlKey || event.metaKey) && event.key in MARKS) {
      event.preventDefault()
      const { selectionStart: from, selectionEnd: to } = event.currentTarget
      const mark = MARKS[event.key] ?? ''
      change(text.slice(0, from) + mark + text.slice(from, to) + mark + text.slice(to), to + mark.length)
    }
  }

  const closed = whyClosed(room)
  if (closed !== undefined) return <p className="composer closed quiet">{words.composer[closed]}</p>
  const length = text.length > NEAR ? [...text].length : 0
  return (
    <form
      className="composer"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      {reply !== undefined && thread === undefined && (
        <div className="replying-to">
          <Quote room={room} reply={{ seq: reply, username: nameOf(room, reply) }} onGo={actions.goTo} />
          <button
            type="button"
            className="icon"
            onClick={() => onReply(undefined)}
            aria-label={words.composer.noReply}
          >
            <X size={16} />
          </button>
        </div>
      )}
      {list.list}
      <div className="box">
        <textarea
          id={id}
          ref={box}
          value={text}
          rows={1}
          dir="auto"
          enterKeyHint={sendsByEnter() ? 'send' : 'enter'}
          placeholder={label}
          aria-label={label}
          onChange={event => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={({ clipboardData, currentTarget }) => {
            const text = clipboardData.getData('text/plain').replace(/\r\n?/g, '\n')
            setPasted(looksLikeCode(text) ? { from: currentTarget.selectionStart, text } : undefined)
          }}
          onSelect={event => list.look(event.currentTarget.selectionStart)}
          onBlur={list.close}
          {...list.attributes}
        />
        {length > 0 && <small className={length > LONGEST ? 'error' : 'quiet'}>{LONGEST - length}</small>}
        <button
          type="button"
          className="icon"
          onClick={event => setPicking(event.currentTarget)}
          aria-label={words.composer.emoji}
          title={words.composer.emoji}
        >
          <SmilePlus size={20} />
        </button>
        <button
          type="submit"
          className="icon send"
          // The focus, and a phone's keyboard, stay where one writes.
          onPointerDown={event => event.preventDefault()}
          disabled={text.trim() === ''}
          aria-label={words.composer.send}
          title={words.composer.send}
        >
          <SendHorizontal size={20} />
        </button>
      </div>
      {pasted && canFormat(text, pasted) && (
        <button
          type="button"
          className="link"
          onClick={() => {
            const { text: next, caret } = formatAsCode(text, pasted)
            change(next, caret)
            setPasted(undefined)
            box.current?.focus()
          }}
        >
          <Code size={14} /> {words.composer.asCode}
        </button>
      )}
      {error !== undefined && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <ErrorBoundary>
        <Suspense>
          {picking && (
            <EmojiPicker
              anchor={picking}
              onPick={emoji => {
                const at = box.current?.selectionStart ?? text.length
                change(text.slice(0, at) + emoji + text.slice(at), at + emoji.length)
                box.current?.focus()
              }}
              onClose={() => setPicking(undefined)}
            />
          )}
        </Suspense>
      </ErrorBoundary>
    </form>
  )
}

const MARKS: Readonly<Record<string, string>> = { b: '**', i: '_', e: '`' }

function toEnd(): void {
  const list = document.querySelector('.scroller')
  if (list) list.scrollTop = list.scrollHeight
}

function nameOf(room: Room, seq: number): string {
  return room.timeline.message(seq)?.author.username ?? ''
}

function lastOwn(room: Room, me: number): number | undefined {
  return room.timeline.entries.findLast(
    entry => entry.kind === 'message' && entry.author.id === me && !entry.deleted,
  )?.seq
}

function whyClosed(room: Room): 'archived' | 'readOnly' | undefined {
  if (room.listing.archived) return 'archived'
  return room.listing.kind === 'announcement' && !room.maySpeak ? 'readOnly' : undefined
}

// --- completion ------------------------------------------------------------------------------------------

type AppliedCompletion = ReturnType<typeof applyCompletion>

/** A list of what the word at the caret may become (after WAI-ARIA's combobox, which a box of many lines may not be). */
function useCompletion(
  room: Room,
  text: string,
  box: React.RefObject<HTMLTextAreaElement | null>,
  choose: (chosen: AppliedCompletion) => void,
) {
  const app = useApp()
  const words = useWords()
  const id = useId()
  const [found, setFound] = useState<readonly Completion[]>([])
  const [at, setAt] = useState(0)
  const [caret, setCaret] = useState(0)
  useEffect(() => {
    let gone = false
    const where = box.current?.selectionStart ?? caret
    void completionsAt(text, where, { app, room, words }).then(next => {
      if (gone) return
      setFound(now => (now.length === 0 && next.length === 0 ? now : next))
      setAt(0)
    })
    return () => {
      gone = true
    }
  }, [text, caret, app, room, words, box])
  const take = (completion: Completion) => {
    choose(applyCompletion(text, completion))
    setFound([])
    box.current?.focus()
  }
  return {
    look: setCaret,
    close: () => setFound([]),
    onKeyDown(event: React.KeyboardEvent): boolean {
      const chosen = found[at]
      if (!chosen) return false
      // What is written out needs no completion: Enter sends it.
      if (event.key === 'Enter' && applyCompletion(text, chosen).text.trimEnd() === text.trimEnd())
        return false
      if (event.key === 'ArrowDown') setAt((at + 1) % found.length)
      else if (event.key === 'ArrowUp') setAt((at + found.length - 1) % found.length)
      else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey)) take(chosen)
      else if (event.key === 'Escape') setFound([])
      else return false
      event.preventDefault()
      return true
    },
    attributes: {
      'aria-autocomplete': 'list' as const,
      'aria-controls': `${id}-list`,
      ...(found.length > 0 && { 'aria-activedescendant': `${id}-${at}` }),
    },
    list: (
      <div
        role="listbox"
        id={`${id}-list`}
        className="completions"
        aria-label={words.composer.completions}
        hidden={found.length === 0}
      >
        {found.map((completion, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the box that one writes in
          <div
            key={completion.key}
            role="option"
            id={`${id}-${index}`}
            tabIndex={-1}
            aria-selected={index === at}
            onPointerDown={event => event.preventDefault()}
            onClick={() => take(completion)}
          >
            <span className="sign">{completion.sign}</span> <bdi>{completion.label}</bdi>{' '}
            <small className="quiet">{completion.hint}</small>
          </div>
        ))}
      </div>
    ),
  }
}
