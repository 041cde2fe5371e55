// Moderation of rooms, sessions and accounts, as both sides see it.

import assert from 'node:assert/strict'
import { moderationWords } from '../../src/wording/moderation-words.ts'
import { peopleWords } from '../../src/wording/people-words.ts'
import { type Stage, stories } from '../tools/browser.ts'
import type { Person } from '../tools/person.ts'

const story = stories()
const { es } = moderationWords

async function inRedes(stage: Stage): Promise<[ana: Person, beto: Person]> {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await web.do('PUT', '/rooms/redes/members/beto')
  for (const each of [ana, beto]) await each.opens('redes')
  return [ana, beto]
}

async function choosesAction(ana: Person, on: string, what: string): Promise<void> {
  await ana.button(ana.words.room.members).click()
  await ana.panel(ana.words.room.members).getByRole('button', { name: on }).click()
  await ana.panel(ana.words.person.title).getByRole('button', { name: what, exact: true }).click()
}

story('a muted member is told so, and can write again once unmuted', async stage => {
  const [ana, beto] = await inRedes(stage)
  const { person } = ana.words
  await beto.composer.fill('¿me oyen?')
  await choosesAction(ana, 'beto', person.mute)
  const dialog = ana.dialog(es.mute.title('beto', 'redes'))
  await dialog.getByLabel(es.reason).fill('ruido')
  await dialog.getByRole('button', { name: es.mute.yes }).click()
  await beto.reads(/beto no puede escribir hasta .*: ruido/)
  await beto.page.getByText(/^Te silenciaron en esta sala hasta/).waitFor()
  await beto.composer.waitFor({ state: 'detached' })
  await ana
    .panel(person.title)
    .getByText(/^No puede escribir hasta/)
    .waitFor()
  await ana.panel(person.title).getByRole('button', { name: person.unmute }).click()
  await beto.reads(beto.words.events.unmuted('beto'))
  await beto.composer.press('Enter') // what was being written is still there
  await ana.sees('¿me oyen?')
  await beto.sees('¿me oyen?')
})

story('anyone who is kicked from a room is taken to another one, and told why', async stage => {
  const [ana, beto] = await inRedes(stage)
  await choosesAction(ana, 'beto', ana.words.person.kick)
  await beto.isAt('general')
  await beto.reads(beto.words.youWereSentOut('ana', 'redes', ''))
  await beto.room('redes').waitFor({ state: 'detached' })
  await ana.reads(ana.words.events.kicked('beto', 'ana', ''))
  await beto.goes('/r/redes')
  await beto.reads(beto.words.notAMember.notIn)
  await beto.button(beto.words.notAMember.join).click()
  await beto.isAt('redes')
  await ana.reads(ana.words.events.arrived('beto'))
})

story('a room’s settings work: a key that is asked for, masks, speakers', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'announcement' })
  await ana.opens('redes')
  const { roomSettings, room, events } = ana.words
  await ana.goes('/r/redes#room')
  const settings = ana.dialog(roomSettings.title('redes'))
  await settings.getByLabel(roomSettings.key).fill('sésamo')
  await settings.getByLabel(roomSettings.key).press('Enter')
  await ana.reads(events.keyed('sésamo'))
  await settings.getByLabel(roomSettings.flags['open-topic']).check()
  await ana.reads(events.flagged['open-topic'])
  await settings.getByLabel(roomSettings.mask).fill('juan*')
  await settings.getByRole('button', { name: roomSettings.addMask, exact: true }).click()
  await ana.reads(events.masked.ban('ana', 'juan*'))
  await settings.getByRole('button', { name: roomSettings.dropMask('juan*') }).click()
  await ana.reads(events.unmasked.ban('ana', 'juan*'))
  await web.do('POST', '/rooms/redes/messages', { text: 'listo' }) // what follows is not folded
  await ana.goes('/r/redes')
  await beto.goes('/r/redes')
  const { notAMember } = beto.words
  await beto.button(notAMember.join).click()
  await beto.page.getByLabel(notAMember.key).fill('abrete')
  await beto.button(notAMember.join).click()
  await beto.reads(beto.words.refusals['wrong-key'])
  await beto.page.getByLabel(notAMember.key).fill('sésamo')
  await beto.button(notAMember.join).click()
  await beto.reads(beto.words.composer.closed['read-only']())
  await ana.button(room.members).click()
  await ana.panel(room.members).getByRole('button', { name: 'beto' }).click()
  await ana.panel(ana.words.person.title).getByLabel(ana.words.person.role).selectOption('speaker')
  await beto.reads(events.appointed('beto', ana.words.roles.speaker))
  await beto.write('con voz')
  await ana.sees('con voz')
})

story('a session that is ended elsewhere shows the log-in screen, and why', async stage => {
  const lost = await stage.registers('ana')
  const ana = await stage.logsIn('ana')
  await ana.goes('/#settings/sessions')
  const { settings } = ana.words
  const sessions = ana.dialog(settings.title).getByRole('listitem')
  await sessions.nth(1).waitFor()
  assert.equal(await sessions.filter({ hasText: settings.thisOne }).count(), 1)
  await sessions.getByRole('button', { name: settings.end }).click()
  await lost.reads(lost.words.entry.ended.revoked)
  await lost.logsIn('ana')
  await ana.composer.waitFor()
})

story('a disabled account is logged out at once, and cannot log in', async stage => {
  const [ana, beto] = [await stage.registers('ana'), await stage.registers('beto')]
  await ana.button(ana.words.sidebar.admin).click()
  const people = ana.dialog(ana.words.people.title)
  const actOnBeto = async (what: string) => {
    await people.getByRole('button', { name: peopleWords.es.actsOn('beto') }).click()
    await ana.page.getByRole('menuitem', { name: what }).click()
  }
  await actOnBeto(peopleWords.es.acts.disable)
  await people.getByRole('button', { name: ana.words.people.disable }).click()
  await beto.reads(beto.words.entry.ended.disabled)
  await beto.page.reload()
  await beto.field(beto.words.entry.username).fill('beto')
  await beto.field(beto.words.entry.password).fill('secreto123')
  await beto.page.locator('form').getByRole('button', { name: beto.words.entry.logIn }).click()
  await beto.page.getByRole('alert').filter({ hasText: /\S/ }).waitFor()
  await actOnBeto(peopleWords.es.acts.enable)
  await people.getByText(peopleWords.es.states.disabled).last().waitFor({ state: 'hidden' })
  await beto.logsIn('beto')
})

story('an unblocked person’s conversation is back at once, with what they wrote meanwhile', async stage => {
  const ana = await stage.registers('ana')
  await stage.registers('beto')
  const [anaWeb, betoWeb] = [await stage.server.web.logIn('ana'), await stage.server.web.logIn('beto')]
  const { id } = await betoWeb.do('POST', '/direct', { people: ['ana'] })
  await betoWeb.do('POST', `/rooms/${id}/messages`, { text: 'antes' })
  await ana.opens('beto')
  await ana.sees('antes')
  await anaWeb.do('PUT', '/me/blocks/beto')
  await ana.room('beto').waitFor({ state: 'detached' })
  await ana.message('antes').waitFor({ state: 'detached' })
  await betoWeb.do('POST', `/rooms/${id}/messages`, { text: 'mientras' })
  await anaWeb.do('DELETE', '/me/blocks/beto')
  await ana.opens('beto')
  await ana.sees('antes')
  await ana.sees('mientras')
  await betoWeb.do('POST', `/rooms/${id}/messages`, { text: 'después' })
  await ana.sees('después')
})

story('a direct room of three can be left by its menu, and goes on for the others', async stage => {
  const ana = await stage.registers('ana')
  const [beto, caro] = [await stage.server.web.register('beto'), await stage.server.web.register('caro')]
  const { id } = await beto.do('POST', '/direct', { people: ['ana', 'caro'] })
  await ana.opens('beto, caro')
  const { words } = ana
  await ana.button(words.room.more).click()
  await ana.page.getByRole('menuitem', { name: words.leave.yesDirect }).click()
  const dialog = ana.dialog(words.leave.title('beto, caro'))
  await dialog.getByText(words.leave.direct).waitFor()
  await dialog.getByRole('button', { name: words.leave.yesDirect }).click()
  await ana.isAt('general')
  await ana.room('beto, caro').waitFor({ state: 'detached' })
  const { mine } = await caro.do('GET', '/rooms')
  assert.equal(mine.find((room: { id: number }) => room.id === id)?.name, 'beto', 'whoever is still in it')
  await beto.do('POST', `/rooms/${id}/messages`, { text: 'seguimos' })
  const { entries } = await caro.do('GET', `/rooms/${id}/history`)
  assert.ok(entries.some((entry: { text?: string }) => entry.text === 'seguimos'))
  const pair = await caro.do('POST', '/direct', { people: ['beto'] })
  assert.notEqual(pair.id, id, 'a group of which two are left is still a group')
})
