// A poll in the list of messages: its options with bars, on which one votes.

import { useState } from 'react'
import Check from '~icons/check'
import type { Message, Poll } from '../../../wire/schemas.ts'
import { attempt, useApp, useWords } from '../app.tsx'
import type { Room } from '../model/room.ts'
import { dayAndTime } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'
import { Ballots } from './ballots.tsx'
import './poll-card.css'

interface CardProps {
  readonly message: Message
  readonly poll: Poll
  readonly room: Room
  /** Whether one may close it. */
  readonly mayClose: boolean
}

export default function PollCard({ message: { seq }, poll, room, mayClose }: CardProps) {
  const app = useApp()
  const words = useWords()
  const [showsBallots, setShowsBallots] = useState(false)
  const isOver = useIsOver(poll)
  const isShut = isOver || room.listing.archived
  const mine = new Set(poll.mine)
  const choose = (option: number) => {
    const chosen = poll.multiple ? new Set(mine) : new Set<number>()
    if (mine.has(option)) chosen.delete(option)
    else chosen.add(option)
    void attempt(app, async () => room.timeline.put(await app.chat.api.vote(room.id, seq, [...chosen])))
  }
  return (
    <fieldset className={poll.multiple ? 'poll several' : 'poll'}>
      <legend>
        <bdi>{poll.question}</bdi>
      </legend>
      <p className="quiet hint">
        {isOver ? words.poll.closed : poll.multiple ? words.poll.several : words.poll.one}
        {poll.named && ` · ${words.poll.named}`}
      </p>
      <ul>
        {poll.options.map(({ text, votes }, i) => (
          <Option
            // biome-ignore lint/suspicious/noArrayIndexKey: options are called by their numbers
            key={i}
            text={text}
            votes={votes}
            of={poll.voters}
            isMine={mine.has(i + 1)}
            isShut={isShut}
            onChoose={() => choose(i + 1)}
          />
        ))}
      </ul>
      <footer className="quiet">
        <span>{words.poll.voters(poll.voters)}</span>
        <Ends poll={poll} isOver={isOver} />
        {poll.named && poll.voters > 0 && (
          <button
            type="button"
            className="link"
            aria-expanded={showsBallots}
            onClick={() => setShowsBallots(!showsBallots)}
          >
            {words.poll.who}
          </button>
        )}
        {mayClose && !isShut && (
          <button
            type="button"
            className="link"
            onClick={() =>
              void attempt(app, () => app.chat.api.do('PUT', `/rooms/${room.id}/polls/${seq}/closed`))
            }
          >
            {words.poll.close}
          </button>
        )}
      </footer>
      {showsBallots && <Ballots room={room.id} seq={seq} poll={poll} />}
    </fieldset>
  )
}

/** Between votes that come and the end that is due the card may stay as it is for long: the server says when it is over. */
function useIsOver({ closed, until }: Poll): boolean {
  const { chat } = useApp()
  return closed === true || (until !== undefined && until <= chat.now())
}

function Ends({ poll: { until }, isOver }: { poll: Poll; isOver: boolean }) {
  const words = useWords()
  const locale = useLocale()
  if (until === undefined || isOver) return null
  return <span>{words.poll.until(dayAndTime(locale, until))}</span>
}

interface OptionProps {
  readonly text: string
  readonly votes: number
  /** People who have voted. */
  readonly of: number
  readonly isMine: boolean
  readonly isShut: boolean
  readonly onChoose: () => void
}

function Option({ text, votes, of, isMine, isShut, onChoose }: OptionProps) {
  const words = useWords()
  const share = of === 0 ? 0 : Math.round((100 * votes) / of)
  return (
    <li>
      <button
        type="button"
        aria-pressed={isMine}
        aria-label={words.poll.option(text, votes, isMine)}
        disabled={isShut}
        onClick={onChoose}
      >
        <span className="bar" style={{ inlineSize: `${share}%` }} aria-hidden="true" />
        <span className="mark">{isMine && <Check size={14} />}</span>
        <bdi>{text}</bdi>
        <span className="count">{words.poll.share(votes, share)}</span>
      </button>
    </li>
  )
}
