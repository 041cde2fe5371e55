// How what happens to a room is shown: comings and goings, ranks, lists, modes, its topic and its name.

import type {
  Alteration,
  Appointment,
  Arrival,
  Author,
  Masking,
  Muting,
  Removal,
} from '../../../core/model/model.ts'
import { isEnding, until } from '../../../wording/times.ts'
import { shows } from '../wire/caps.ts'
import { taggedWith } from '../wire/message.ts'
import { ALL_RANKS, banOf, flagMode, LETTERS, PREFIXES } from '../wire/mode-letters.ts'
import { from, noticed, type Said, type Setting, said, signed, tagsOf } from './tags.ts'

type Moment = Pick<Said, 'at'> | Pick<Said, 'at' | 'room' | 'seq'>

/** Who is not there at the moment is in no list of names: it is told, no more. */
export function arrival({ author, person, ...event }: Arrival, setting: Setting): string {
  if (!setting.isThere(person)) {
    const room = setting.target(author)
    const { brought, arrived } = setting.wording
    const tell =
      author.id === person.id
        ? arrived(person.username, room)
        : brought(author.username, person.username, room)
    return noticed(tell, { ...event, author }, setting)
  }
  const invited =
    author.id !== person.id && shows(setting.shown, 'invite-notify')
      ? said(
          signed(author, event.at, setting) +
            from(author, setting, ['INVITE', person.username, setting.target(author)]),
        )
      : ''
  return invited + said(joined(person, event, setting))
}

/** Somebody is in the room from now on; without an id where that is in no log. */
export function joined(person: Author, moment: Moment, setting: Setting): string {
  const tags =
    'seq' in moment
      ? taggedWith(tagsOf({ ...moment, author: person }, setting))
      : signed(person, moment.at, setting)
  const room = setting.target(person)
  const params = shows(setting.shown, 'extended-join')
    ? [room, setting.isGuest(person) ? '*' : person.username, setting.nameOf(person) || person.username]
    : [room]
  return tags + from(person, setting, ['JOIN', ...params])
}

export function removal(
  { author, person, how, reason, until: end, ...event }: Removal,
  setting: Setting,
): string {
  const lasting = end === undefined ? '' : until(end, setting.wording)
  if (!setting.isThere(person)) {
    const { departed, kicked, banned } = setting.wording
    const room = setting.target(author)
    const tell =
      how === 'left'
        ? departed(person.username, room)
        : (how === 'kicked' ? kicked : banned)(author.username, person.username, room)
    return noticed(lasting === '' ? tell : `${tell} ${lasting}`, { ...event, author }, setting)
  }
  const tags = taggedWith(tagsOf({ ...event, author: how === 'left' ? person : author }, setting))
  const room = setting.target(person, event.seq)
  const line =
    how === 'left'
      ? from(person, setting, ['PART', room, ...(reason === '' ? [] : [reason])])
      : from(author, setting, ['KICK', room, person.username, why(author, reason, lasting)])
  return said(tags + line)
}

/** A reason always stands there. @param lasting empty for what has no end */
function why({ username }: Author, reason: string, lasting: string): string {
  if (lasting === '') return reason === '' ? username : reason
  return reason === '' ? lasting : `${reason} (${lasting})`
}

export function appointment(event: Appointment, setting: Setting): string {
  const { role, before, person } = event
  const given = PREFIXES[role].mode
  // Of what was written before it was noted nobody knows which they had.
  const taken = before === undefined ? ALL_RANKS.replace(given, '') : PREFIXES[before].mode
  const change = `${taken === '' ? '' : `-${taken}`}${given === '' ? '' : `+${given}`}`
  return mode(event, setting, [change, ...Array.from(taken + given, () => person.username)])
}

export function muting(event: Muting, setting: Setting): string {
  const { author, person, until: end } = event
  const letters = `m:${person.username}!*@*`
  if (end <= event.at) return mode(event, setting, ['-b', letters])
  const told = setting.wording.muted(author.username, person.username, until(end, setting.wording))
  // The mode does not say until when.
  return mode(event, setting, ['+b', letters]) + (isEnding(end) ? noticed(told, event, setting) : '')
}

export function masking(event: Masking, setting: Setting): string {
  return mode(event, setting, [`${event.on ? '+' : '-'}${LETTERS[event.list]}`, banOf(event)])
}

function mode(event: Said, setting: Setting, [change, ...params]: readonly [string, ...string[]]): string {
  const tags = taggedWith(tagsOf(event, setting))
  const room = setting.target(event.author, event.seq)
  return said(tags + from(event.author, setting, ['MODE', room, change, ...params]))
}

export function alteration(event: Alteration, setting: Setting): string {
  const { author, what, value, at, reason = '' } = event
  const { wording, shown } = setting
  const room = setting.target(author, what === 'name' ? event.seq - 1 : event.seq)
  const tags = taggedWith(tagsOf(event, setting))
  switch (what) {
    case 'topic':
      return said(tags + from(author, setting, ['TOPIC', room, value]))
    case 'name':
      // Who does not know of it is brought over (channels.ts).
      return shows(shown, 'draft/channel-rename')
        ? said(tags + from(author, setting, ['RENAME', room, `#${value}`, reason]))
        : ''
    case 'silenced': {
      const end = Number(value)
      if (end <= at) return mode(event, setting, ['-m'])
      const told = wording.silenced(author.username, room, until(end, wording))
      return mode(event, setting, ['+m']) + (isEnding(end) ? noticed(told, event, setting) : '')
    }
    case 'archived': {
      const tell = value === 'yes' ? wording.archivedRoom : wording.unarchivedRoom
      return noticed(tell(author.username, room), event, setting)
    }
    case 'kind':
      return kindModes(event, setting)
    case 'key':
      return mode(event, setting, value === '' ? ['-k', '*'] : ['+k', value])
    case 'limit':
      return mode(event, setting, value === '0' ? ['-l'] : ['+l', value])
    case 'open-topic':
    case 'no-ctcp':
    case 'no-guests':
    case 'quiet-guests':
      return mode(event, setting, [flagMode(what, value === 'yes')])
    case 'slow':
      return noticed(
        value === '0'
          ? wording.unslowed(author.username, room)
          : wording.slowed(author.username, room, value),
        event,
        setting,
      )
  }
}

/** What was not closed before, or is not any more, says so; what else it has become is said in words. */
function kindModes(event: Alteration, setting: Setting): string {
  const { author, value } = event
  if (value === 'closed') return mode(event, setting, ['+is'])
  const room = setting.target(author, event.seq)
  const told = setting.wording.rekinded[value === 'announcement' ? value : 'open'](author.username, room)
  return mode(event, setting, ['-is']) + noticed(told, event, setting, 'beside')
}
