// Rules of a class: hours and call of a room, private messages, reports, as both sides see them.

import assert from 'node:assert/strict'
import { rulesWords } from '../../src/wording/rules-words.ts'
import { stories } from '../tools/browser.ts'

const story = stories()
const { es } = rulesWords

story('hours close the composer and a call opens beside; admins limit private messages', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  const [owner, member] = [await stage.server.web.logIn('ana'), await stage.server.web.logIn('beto')]
  await owner.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await owner.do('PUT', '/rooms/redes/members/beto')
  await stage.server.web.register('caro')
  const pair = await member.do('POST', '/direct', { people: ['caro'] })
  for (const each of [ana, beto]) await each.opens('redes')
  await ana.goes('/r/redes#~room')
  const dialog = ana.dialog(ana.words.roomSettings.title('redes'))
  await dialog.getByRole('button', { name: es.hours.add }).click()
  const today = (new Date().getDay() + 6) % 7
  const days = dialog.getByRole('group', { name: es.hours.days(1) }).getByRole('button')
  for (let day = 0; day < 7; day++) {
    const isWanted = day === (today + 3) % 7
    const button = days.nth(day)
    if (((await button.getAttribute('aria-pressed')) === 'true') !== isWanted) await button.click()
  }
  await dialog.getByLabel(es.hours.from).fill('07:30')
  await dialog.getByRole('button', { name: es.hours.save }).click()
  await beto.page.getByText(/^La sala está cerrada hasta .*7:30/).waitFor()
  await beto.reads(/ana puso el horario: .* \S{3} 07:30-12:00\./)
  await dialog.getByRole('button', { name: es.hours.remove(1) }).click()
  await dialog.getByRole('button', { name: es.hours.save }).click()
  await beto.composer.fill('ya')
  await dialog.getByLabel(es.call.label).fill('https://meet.example/aula')
  await dialog.getByLabel(es.call.label).press('Enter')
  const call = beto.page.getByRole('link', { name: beto.words.room.call })
  assert.equal(await call.getAttribute('href'), 'https://meet.example/aula')
  assert.match((await call.getAttribute('rel')) ?? '', /noopener/)
  await beto.goes(`/r/${pair.id}`)
  await beto.composer.waitFor()
  await ana.goes('/r/redes#~settings/server')
  const server = ana.dialog(ana.words.settings.title)
  await server.getByLabel(ana.words.server.privateMessageNames.off).check()
  await beto.page.getByText(/nadie escribe en privado/).waitFor()
  await beto.button(beto.words.sidebar.newDirect).waitFor({ state: 'detached' })
  await server.getByLabel(ana.words.server.privateMessageNames.everyone).check()
  await beto.composer.waitFor()
})

story(
  'a report reaches whoever looks after the room, also if the message goes; its reporter learns that',
  async stage => {
    const ana = await stage.registers('ana')
    const beto = await stage.registers('beto')
    const caro = await stage.server.web.register('caro')
    const { seq } = await caro.do('POST', '/rooms/general/messages', { text: 'un insulto' })
    await beto.sees('un insulto')
    await beto.goes(`/r/general#~report/${seq}`)
    const dialog = beto.dialog(es.report.title)
    await dialog.getByText(es.report.room).waitFor()
    await dialog.getByLabel(es.report.reason).fill('me insulta')
    await dialog.getByRole('button', { name: es.report.yes }).click()
    await beto.reads(es.report.done)
    await caro.do('DELETE', `/rooms/general/messages/${seq}`)
    await ana.button(`${es.reports.title} 1 ${es.reports.link}`).click()
    const panel = ana.panel(es.reports.title)
    await panel.getByText('un insulto').waitFor()
    await panel.getByText('me insulta').waitFor()
    await panel.getByText(es.reports.deleted).waitFor()
    await panel.getByLabel(es.reports.note).fill('hablé con caro')
    await panel.getByRole('button', { name: es.reports.close }).click()
    await panel.getByText(es.reports.none).waitFor()
    await beto.reads(es.reports.reviewed(1))
    await panel.getByRole('button', { name: es.reports.closed, exact: true }).click()
    await panel.getByText(/hablé con caro/).waitFor()
  },
)
