// The box in which one writes. Drafts are kept; names, rooms, emoji and commands are completed.

import {
  type ClipboardEvent,
  type KeyboardEvent,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { attempt, useApp, useObservable, useWords } from '../app.tsx'
import { AttachButtons } from '../files/attach-button.tsx'
import type { MessageActions } from '../messages/message-actions.ts'
import type { Chat } from '../model/chat.ts'
import type { Outbox } from '../model/outbox.ts'
import type { Room } from '../model/room.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { lazyWithRetry } from '../ui/lazy.ts'
import { loadTray } from '../ui/parts.ts'
import { ClosedComposer } from './closed-composer.tsx'
import { runCommand } from './commands.ts'
import { onComposerKey } from './composer-keys.ts'
import {
  Buttons,
  CharactersLeft,
  FormatAsCode,
  LONGEST,
  ReplyingTo,
  ScheduledHint,
} from './composer-parts.tsx'
import { isComposing, sendsByEnter } from './enter-key.ts'
import { asCodeBlock, canFormat, formatAsCode, looksLikeCode, type Pasted } from './pasted-code.ts'
import { useCompletion } from './use-completion.tsx'
import { useDraftText } from './use-draft-text.ts'
import './composer.css'

const Tray = lazyWithRetry(loadTray)
const VoiceRecorder = lazyWithRetry(() => import('../files/voice-recorder.tsx'))
const SlowMode = lazyWithRetry(() => import('./slow-mode.tsx'))
const SendMenu = lazyWithRetry(() => import('../put-off/send-menu.tsx'))
const EmojiPicker = lazyWithRetry(() => import('./emoji-picker.tsx'))

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
  const [sendAnchor, setSendAnchor] = useState<HTMLElement>()
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

  const sendLater = async (at: number) => {
    const outcome = runCommand(text, { app, room, words })
    if (outcome.is !== 'text')
      return setError(outcome.is === 'wrong' ? outcome.why : words.putOff.notCommands)
    const files = app.chat.files.ofDraft(draftKey).map(each => each.id)
    const attachments = app.chat.files.attachmentsOf(files)
    if (typeof attachments === 'string') return setError(words.putOff.filesFirst)
    const message = {
      ...{ text: outcome.text, at },
      ...(outcome.action && { action: true }),
      ...(reply !== undefined && { reply }),
      ...(attachments.length > 0 && { attachments }),
    }
    if (!(await attempt(app, () => app.chat.putOff.schedule(room.id, message)))) return
    app.chat.files.forget(app.chat.files.take(draftKey))
    onReply(undefined)
    change('')
    app.toasts.add(words.putOff.willSend)
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
        {hasFiles && <Tray draft={draftKey} />}
        {isRecording && <VoiceRecorder draft={draftKey} onDone={() => setRecording(false)} />}
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
          onMenu={thread === undefined ? setSendAnchor : undefined}
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
      {(room.standing.current?.slow ?? 0) > 0 && <SlowMode room={room} />}
      {error !== undefined && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      {thread === undefined && <ScheduledHint room={room} />}
      <ErrorBoundary>
        {sendAnchor && (
          <SendMenu
            anchor={sendAnchor}
            isEmpty={text.trim() === '' && !hasFiles}
            onLater={at => void sendLater(at)}
            onCode={() => {
              const { text: next, caret } = asCodeBlock(text)
              change(next, caret)
              box.current?.focus()
            }}
            onClose={() => setSendAnchor(undefined)}
          />
        )}
        {emojiAnchor && (
          <EmojiPicker anchor={emojiAnchor} onPick={insert} onClose={() => setEmojiAnchor(undefined)} />
        )}
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
