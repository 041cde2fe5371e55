// Commands about a room's settings: who may join, who may write, and its mask lists.

import type { MaskList, RoomFlag } from '../../../core/model/model.ts'
import type { RoomSettings } from '../../../core/ports/rooms.ts'
import { printableLine } from '../../../wire/printable.ts'
import type { Wording } from '../../../wording/es.ts'
import { clockTime, until } from '../../../wording/times.ts'
import { shownHours, typedHours } from '../../shared/hours.ts'
import { titleOf } from '../rooms.ts'
import { type Args, type CommandContext, misused, sayIfUnchanged } from './context.ts'
import { duration, meaning } from './words.ts'

export async function setKind(context: CommandContext, [typed = '']: Args): Promise<void> {
  const { chat, person, room } = context
  const kind = meaning(each => each.kindNames, typed) ?? misused()
  sayIfUnchanged(context, await chat.moderation.setKind(person, room.id, kind))
}

export async function setKey(context: CommandContext, [key = '']: Args): Promise<void> {
  const { chat, person, room } = context
  sayIfUnchanged(context, await chat.moderation.setKey(person, room.id, key === '-' ? '' : key))
}

export async function limit(context: CommandContext, [typed = '']: Args): Promise<void> {
  const { chat, person, room } = context
  if (!/^\d{1,7}$/.test(typed)) misused()
  sayIfUnchanged(context, await chat.moderation.limit(person, room.id, Number(typed)))
}

/** A duration in milliseconds, 0 to end it; undefined for no end. */
export function timeOf(word: string | undefined): number | undefined {
  return word === undefined ? undefined : (duration(word) ?? misused())
}

export async function silence(context: CommandContext, [time]: Args): Promise<void> {
  const { chat, person, room } = context
  sayIfUnchanged(context, await chat.moderation.silence(person, room.id, timeOf(time)))
}

export async function slow(context: CommandContext, [typed = '']: Args): Promise<void> {
  const { chat, person, room } = context
  if (!/^\d{1,6}$/.test(typed)) misused()
  sayIfUnchanged(context, await chat.moderation.slow(person, room.id, Number(typed)))
}

/** Shows when the room is open, or sets it: lun-vie 7-12; - removes it. */
export async function hours(context: CommandContext, [typed]: Args): Promise<void> {
  const { chat, person, room, wording, zone, say } = context
  if (typed !== undefined) {
    const wanted = typed === '-' ? '' : typedHours(typed, zone)
    return sayIfUnchanged(context, await chat.moderation.setHours(person, room.id, wanted))
  }
  const now = await chat.rooms.settings(person, room.id)
  const title = titleOf(room)
  say([now.hours === '' ? wording.noHours(title) : wording.hoursAre(title, shownHours(now.hours, wording))])
}

/** Shows the address of the room's call, or sets it; - removes it. */
export async function call(context: CommandContext, [typed]: Args): Promise<void> {
  const { chat, person, room, wording, say } = context
  if (typed !== undefined) {
    const wanted = typed === '-' ? '' : typed
    return sayIfUnchanged(context, await chat.moderation.setCall(person, room.id, wanted))
  }
  const now = await chat.rooms.settings(person, room.id)
  const title = titleOf(room)
  say([now.call === '' ? wording.noCall(title) : wording.callIs(title, now.call)])
}

/** Shows all settings, or sets a flag; -flag clears it. */
export async function rules(context: CommandContext, [typed]: Args): Promise<void> {
  const { chat, person, room, wording, say } = context
  if (typed === undefined) {
    const now = await chat.rooms.settings(person, room.id)
    const lines = [wording.rulesOf(titleOf(room), rulesIn(now, wording).join(', '))]
    if ((await chat.settings.read()).editHistory === 'on') lines.push(wording.keepsVersions)
    return say(now.call === '' ? lines : [...lines, wording.callIs(titleOf(room), now.call)])
  }
  const on = !typed.startsWith('-')
  const flag: RoomFlag = meaning(each => each.flagNames, on ? typed : typed.slice(1)) ?? misused()
  sayIfUnchanged(context, await chat.moderation.setFlag(person, room.id, flag, on))
}

function rulesIn(rules: RoomSettings, wording: Wording): string[] {
  const { kind, key, limit, silencedUntil, slow, hours, flags } = rules
  const { ruleNames, kindNames, flagNames } = wording
  const now = Date.now()
  return [
    ...(kind === 'direct' ? [] : [kindNames[kind]]),
    ...(key === '' ? [] : [ruleNames.key(printableLine(key))]),
    ...(limit === 0 ? [] : [ruleNames.limit(`${limit}`)]),
    ...(silencedUntil > now ? [ruleNames.silence(until(silencedUntil, wording))] : []),
    ...(slow === 0 ? [] : [ruleNames.slow(`${slow}`)]),
    ...(hours === '' ? [] : [ruleNames.hours(shownHours(hours, wording))]),
    ...flags.map(flag => flagNames[flag]),
  ]
}

/** Shows all mask lists, or adds a mask to one; -mask removes it. */
export async function masks(context: CommandContext, [listName, typed]: Args): Promise<void> {
  if (listName === undefined) return showMasks(context)
  const list: MaskList = meaning(each => each.listNames, listName) ?? misused()
  if (typed === undefined) misused()
  const on = !typed.startsWith('-')
  await setMask(context, { list, mask: on ? typed : typed.slice(1), on })
}

async function showMasks({ chat, person, room, wording, zone, say }: CommandContext): Promise<void> {
  const { masks } = await chat.rooms.settings(person, room.id)
  const lines = masks.map(({ list, mask, by, at }) => {
    const name = wording.listNames[list]
    return by === undefined ? `${name} ${mask}` : wording.maskSet(name, mask, by, clockTime(at, zone))
  })
  say(lines.length === 0 ? [wording.nothingFound] : lines)
}

export async function setMask(
  context: CommandContext,
  wanted: { list: MaskList; mask: string; on: boolean },
): Promise<void> {
  const { chat, person, room } = context
  sayIfUnchanged(context, await chat.moderation.mask(person, room.id, wanted))
}
