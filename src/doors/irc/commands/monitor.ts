// MONITOR: nicks whose coming and going a client is told (IRCv3 monitor).

import type { Profile } from '../../../core/model/model.ts'
import { isUsername } from '../../../core/model/rules.ts'
import type { Client } from '../client.ts'
import { sourceOf } from '../events/tags.ts'
import { sendPeopleMetadata } from '../replies/metadata.ts'
import { MOST_MONITORED } from '../replies/registration-burst.ts'
import type { Reply } from '../replies/reply.ts'
import { listLines } from '../wire/message.ts'
import { foldName } from '../wire/names.ts'
import type { CommandContext } from './commands.ts'
import { statusOf } from './person-flags.ts'

export async function monitor({ client, params, reply }: CommandContext): Promise<void> {
  const [how = '', targets = ''] = params
  const nicks = targets.split(',').filter(isUsername)
  const { monitored } = client.preferences
  switch (how.toUpperCase()) {
    case '+':
      return watch(client, nicks, reply)
    case '-':
      for (const nick of nicks) monitored.delete(foldName(nick))
      return
    case 'C':
      monitored.clear()
      return
    case 'L':
      for (const line of listLines([...monitored.values()], ',')) reply.numeric('RPL_MONLIST', line)
      return reply.numeric('RPL_ENDOFMONLIST')
    case 'S':
      await sendStatuses(client, [...monitored.values()], reply)
  }
}

async function watch(client: Client, nicks: readonly string[], reply: Reply): Promise<void> {
  const { monitored } = client.preferences
  const once = new Map(nicks.map(nick => [foldName(nick), nick])).values()
  const fresh = [...once].filter(nick => !monitored.has(foldName(nick)))
  const room = Math.max(0, MOST_MONITORED - monitored.size)
  const added = fresh.slice(0, room)
  for (const nick of added) monitored.set(foldName(nick), nick)
  const people = await sendStatuses(client, added, reply)
  if (fresh.length > room) reply.numeric('ERR_MONLISTFULL', `${MOST_MONITORED}`, fresh.slice(room).join(','))
  await sendPeopleMetadata(client, people, reply)
}

/** Tells which nicks are online. @returns the people who exist */
async function sendStatuses(client: Client, nicks: readonly string[], reply: Reply): Promise<Profile[]> {
  const [online, offline]: [string[], string[]] = [[], []]
  const people: Profile[] = []
  const found = await client.deps.chat.profiles.findAll(nicks)
  for (const [i, nick] of nicks.entries()) {
    const person = found[i]
    if (person) people.push(person)
    if (person && statusOf(client, person) !== 'offline') online.push(sourceOf(person, client.host))
    else offline.push(person?.username ?? nick)
  }
  for (const line of listLines(online, ',')) reply.numeric('RPL_MONONLINE', line)
  for (const line of listLines(offline, ',')) reply.numeric('RPL_MONOFFLINE', line)
  return people
}
