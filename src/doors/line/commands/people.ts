// Commands about oneself and, for admins, about others.

import type { Profile, SessionId } from '../../../core/model/model.ts'
import { refuse } from '../../../core/model/refusals.ts'
import type { Invitation } from '../../../core/ports/invitations.ts'
import type { Account } from '../../../core/ports/people.ts'
import { printableLine } from '../../../wire/printable.ts'
import type { Wording } from '../../../wording/es.ts'
import { clockTime } from '../../../wording/times.ts'
import { misused, type Place, type Words } from './context.ts'
import { invitationOf, meaning, plain } from './words.ts'

/** Accounts in one page of an answer. */
const PAGE = 40

// --- oneself ---------------------------------------------------------------------------------------------

export async function profile(place: Place, [username]: Words): Promise<void> {
  const { chat, person, wording, say } = place
  const shown = username === undefined ? person : await chat.profiles.find(username)
  const status = chat.statusOf(shown.id)
  const lines = [`${shown.username} — ${printableLine(shown.name)} (${wording.serverRoles[shown.role]})`]
  if (shown.status !== '') lines.push(wording.saysOfThemselves(printableLine(shown.status)))
  lines.push(wording.isThere(wording.statusNames[status]))
  if (shown.zone !== '') lines.push(wording.timeThere(clockTime(Date.now(), shown.zone), shown.zone))
  say(lines)
}

export async function setName(place: Place, [name = '']: Words): Promise<void> {
  const { name: now } = await place.chat.profiles.amend(place.person, { name })
  place.say([place.wording.nameIs(now)])
}

export async function setStatus(place: Place, [typed]: Words): Promise<void> {
  const { chat, person, wording, say } = place
  if (typed === undefined)
    return say([person.status === '' ? wording.noStatus : wording.statusIs(printableLine(person.status))])
  const { status } = await chat.profiles.amend(person, { status: typed === '-' ? '' : typed })
  say([status === '' ? wording.noStatus : wording.statusIs(status)])
}

export async function setLanguage(place: Place, [typed = '']: Words): Promise<void> {
  const language = meaning(each => each.languageNames, typed) ?? typed.toLowerCase()
  await place.chat.profiles.amend(place.person, { language: language === '-' ? '' : language })
  place.speak(language)
}

export async function setZone(place: Place, [typed]: Words): Promise<void> {
  const { chat, person, wording, say } = place
  const amended =
    typed === undefined ? person : await chat.profiles.amend(person, { zone: typed === '-' ? '' : typed })
  const zone = typed === '-' ? undefined : amended.zone || place.zone
  say([wording.zoneIs(zone ?? wording.theServers, clockTime(Date.now(), zone))])
}

export async function setPassword(place: Place): Promise<void> {
  const { chat, session, address, wording, say } = place
  const before = await place.askHidden(wording.askPasswordNow)
  const after = before === undefined ? undefined : await place.askHidden(wording.askNewPassword)
  if (before === undefined || after === undefined) return say([wording.passwordKept])
  await chat.profiles.changePassword(session, { before, after }, address)
  say([wording.passwordChanged])
}

export async function sessions(place: Place, [which]: Words): Promise<void> {
  const { chat, person, session, wording, say, zone } = place
  if (which !== undefined) {
    const number = /^-#?(\d{1,15})$/.exec(which)?.[1] ?? misused()
    await chat.authentication.revoke(person, Number(number) as SessionId)
    return say([wording.sessionEnded])
  }
  const all = await chat.authentication.list(person)
  say(
    all.map(({ id, door, address, since }) => {
      const here = id === session.id ? ` ${wording.thisOne}` : ''
      return `#${id} ${wording.sessionSince(wording.doorNames[door], clockTime(since, zone), address)}${here}`
    }),
  )
}

export function move({ chat, session, room, wording, say }: Place): void {
  say([wording.moveCode(chat.connections.offerTransfer(session, room.id))])
}

export function away(place: Place, [no]: Words): void {
  const { chat, session, wording, say } = place
  if (no !== undefined && plain(no) !== 'no') misused()
  const away = no === undefined
  const done = chat.setAway(session, away)
  say([done ? (away ? wording.youAreAway : wording.youAreBack) : wording.alreadySo])
}

export async function block(place: Place, [whom]: Words): Promise<void> {
  const { chat, person, wording, say } = place
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

export async function people(place: Place, [after = '']: Words): Promise<void> {
  const { chat, person, wording, say, afterwards } = place
  const accounts = await chat.administration.list(person.id, after, PAGE)
  say(accounts.length === 0 ? [wording.nothingFound] : accounts.map(each => listed(each, wording)))
  const last = accounts.at(-1)
  if (accounts.length < PAGE || !last) return
  say([wording.moreResults])
  afterwards(() => people(place, [last.person.username]))
}

function listed({ person, disabled }: Account, wording: Wording): string {
  const marks = [wording.serverRoles[person.role], ...(disabled ? [wording.disabledMark] : [])]
  return `${person.username} — ${printableLine(person.name)} (${marks.join(', ')})`
}

export async function setRole(place: Place, [username = '', roleName = '']: Words): Promise<void> {
  const { chat, person, wording, say } = place
  const role = meaning(each => each.serverRoles, roleName) ?? misused()
  const changed = await chat.administration.setRole(person.id, username, role)
  say([wording.roleIs(changed.username, wording.serverRoles[role])])
}

export async function disable(place: Place, [username = '']: Words): Promise<void> {
  const gone = await place.chat.administration.disable(place.person.id, username, true)
  place.say([place.wording.accountDisabled(gone.username)])
}

export async function enable(place: Place, [username = '']: Words): Promise<void> {
  const back: Profile = await place.chat.administration.disable(place.person.id, username, false)
  place.say([place.wording.accountEnabled(back.username)])
}

export async function invite(place: Place, [typed = '']: Words): Promise<void> {
  const { chat, person, wording, say } = place
  const wanted = invitationOf(typed.split(/\s+/).filter(word => word !== '')) ?? misused()
  say([wording.invitationIs(await chat.administration.invite(person.id, wanted))])
}

export async function invitations(place: Place, [which]: Words): Promise<void> {
  const { chat, person, wording, say } = place
  if (which !== undefined) {
    await chat.administration.withdraw(
      person.id,
      which.startsWith('-') ? which.slice(1) : refuse('wrong-code'),
    )
    return say([wording.invitationWithdrawn])
  }
  const all = await chat.administration.invitations(person.id)
  say(all.length === 0 ? [wording.nothingFound] : all.map(each => invitation(each, place)))
}

function invitation({ code, by, left, until, rooms }: Invitation, { wording, zone }: Place): string {
  const into = rooms.map(name => `#${name}`).join(' ')
  const terms = wording.invitation(left, clockTime(until, zone), by ?? wording.theOperator)
  return `${code}: ${terms}${into === '' ? '' : ` → ${into}`}`
}
