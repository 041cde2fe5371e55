// Rendering what happens to a room: joins, parts and kicks, ranks, mask lists, modes, its topic and its name.

import type {
  Alteration,
  Appointment,
  Arrival,
  Author,
  Masking,
  Muting,
  Removal,
} from '../../../core/model/model.ts'
import { printableLine } from '../../../wire/printable.ts'
import { because } from '../../../wording/reason.ts'
import { isEnding, until } from '../../../wording/times.ts'
import { shownHours } from '../../shared/hours.ts'
import { hasCap } from '../wire/caps.ts'
import { tagPrefix } from '../wire/message.ts'
import { ALL_RANKS, banMask, flagMode, LIST_LETTERS, PREFIXES } from '../wire/mode-letters.ts'
import {
  actorTags,
  type EventHead,
  lineFrom,
  notice,
  type RenderContext,
  tagsOf,
  withLineEnd,
} from './tags.ts'

type Moment = Pick<EventHead, 'at'> | Pick<EventHead, 'at' | 'room' | 'seq'>

/** Somebody who is offline is in no NAMES list: a notice tells of them instead of a JOIN. */
export function arrival({ author, person, ...event }: Arrival, context: RenderContext): string {
  if (!context.isOnline(person)) {
    const room = context.target(author)
    const { brought, arrived } = context.wording
    const sentence =
      author.id === person.id
        ? arrived(person.username, room)
        : brought(author.username, person.username, room)
    return notice(sentence, { ...event, author }, context)
  }
  const invited =
    author.id !== person.id && hasCap(context.caps, 'invite-notify')
      ? withLineEnd(
          actorTags(author, event.at, context) +
            lineFrom(author, context, ['INVITE', person.username, context.target(author)]),
        )
      : ''
  return invited + withLineEnd(joined(person, event, context))
}

/** A JOIN; without msgid if it is not in the log. */
export function joined(person: Author, moment: Moment, context: RenderContext): string {
  const tags =
    'seq' in moment
      ? tagPrefix(tagsOf({ ...moment, author: person }, context))
      : actorTags(person, moment.at, context)
  const room = context.target(person)
  const params = hasCap(context.caps, 'extended-join')
    ? [room, context.isGuest(person) ? '*' : person.username, context.nameOf(person) || person.username]
    : [room]
  return tags + lineFrom(person, context, ['JOIN', ...params])
}

export function removal(
  { author, person, how, reason, until: end, ...event }: Removal,
  context: RenderContext,
): string {
  const lasting = end === undefined ? '' : until(end, context.wording)
  if (!context.isOnline(person)) {
    const { departed, kicked, banned } = context.wording
    const room = context.target(author)
    const sentence =
      how === 'left'
        ? departed(person.username, room)
        : (how === 'kicked' ? kicked : banned)(author.username, person.username, room)
    return notice(lasting === '' ? sentence : `${sentence} ${lasting}`, { ...event, author }, context)
  }
  const tags = tagPrefix(tagsOf({ ...event, author: how === 'left' ? person : author }, context))
  const room = context.target(person, event.seq)
  const line =
    how === 'left'
      ? lineFrom(person, context, ['PART', room, ...(reason === '' ? [] : [reason])])
      : lineFrom(author, context, ['KICK', room, person.username, kickReason(author, reason, lasting)])
  return withLineEnd(tags + line)
}

/** The reason of a KICK, which is never empty. @param lasting until when; empty for no end */
function kickReason({ username }: Author, reason: string, lasting: string): string {
  if (lasting === '') return reason === '' ? username : reason
  return reason === '' ? lasting : `${reason} (${lasting})`
}

export function appointment(event: Appointment, context: RenderContext): string {
  const { role, before, person } = event
  const given = PREFIXES[role].mode
  // Older rows do not have the role before: all ranks are taken then.
  const taken = before === undefined ? ALL_RANKS.replace(given, '') : PREFIXES[before].mode
  const change = `${taken === '' ? '' : `-${taken}`}${given === '' ? '' : `+${given}`}`
  return mode(event, context, [change, ...Array.from(taken + given, () => person.username)])
}

export function muting(event: Muting, context: RenderContext): string {
  const { author, person, until: end, reason = '' } = event
  const letters = `m:${person.username}!*@*`
  if (end <= event.at) return mode(event, context, ['-b', letters])
  const text = context.wording.muted(author.username, person.username, until(end, context.wording))
  // The mode line can't tell until when, nor why.
  const isMore = isEnding(end) || reason !== ''
  const line = mode(event, context, ['+b', letters])
  return line + (isMore ? notice(because(text, printableLine(reason)), event, context) : '')
}

export function masking(event: Masking, context: RenderContext): string {
  return mode(event, context, [`${event.on ? '+' : '-'}${LIST_LETTERS[event.list]}`, banMask(event)])
}

function mode(
  event: EventHead,
  context: RenderContext,
  [change, ...params]: readonly [string, ...string[]],
): string {
  const tags = tagPrefix(tagsOf(event, context))
  const room = context.target(event.author, event.seq)
  return withLineEnd(tags + lineFrom(event.author, context, ['MODE', room, change, ...params]))
}

export function alteration(event: Alteration, context: RenderContext): string {
  const { author, what, value, at, reason = '' } = event
  const { wording, caps } = context
  const room = context.target(author, what === 'name' ? event.seq - 1 : event.seq)
  const tags = tagPrefix(tagsOf(event, context))
  switch (what) {
    case 'title':
      return notice(
        value === '' ? wording.groupUnnamed(author.username) : wording.groupNamed(author.username, value),
        event,
        context,
      )
    case 'topic':
      return withLineEnd(tags + lineFrom(author, context, ['TOPIC', room, value]))
    case 'name':
      // Clients without the capability are sent PART and JOIN (joins.ts).
      return hasCap(caps, 'draft/channel-rename')
        ? withLineEnd(tags + lineFrom(author, context, ['RENAME', room, `#${value}`, reason]))
        : ''
    case 'silenced': {
      const end = Number(value)
      if (end <= at) return mode(event, context, ['-m'])
      const text = wording.silenced(author.username, room, until(end, wording))
      return mode(event, context, ['+m']) + (isEnding(end) ? notice(text, event, context) : '')
    }
    case 'archived': {
      const sentence = value === 'yes' ? wording.archivedRoom : wording.unarchivedRoom
      return notice(sentence(author.username, room), event, context)
    }
    case 'kind':
      return kindModes(event, context)
    case 'key':
      return mode(event, context, value === '' ? ['-k', '*'] : ['+k', value])
    case 'limit':
      return mode(event, context, value === '0' ? ['-l'] : ['+l', value])
    case 'open-topic':
    case 'no-ctcp':
    case 'no-guests':
    case 'quiet-guests':
      return mode(event, context, [flagMode(what, value === 'yes')])
    case 'hours': {
      const sentence =
        value === ''
          ? wording.unhoured(author.username, room)
          : wording.rehoured(author.username, room, shownHours(value, wording))
      return notice(sentence, event, context)
    }
    case 'call': {
      const sentence =
        value === '' ? wording.uncalled(author.username, room) : wording.called(author.username, room, value)
      return notice(sentence, event, context)
    }
    case 'slow':
      return notice(
        value === '0'
          ? wording.unslowed(author.username, room)
          : wording.slowed(author.username, room, value),
        event,
        context,
      )
  }
}

/** A room that becomes closed has modes +is, one that does not any more -is; the rest is said in a notice. */
function kindModes(event: Alteration, context: RenderContext): string {
  const { author, value } = event
  if (value === 'closed') return mode(event, context, ['+is'])
  const room = context.target(author, event.seq)
  const text = context.wording.rekinded[value === 'announcement' ? value : 'open'](author.username, room)
  return mode(event, context, ['-is']) + notice(text, event, context, 'beside')
}
