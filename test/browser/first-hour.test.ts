// The first hour of a teacher: a class's list, codes for those who have forgotten theirs, links into a room.

import assert from 'node:assert/strict'
import { peopleWords } from '../../src/wording/people-words.ts'
import { stories } from '../tools/browser.ts'
import { PASSWORD } from '../tools/line-client.ts'

const story = stories()
const { es } = peopleWords

story('a class comes from a pasted list: checked, made, and each comes in with a code', async stage => {
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'curso', kind: 'closed' })
  await ana.opens('general')
  await ana.goes('/r/general#people/roster')
  const dialog = ana.dialog(ana.words.people.title)
  await dialog.getByLabel(es.paste).fill('Nombres;Apellidos\nZoé;Núñez\nRosa;Díaz\nZoé;Núñez\n;')
  await dialog.getByRole('button', { name: es.check, exact: true }).click()
  await dialog.getByText(es.summary(2, 0, 1)).waitFor()
  await dialog.getByText(es.isRepeated(1)).waitFor()
  await dialog.getByLabel(es.rowUsername(2)).fill('rosita')
  await dialog.getByRole('button', { name: es.checkAgain }).click()
  await dialog.getByText('#curso').click()
  await dialog.getByRole('button', { name: es.makeAll(2) }).click()
  await dialog.getByText(es.madeTitle(2)).waitFor()
  const row = dialog.getByRole('row').filter({ hasText: 'zoe.nunez' }).first()
  const code = (await row.locator('.code').textContent()) ?? ''
  await dialog.getByRole('row').filter({ hasText: 'rosita' }).waitFor()

  const zoe = await stage.comes()
  await zoe.field(zoe.words.entry.username).fill('zoe.nunez')
  await zoe.field(zoe.words.entry.password).fill(code)
  const logIn = zoe.page.locator('form').getByRole('button', { name: zoe.words.entry.logIn })
  await logIn.click()
  await zoe.page.getByLabel(zoe.words.settings.after).fill(PASSWORD)
  await zoe.page.getByLabel(zoe.words.entry.repeat).fill(PASSWORD)
  await logIn.click()
  await zoe.room('curso').waitFor()

  await web.do('POST', '/rooms', { name: 'redes', kind: 'closed' })
  await ana.goes('/r/redes#members')
  const bring = ana.page.getByRole('combobox', { name: ana.words.members.bring })
  for (const [part, whole] of [
    ['núñ', 'zoe.nunez'],
    ['rosit', 'rosita'],
  ] as const) {
    await bring.fill(part)
    await ana.page.getByRole('option', { name: whole }).waitFor()
    await bring.press('Enter')
  }
  await bring.press('Enter')
  await zoe.room('redes').waitFor()
  await ana
    .panel(ana.words.room.members)
    .getByRole('button', { name: /rosita/ })
    .waitFor()
  assert.equal(
    (await stage.server.web.ask('POST', '/session', { username: 'zoe.nunez', password: PASSWORD })).status,
    201,
  )
})

story('accounts are found, given a code and disabled; a link leads into its room', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'curso', kind: 'closed' })
  const { code } = await web.do('POST', '/invitations', { uses: 1, rooms: ['curso'] })
  await beto.goes(`/join?code=${code}`)
  await beto.isAt('curso')

  await ana.button(ana.words.sidebar.admin).click()
  const people = ana.dialog(ana.words.people.title)
  await people.getByLabel(es.find).fill('béto')
  await people.getByRole('listitem').filter({ hasText: '@ana' }).waitFor({ state: 'detached' })
  const act = async (what: string) => {
    await people.getByRole('button', { name: es.actsOn('beto') }).click()
    await ana.page.getByRole('menuitem', { name: what }).click()
  }
  await act(es.acts.code)
  await people.getByRole('button', { name: es.makeCode }).click()
  await people.getByText(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/).waitFor()
  await people.getByRole('button', { name: es.back }).click()
  await act(es.acts.role)
  await people.getByLabel(ana.words.serverRoles.owner).check()
  await people.getByText(es.makeOwner('beto')).waitFor()
  await people.getByRole('button', { name: es.back }).click()
  await act(es.acts.disable)
  await people.getByRole('button', { name: ana.words.people.disable }).click()
  await beto.reads(beto.words.entry.ended.disabled)
  await people.getByText(es.states.disabled).last().waitFor()
})
