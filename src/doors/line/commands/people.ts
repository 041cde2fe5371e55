// Commands about one's own account and, for admins, about others'.

import type { Profile, SessionId } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import type { Account } from '../../../core/ports/accounts.ts'
import type { Invitation } from '../../../core/ports/invitations.ts'
import { printableLine } from '../../../wire/printable.ts'
import type { Wording } from '../../../wording/es.ts'
import { clockTime } from '../../../wording/times.ts'
import { type Args, type CommandContext, misused } from './context.ts'
import { invitationOf, meaning, plain } from './words.ts'

/** Accounts per page of an answer. */
const PAGE = 40

// --- oneself ---------------------------------------------------------------------------------------------

export async function profile(context: CommandContext, [username]: Args): Promise<void> {
  const { chat, person, wording, say } = context
  const subject = username === undefined ? person : await chat.profiles.find(username)
  const status = chat.statusOf(subject.id)
  const lines = [
    `${subject.username} — ${printableLine(subject.name)} (${wording.serverRoles[subject.role]})`,
  ]
  if (subject.status !== '') lines.push(wording.saysOfThemselves(printableLine(subject.status)))
  lines.push(wording.isThere(wording.statusNames[status]))
  if (subject.zone !== '') lines.push(wording.timeThere(clockTime(Date.now(), subject.zone), subject.zone))
  say(lines)
}

export async function setName(context: CommandContext, [name = '']: Args): Promise<void> {
  const { name: now } = await context.chat.profiles.amend(context.person, { name })
  context.say([context.wording.nameIs(now)])
}

export async function setStatus(context: CommandContext, [typed]: Args): Promise<void> {
  const { chat, person, wording, say } = context
  if (typed === undefined)
    return say([person.status === '' ? wording.noStatus : wording.statusIs(printableLine(person.status))])
  const { status } = await chat.profiles.amend(person, { status: typed === '-' ? '' : typed })
  say([status === '' ? wording.noStatus : wording.statusIs(status)])
}

export async function setLanguage(context: CommandContext, [typed = '']: Args): Promise<void> {
  const language = meaning(each => each.languageNames, typed) ?? typed.toLowerCase()
  await context.chat.profiles.amend(context.person, { language: language === '-' ? '' : language })
  context.changeLanguage(language)
}

export async function setZone(context: CommandContext, [typed]: Args): Promise<void> {
  const { chat, person, wording, say } = context
  const amended =
    typed === undefined ? person : await chat.profiles.amend(person, { zone: typed === '-' ? '' : typed })
  const zone = typed === '-' ? undefined : amended.zone || context.zone
  say([wording.zoneIs(zone ?? wording.theServers, clockTime(Date.now(), zone))])
}

export async function setPassword(context: CommandContext): Promise<void> {
  const { chat, session, address, wording, say } = context
  const before = await context.askHidden(wording.askPasswordNow)
  const after = before === undefined ? undefined : await context.askHidden(wording.askNewPassword)
  if (before === undefined || after === undefined) return say([wording.passwordKept])
  await chat.profiles.changePassword(session, { before, after }, address)
  say([wording.passwordChanged])
}

export async function sessions(context: CommandContext, [which]: Args): Promise<void> {
  const { chat, person, session, wording, say, zone } = context
  if (session.id !== undefined && meaning(each => ({ others: `-${each.otherSessions}` }), which ?? ''))
    return say([wording.sessionsEnded(await chat.authentication.revokeOthers(person, session.id))])
  if (which !== undefined) {
    const number = /^-#?(\d{1,15})$/.exec(which)?.[1] ?? misused()
    await chat.authentication.revoke(person, Number(number) as SessionId)
    return say([wording.sessionEnded])
  }
  const all = await chat.authentication.list(person)
  say(
    all.map(({ id, door, address, client, since, used, token }) => {
      const here = id === session.id ? ` ${wording.thisOne}` : ''
      const names = [client?.browser, client?.system].filter(Boolean).join(', ')
      const through = names === '' ? wording.doorNames[door] : `${wording.doorNames[door]} (${names})`
      const last = token && used > since ? `, ${wording.lastUsed(clockTime(used, zone))}` : ''
      return `#${id} ${wording.sessionSince(through, clockTime(since, zone), address)}${last}${here}`
    }),
  )
}

export function move({ chat, session, room, wording, say }: CommandContext): void {
  say([wording.moveCode(chat.connections.offerTransfer(session, room.id))])
}

export function away(context: CommandContext, [no]: Args): void {
  const { chat, session, wording, say } = context
  if (no !== undefined && plain(no) !== 'no') misused()
  const away = no === undefined
  const done = chat.setAway(session, away)
  say([done ? (away ? wording.youAreAway : wording.youAreBack) : wording.alreadySo])
}

export async function block(context: CommandContext, [whom]: Args): Promise<void> {
  const { chat, person, wording, say } = context
  if (whom === undefined) {
    const blocked = await chat.profiles.blocked(person)
    return say(blocked.length === 0 ? [wording.nothingFound] : blocked.map(each => each.username))
  }
  const on = !whom.startsWith('-')
  const username = on ? whom : whom.slice(1)
  const done = await chat.profiles.block(person, username, on)
  say([done ? (on ? wording.blocked : wording.unblocked)(username.replace(/^@/, '')) : wording.alreadySo])
}

// --- others ----------------------------------------------------------------------------------------------

export async function people(context: CommandContext, [after = '']: Args): Promise<void> {
  const { chat, person, wording, say, setNext } = context
  const accounts = await chat.administration.list(person.id, { after, limit: PAGE })
  say(accounts.length === 0 ? [wording.nothingFound] : accounts.map(each => listed(each, wording)))
  const last = accounts.at(-1)
  if (accounts.length < PAGE || !last) return
  say([wording.moreResults])
  setNext(() => people(context, [last.person.username]))
}

function listed({ person, disabled }: Account, wording: Wording): string {
  const marks = [wording.serverRoles[person.role], ...(disabled ? [wording.disabledMark] : [])]
  return `${person.username} — ${printableLine(person.name)} (${marks.join(', ')})`
}

export async function setRole(context: CommandContext, [username = '', roleName = '']: Args): Promise<void> {
  const { chat, person, wording, say } = context
  const role = meaning(each => each.serverRoles, roleName) ?? misused()
  const changed = await chat.administration.setRole(person.id, username, role)
  say([wording.roleIs(changed.username, wording.serverRoles[role])])
}

export async function disable(context: CommandContext, [username = '']: Args): Promise<void> {
  const gone = await context.chat.administration.disable(context.person.id, username, true)
  context.say([context.wording.accountDisabled(gone.username)])
}

export async function enable(context: CommandContext, [username = '']: Args): Promise<void> {
  const back: Profile = await context.chat.administration.disable(context.person.id, username, false)
  context.say([context.wording.accountEnabled(back.username)])
}

/** A code for somebody who has forgotten their password. */
export async function loginCode(context: CommandContext, [username = '']: Args): Promise<void> {
  const { chat, person, wording, say, zone } = context
  const made = await chat.loginCodes.make(person.id, username)
  const until = clockTime(made.until, zone)
  say([wording.loginCodeIs(made.person.username, made.code), wording.loginCodeUntil(until)])
}

export async function invite(context: CommandContext, [typed = '']: Args): Promise<void> {
  const { chat, person, wording, say } = context
  const wanted = invitationOf(typed.split(/\s+/).filter(word => word !== '')) ?? misused()
  say([wording.invitationIs(await chat.administration.invite(person.id, wanted))])
}

export async function invitations(context: CommandContext, [which]: Args): Promise<void> {
  const { chat, person, wording, say } = context
  if (which !== undefined) {
    await chat.administration.withdraw(
      person.id,
      which.startsWith('-') ? which.slice(1) : refuse('wrong-code'),
    )
    return say([wording.invitationWithdrawn])
  }
  const all = await chat.administration.invitations(person.id)
  say(all.length === 0 ? [wording.nothingFound] : all.map(each => invitation(each, context)))
}

function invitation({ code, by, left, until, rooms }: Invitation, { wording, zone }: CommandContext): string {
  const into = rooms.map(name => `#${name}`).join(' ')
  const terms = wording.invitation(left, clockTime(until, zone), by ?? wording.theOperator)
  return `${code}: ${terms}${into === '' ? '' : ` → ${into}`}`
}
