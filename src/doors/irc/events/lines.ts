// How this door shows what happens: docs/doors.md. Lines with their ends; empty where nothing shows.

import { Buffer } from 'node:buffer'
import type { Edit, Message, Reaction, RoomEvent, Seq, Signal, Tag } from '../../../core/model/model.ts'
import { printableLine } from '../../../wire/printable.ts'
import { because } from '../../../wording/reason.ts'
import { firstWords } from '../replies/quotes.ts'
import { shows } from '../wire/caps.ts'
import { clean } from '../wire/client-tags.ts'
import { ACTION_BYTES, actionOf, carriedOn, LONGEST_CODES, withCodes } from '../wire/formatting.ts'
import { LONGEST_LINE, lineOf, pieces, taggedWith } from '../wire/message.ts'
import { alteration, appointment, arrival, masking, muting, removal } from './room-lines.ts'
import {
  from,
  msgidOf,
  noticed,
  type Said,
  type Setting,
  said,
  signed,
  sourceOf,
  tagsOf,
  whoTags,
} from './tags.ts'

export function show(happening: RoomEvent, setting: Setting): string {
  switch (happening.kind) {
    case 'message':
      return message(happening, setting)
    case 'edit':
      return happening.text === '' ? '' : edit(happening, setting)
    case 'deletion':
      return deletion(happening, setting)
    case 'reaction':
      return reaction(happening, setting)
    case 'pin': {
      const tell = happening.on ? setting.wording.irc.pinned : setting.wording.irc.unpinned
      return noticed(tell(happening.author.username, firstWords(happening.text)), happening, setting)
    }
    case 'arrival':
      return setting.isChannel ? arrival(happening, setting) : ''
    case 'removal':
      return setting.isChannel ? removal(happening, setting) : ''
    case 'appointment':
      return appointment(happening, setting)
    case 'muting':
      return muting(happening, setting)
    case 'mask':
      return masking(happening, setting)
    case 'alteration':
      return alteration(happening, setting)
    case 'typing':
      if (!shows(setting.shown, 'message-tags')) return ''
      return said(
        taggedWith([...whoTags(happening.person, setting), ['+typing', 'active']]) +
          from(happening.person, setting, ['TAGMSG', setting.target(happening.person)]),
      )
    case 'signal':
      return signal(happening, setting)
    case 'presence':
      return '' // presence.ts: in every channel that is shared
  }
}

function message(event: Message, setting: Setting): string {
  if (event.deleted) return ''
  keep(event, setting)
  return spoken(event, setting, event.reply?.seq)
}

function edit(event: Edit, setting: Setting): string {
  keep({ ...event, seq: event.target }, setting)
  return spoken(event, setting, event.target)
}

/** Who is told of a deletion in words is told of which. */
function keep(event: Pick<Message, 'room' | 'seq' | 'text'>, { shown, quotations }: Setting): void {
  if (!shows(shown, 'draft/message-redaction')) quotations.keep(event)
}

/** As it is called now, and as clients have known it for years. */
function answering(msgid: string): Tag[] {
  return [
    ['+reply', msgid],
    ['+draft/reply', msgid],
  ]
}

/** What only who has tags is told: what it answers, and what its author's client had to tell. */
function aboutIt({ room, tags }: Pick<Message, 'room' | 'tags'>, answered: Seq | undefined): Tag[] {
  const reply = answered === undefined ? [] : answering(msgidOf(room, answered))
  return tags ? [...reply, ...clean(tags)] : reply
}

/** @param answered the seq that it is about */
function spoken(
  event: (Message | Edit) & Pick<Partial<Message>, 'notice' | 'styles' | 'action' | 'tags'>,
  setting: Setting,
  answered: Seq | undefined,
): string {
  const { shown } = setting
  const about = shows(shown, 'message-tags') ? aboutIt(event, answered) : []
  const tags = tagsOf(event, setting, about)
  const target = setting.target(event.author, event.seq)
  const head = lineOf(sourceOf(event.author, setting.host), event.notice ? 'NOTICE' : 'PRIVMSG', [target, ''])
  const own = event.action ? ACTION_BYTES : 0
  const most = Math.max(4, LONGEST_LINE - 2 - Buffer.byteLength(head) - own)
  const stamp = setting.stamp ? `${setting.stamp(event.at)} ` : ''
  const sign = event.kind === 'edit' ? '✎ ' : ''
  const text = stamp + sign + withCodes(event).replaceAll('\n', `\n${stamp}`)
  const spoken = (line: string) => (event.action && line !== '' ? actionOf(line) : line)
  if (!text.includes('\n') && text.length * 3 <= most) return said(taggedWith(tags) + head + spoken(text))
  const lines = text.split('\n').map(line => carriedOn(pieces(line, most - LONGEST_CODES)).map(spoken))
  const isMany = lines.length > 1 || (lines[0]?.length ?? 0) > 1
  if (isMany && shows(shown, 'draft/multiline') && shows(shown, 'batch'))
    return multiline(lines, { event, setting, tags, head, target })
  return plain(lines.flat(), { tags, rest: tagsOf(event, setting).filter(([key]) => key !== 'msgid'), head })
}

/** Only the first of its lines has the id (draft/multiline, Fallback). Empty ones can't be said. */
function plain(
  lines: readonly string[],
  { tags, rest, head }: { tags: Tag[]; rest: Tag[]; head: string },
): string {
  const spoken = lines.filter(line => line !== '')
  return spoken.map((line, i) => said(taggedWith(i === 0 ? tags : rest) + head + line)).join('')
}

interface Many {
  readonly event: Said
  readonly setting: Setting
  readonly tags: Tag[]
  readonly head: string
  readonly target: string
}

function multiline(
  lines: readonly (readonly string[])[],
  { event, setting, tags, head, target }: Many,
): string {
  const batch = `m${event.room}-${event.seq}`
  const inside = lines.flatMap(parts =>
    parts.map((part, i) => {
      const joined: Tag[] = i === 0 ? [] : [['draft/multiline-concat', '']]
      return said(taggedWith([['batch', batch], ...joined]) + head + part)
    }),
  )
  const begin = from(event.author, setting, ['BATCH', `+${batch}`, 'draft/multiline', target])
  const end = lineOf(setting.host, 'BATCH', [`-${batch}`])
  return said(taggedWith(tags) + begin) + inside.join('') + said(end)
}

function deletion(event: Extract<RoomEvent, { kind: 'deletion' }>, setting: Setting): string {
  const reason = printableLine(event.reason ?? '')
  if (!shows(setting.shown, 'draft/message-redaction')) {
    const words = setting.quotations.of(event.room, event.target)
    return noticed(because(setting.wording.irc.erased(event.author.username, words), reason), event, setting)
  }
  const line = from(event.author, setting, [
    'REDACT',
    setting.target(event.author, event.seq),
    msgidOf(event.room, event.target),
    ...(reason === '' ? [] : [reason]),
  ])
  return said(taggedWith(tagsOf(event, setting)) + line)
}

function signal({ person, at, tags }: Signal, setting: Setting): string {
  if (!shows(setting.shown, 'message-tags')) return ''
  return said(
    signed(person, at, setting, clean(tags)) + from(person, setting, ['TAGMSG', setting.target(person)]),
  )
}

function reaction(event: Reaction, setting: Setting): string {
  if (!shows(setting.shown, 'message-tags')) return ''
  const tags = tagsOf(event, setting, [
    ...answering(msgidOf(event.room, event.target)),
    [event.on ? '+draft/react' : '+draft/unreact', event.emoji],
  ])
  return said(
    taggedWith(tags) + from(event.author, setting, ['TAGMSG', setting.target(event.author, event.seq)]),
  )
}
