// The box in which one writes. Drafts are kept; names, rooms, emoji and commands are completed.

import {
  type ClipboardEvent,
  type KeyboardEvent,
  Suspense,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import Code from '~icons/code'
import SmilePlus from '~icons/face-slightly-smiling-plus'
import SendHorizontal from '~icons/send-horizontal'
import X from '~icons/x'
import { useApp, useObservable, useWords } from '../app.tsx'
import { AttachButtons } from '../files/attach-button.tsx'
import type { MessageActions } from '../messages/message-actions.ts'
import { Quote } from '../messages/quote.tsx'
import type { Chat } from '../model/chat.ts'
import type { Outbox } from '../model/outbox.ts'
import type { Room } from '../model/room.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { lazyWithRetry, loadTray } from '../ui/lazy.ts'
import { ClosedComposer } from './closed-composer.tsx'
import { runCommand } from './commands.ts'
import { onComposerKey } from './composer-keys.ts'
import { isComposing, sendsByEnter } from './enter-key.ts'
import { canFormat, formatAsCode, looksLikeCode, type Pasted } from './pasted-code.ts'
import { useCompletion } from './use-completion.tsx'
import { useDraftText } from './use-draft-text.ts'
import './composer.css'

const Tray = lazyWithRetry(loadTray)
const VoiceRecorder = lazyWithRetry(() => import('../files/voice-recorder.tsx'))
const SlowMode = lazyWithRetry(() => import('./slow-mode.tsx'))
const EmojiPicker = lazyWithRetry(() => import('./emoji-picker.tsx'))
/** In code points. Longer texts are refused; from NEAR on, the box says how many are left. */
const LONGEST = 4000
const NEAR = 3600

interface ComposerProps {
  readonly room: Room
  readonly draftKey: string
  readonly reply: number | undefined
  readonly onReply: (seq: number | undefined) => void
  readonly actions: MessageActions
  /** The first message of a thread, which everything that is written here answers. */
  readonly thread?: number
}

export function Composer(props: ComposerProps) {
  const room = useObservable(props.room)
  useEffect(() => room.standing.watch(), [room])
  return room.whyClosed === undefined ? <OpenComposer {...props} /> : <ClosedComposer room={room} />
}

function OpenComposer({ room, draftKey, reply, onReply, actions, thread }: ComposerProps) {
  const app = useApp()
  const words = useWords()
  const box = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useDraftText(
    { room, draftKey, reply: thread === undefined ? reply : undefined },
    box,
  )
  const [isAlsoInRoom, setAlsoInRoom] = useState(false)
  const [error, setError] = useState<string>()
  const [pasted, setPasted] = useState<Pasted>()
  const [isRecording, setRecording] = useState(false)
  const hasFiles = useHasFiles(draftKey)
  const [emojiAnchor, setEmojiAnchor] = useState<HTMLElement>()
  const change = (next: string, caret?: number) => {
    setText(next, caret)
    setError(undefined)
  }
  const onChoose = (applied: { text: string; caret: number }) => change(applied.text, applied.caret)
  const completion = useCompletion({ room, text, box, onChoose })
  const [id, label] =
    thread === undefined
      ? ['composer', words.composer.placeholder(room.listing.name, room.isDirect)]
      : ['thread-composer', words.thread.placeholder]

  useEffect(() => {
    if (reply !== undefined) box.current?.focus()
  }, [reply])

  const send = () => {
    const { files } = app.chat
    if (text.trim() === '' && !hasFiles) return
    if (files.ofDraft(draftKey).some(({ failed }) => failed !== undefined))
      return setError(words.files.failedFirst)
    if ([...text].length > LONGEST) return setError(words.composer.tooLong(LONGEST))
    const outcome = runCommand(text, { app, room, words })
    if (outcome.is === 'wrong') return setError(outcome.why)
    if (outcome.is === 'text') {
      if (isWaiting(room, app.chat)) return
      const { action } = outcome
      app.chat.outbox.post(room.id, outcome.text, {
        ...answering(room, { reply, thread, isAlsoInRoom }),
        ...(action && { action }),
        files: files.take(draftKey),
      })
      if (thread === undefined) void room.timeline.go({ to: 'newest' })
      setAlsoInRoom(false)
    }
    onReply(undefined)
    change('')
  }

  /** A name of an emoji that was just closed by its colon becomes the emoji, unless one has typed on. */
  const typedOut = async (value: string, caret: number) => {
    const part = await import('./emoji.ts').catch(() => undefined)
    const replaced = await part?.replaceTypedOut(value, caret, app.wording.language).catch(() => undefined)
    if (replaced && box.current?.value === value) change(replaced.text, replaced.caret)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event.nativeEvent) || completion.onKeyDown(event)) return
    onComposerKey(event, {
      text,
      change,
      send,
      cancelReply: reply === undefined ? undefined : () => onReply(undefined),
      editLast() {
        const last = lastOwn(room, app.chat.me, thread)
        if (last !== undefined) actions.edit(last)
        return last !== undefined
      },
    })
  }

  const onPaste = ({ clipboardData, currentTarget }: ClipboardEvent<HTMLTextAreaElement>) => {
    const text = clipboardData.getData('text/plain').replace(/\r\n?/g, '\n')
    setPasted(looksLikeCode(text) ? { from: currentTarget.selectionStart, text } : undefined)
  }

  const insert = (emoji: string) => {
    const at = box.current?.selectionStart ?? text.length
    change(text.slice(0, at) + emoji + text.slice(at), at + emoji.length)
    box.current?.focus()
  }

  return (
    <form
      className="composer"
      data-draft={draftKey}
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      {reply !== undefined && (
        <ReplyingTo room={room} seq={reply} onGo={actions.goTo} onCancel={() => onReply(undefined)} />
      )}
      {completion.list}
      <ErrorBoundary>
        <Suspense>
          {hasFiles && <Tray draft={draftKey} />}
          {isRecording && <VoiceRecorder draft={draftKey} onDone={() => setRecording(false)} />}
        </Suspense>
      </ErrorBoundary>
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
          onChange={({ currentTarget: { value, selectionStart } }) => {
            change(value)
            if (value[selectionStart - 1] === ':') void typedOut(value, selectionStart)
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onSelect={event => completion.onCaret(event.currentTarget.selectionStart)}
          onBlur={completion.close}
          {...completion.attributes}
        />
        <CharactersLeft text={text} />
        <AttachButtons
          draft={draftKey}
          hasShortcut={thread === undefined}
          onRecord={() => setRecording(true)}
          onPoll={thread === undefined ? () => app.route.open('poll') : undefined}
        />
        <Buttons
          isEmpty={(text.trim() === '' && !hasFiles) || room.standing.wait > 0}
          onEmoji={setEmojiAnchor}
        />
      </div>
      {thread !== undefined && (
        <label className="also-in-room">
          <input
            type="checkbox"
            checked={isAlsoInRoom}
            onChange={event => setAlsoInRoom(event.currentTarget.checked)}
          />
          {words.thread.alsoInRoom(room.listing.name, room.isDirect)}
        </label>
      )}
      {pasted && canFormat(text, pasted) && (
        <FormatAsCode
          onClick={() => {
            const { text: next, caret } = formatAsCode(text, pasted)
            change(next, caret)
            setPasted(undefined)
            box.current?.focus()
          }}
        />
      )}
      {(room.standing.current?.slow ?? 0) > 0 && (
        <Suspense>
          <SlowMode room={room} />
        </Suspense>
      )}
      {error !== undefined && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <ErrorBoundary>
        <Suspense>
          {emojiAnchor && (
            <EmojiPicker anchor={emojiAnchor} onPick={insert} onClose={() => setEmojiAnchor(undefined)} />
          )}
        </Suspense>
      </ErrorBoundary>
    </form>
  )
}

/** In slow mode: too little time has passed since one's last message, or it has not been stored yet. */
function isWaiting({ id, standing }: Room, chat: Chat): boolean {
  const { slow = 0 } = standing.current ?? {}
  return slow > 0 && (standing.wait > 0 || chat.outbox.pendingIn(id).length > 0)
}

/** Renders again when the first file comes or the last one goes, and not at each step of an upload. */
function useHasFiles(draft: string): boolean {
  const { files } = useApp().chat
  return useSyncExternalStore(files.subscribe, () => files.ofDraft(draft).length > 0)
}

/** What a text answers, and where it stands: in its thread alone, unless one wants it in the room, too. */
function answering(
  room: Room,
  {
    reply,
    thread,
    isAlsoInRoom,
  }: { reply?: number | undefined; thread?: number | undefined; isAlsoInRoom: boolean },
): Pick<Parameters<Outbox['post']>[2] & object, 'reply' | 'thread' | 'threadOnly'> {
  if (thread === undefined) return { reply }
  if (!isAlsoInRoom) return { reply: reply ?? thread, thread, threadOnly: true }
  // An answer to what stands in the thread alone would stand there, too.
  const isThere = reply !== undefined && room.message(reply)?.threadOnly !== true
  return { reply: isThere ? reply : thread, thread }
}

function lastOwn(room: Room, me: number, thread: number | undefined): number | undefined {
  const entries = thread === undefined ? room.timeline.entries : (room.openThread?.messages ?? [])
  return entries.findLast(entry => entry.kind === 'message' && entry.author.id === me && !entry.deleted)?.seq
}

// --- parts -----------------------------------------------------------------------------------------------

interface ReplyingToProps {
  readonly room: Room
  readonly seq: number
  readonly onGo: (seq: number) => void
  readonly onCancel: () => void
}

function ReplyingTo({ room, seq, onGo, onCancel }: ReplyingToProps) {
  const words = useWords()
  const username = room.message(seq)?.author.username ?? ''
  return (
    <div className="replying-to">
      <Quote room={room} reply={{ seq, username }} onGo={onGo} />
      <button type="button" className="icon" onClick={onCancel} aria-label={words.composer.noReply}>
        <X size={16} />
      </button>
    </div>
  )
}

function CharactersLeft({ text }: { text: string }) {
  const length = text.length > NEAR ? [...text].length : 0
  return length > 0 && <small className={length > LONGEST ? 'error' : 'quiet'}>{LONGEST - length}</small>
}

function Buttons({ isEmpty, onEmoji }: { isEmpty: boolean; onEmoji: (button: HTMLElement) => void }) {
  const words = useWords()
  return (
    <>
      <IconButton
        icon={SmilePlus}
        size={20}
        label={words.composer.emoji}
        onClick={event => onEmoji(event.currentTarget)}
      />
      <IconButton
        icon={SendHorizontal}
        size={20}
        label={words.composer.send}
        type="submit"
        className="send"
        // The focus, and a phone's keyboard, stay at the box.
        onPointerDown={event => event.preventDefault()}
        disabled={isEmpty}
      />
    </>
  )
}

function FormatAsCode({ onClick }: { onClick: () => void }) {
  const words = useWords()
  return (
    <button type="button" className="link" onClick={onClick}>
      <Code size={14} /> {words.composer.asCode}
    </button>
  )
}
