// The app says at the composer why one may not write, and until when; who is banned, and for how long, is in a list.

import assert from 'node:assert/strict'
import { moderationWords } from '../../src/wording/moderation-words.ts'
import { type Stage, stories } from '../tools/browser.ts'

const story = stories()
const { es } = moderationWords

async function inRedes(stage: Stage) {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await web.do('PUT', '/rooms/redes/members/beto')
  for (const each of [ana, beto]) await each.opens('redes')
  return { ana, beto, web }
}

story('the composer counts down slow mode, and says what closes it as it happens', async stage => {
  const { ana, beto, web } = await inRedes(stage)
  const { composer } = beto.words
  await web.do('PATCH', '/rooms/redes', { slow: 3 })
  await beto.page.getByText(composer.slow(3)).waitFor()
  await beto.write('uno')
  await ana.sees('uno')
  await beto.page.getByRole('timer').waitFor()
  await beto.write('dos')
  assert.equal(await beto.composer.inputValue(), 'dos')
  assert.equal(await beto.pending('dos').count(), 0)
  await beto.page.getByRole('timer').waitFor({ state: 'detached' })
  await beto.button(composer.send).click()
  await ana.sees('dos')

  await web.do('PATCH', '/rooms/redes', { silencedFor: 3_600_000 })
  await beto.page.getByText(/^La sala está en silencio hasta/).waitFor()
  await web.do('PATCH', '/rooms/redes', { silencedFor: 0 })
  await beto.composer.waitFor()
  await web.do('PUT', '/rooms/redes/masks/mute/bet*')
  await beto.page.getByText(composer.closed['muted-name']()).waitFor()
  await web.do('DELETE', '/rooms/redes/masks/mute/bet*')
  await beto.composer.waitFor()
  await web.do('PATCH', '/rooms/redes', { kind: 'announcement' })
  await beto.page.getByText(composer.closed['read-only']()).waitFor()
  await beto.page.locator('.room-header').getByText(beto.words.room.announcement).waitFor()
  await web.do('PUT', '/rooms/redes/roles/beto', { role: 'speaker' })
  await beto.composer.waitFor()
  await web.do('PATCH', '/rooms/redes', { archived: true })
  await beto.page.getByText(composer.closed.archived()).waitFor()
  await ana.button(composer.reopen).click()
  await beto.composer.waitFor()
})

story('a ban ends on a day that was chosen; it is listed, and lifted from the profile, once', async stage => {
  const { ana, beto, web } = await inRedes(stage)
  const { person, members } = ana.words
  await ana.goes('/r/redes#person/beto')
  const profile = ana.panel(person.title)
  await profile.getByRole('button', { name: person.ban }).click()
  const dialog = ana.dialog(es.ban.title('beto', 'redes'))
  await dialog.getByLabel(es.ends.date).check()
  await dialog.getByLabel(es.lastDay).fill('2040-01-31')
  await dialog.getByLabel(es.reason).fill('ruido')
  await dialog.getByRole('button', { name: es.ban.yes }).click()
  await beto.isAt('general')
  await ana.reads(/ana vetó a beto hasta .*1 de febrero de 2040.*: ruido/)
  await ana.goes('/r/redes#members')
  await ana.panel(ana.words.room.members).getByRole('button', { name: members.banned }).click()
  await ana
    .panel(es.banned.title)
    .getByText(/^Vetado hasta .*2040.* por ana: ruido$/)
    .waitFor()
  await ana.goes('/r/redes#person/beto')
  await profile.getByText(/^Vetado hasta .*2040/).waitFor()
  const lift = profile.getByRole('button', { name: es.banned.liftOf('beto') })
  await lift.waitFor()
  await web.do('DELETE', '/rooms/redes/bans/beto')
  await lift.waitFor({ state: 'detached' })
  await ana.goes('/r/redes#banned')
  await ana.panel(es.banned.title).getByText(es.banned.none).waitFor()
})
