// Commands about teams.

import { type Args, type CommandContext, misused, sayIfUnchanged } from './context.ts'

/** Lists the teams. */
export async function teams({ chat, person, say, wording }: CommandContext): Promise<void> {
  const found = await chat.teams.list(person)
  const lines = found.map(({ name, people, mine }) => wording.team(name, people, mine))
  say(lines.length === 0 ? [wording.nothingFound] : lines)
}

/** Shows who is in a team; `+ana -beto` puts people in it and takes them out, `-` in front of its name deletes it. */
export async function team(context: CommandContext, [typed = '', rest = '']: Args): Promise<void> {
  const { chat, person, say, wording } = context
  if (typed.startsWith('-')) {
    await chat.teams.remove(person, typed.slice(1))
    return say([wording.teamRemoved(typed.slice(1).replace(/^@/, ''))])
  }
  const words = rest.split(/\s+/).filter(word => word !== '')
  if (words.some(word => !/^[+-]./.test(word))) misused()
  const named = (sign: string) => words.filter(word => word.startsWith(sign)).map(word => word.slice(1))
  const change = { add: named('+'), remove: named('-') }
  if (words.length > 0) {
    const all = await chat.teams.list(person)
    const name = typed.replace(/^@/, '')
    const isThere = all.some(each => each.name.toLowerCase() === name.toLowerCase())
    if (!isThere && change.add.length > 0) await chat.teams.create(person, name)
    sayIfUnchanged(context, await chat.teams.change(person, typed, change))
  }
  const people = await chat.teams.members(typed)
  say([`@${typed.replace(/^@/, '')}: ${people.map(({ username }) => username).join(', ')}`.trim()])
}
