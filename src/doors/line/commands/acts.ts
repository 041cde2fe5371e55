// The moderation log.

import type { Act, ActPerson } from '../../../core/model/acts.ts'
import { printableLine } from '../../../wire/printable.ts'
import type { Wording } from '../../../wording/es.ts'
import { because } from '../../../wording/reason.ts'
import { clockTime } from '../../../wording/times.ts'
import { renderEvent } from '../render.ts'
import { type Args, type CommandContext, misused } from './context.ts'
import { meaning } from './words.ts'

/** Acts in one answer. */
const PAGE = 20

/** Shows the current room's log, or that of the whole server; of one person, if one is named. */
export async function log(context: CommandContext, words: Args): Promise<void> {
  const [first = '', second] = words
  const isWhole = meaning<'all'>(({ logNames }) => logNames, first) === 'all'
  const username = isWhole ? second : words[0]
  if (!isWhole && second !== undefined) misused()
  await sayActs(context, { ...(!isWhole && { room: context.room.id }), username })
}

type Wanted = Omit<Parameters<CommandContext['chat']['moderation']['acts']>[1], 'limit'>

async function sayActs(context: CommandContext, wanted: Wanted): Promise<void> {
  const { chat, person, wording, zone, say, setNext } = context
  const { acts, next } = await chat.moderation.acts(person, { ...wanted, limit: PAGE })
  const lines = acts.map(each => `[${clockTime(each.at, zone)}] ${sentence(each, context)}`)
  say([
    ...(lines.length === 0 ? [wording.nothingFound] : lines),
    ...(next === undefined ? [] : [wording.moreResults]),
  ])
  if (next !== undefined) setNext(() => sayActs(context, { ...wanted, before: next }))
}

function sentence(act: Act, { wording, webUrl }: CommandContext): string {
  const [by, whom] = [named(act.by, wording), named(act.person, wording)]
  if ('act' in act) {
    const { kind, value, detail } = act.act
    const parts = { by, whom, value: kind === 'role' ? roleIn(value, wording) : value, detail }
    return `* ${wording.acts.kinds[kind](parts)}`
  }
  const { event, room } = act
  if (event.kind === 'deletion')
    return `* ${because(`${wording.acts.erased({ by, whom, value: '', detail: '' })}.`, printableLine(event.reason ?? ''))}`
  return renderEvent(event, { wording, webUrl, label: `#${room.name}`, isOther: false }).trimEnd()
}

function roleIn(value: string, { serverRoles }: Wording): string {
  return serverRoles[value as keyof Wording['serverRoles']] ?? value
}

function named(person: ActPerson | undefined, { acts }: Wording): string {
  if (!person) return acts.operator
  return person.gone ? acts.gone(person.username) : person.username
}
