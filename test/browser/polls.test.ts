// Polls: asked in a dialog, voted on by several people and tabs, and closed.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import { patiently } from '../tools/patiently.ts'
import type { Person } from '../tools/person.ts'

const story = stories()

function option(person: Person, text: string, votes: number, isMine = false) {
  return person.page.getByRole('button', { name: person.words.poll.option(text, votes, isMine), exact: true })
}

story('a poll is asked, voted on from two tabs and by netcat, and closed', async stage => {
  const ana = await stage.registers('ana')
  const { poll } = ana.words
  await ana.button(poll.title).click()
  const dialog = ana.page.getByRole('dialog', { name: poll.title })
  await dialog.getByLabel(poll.question).fill('¿Cuándo?')
  await dialog.getByLabel(poll.optionNumber(1)).fill('Lunes')
  await dialog.getByLabel(poll.optionNumber(2)).fill('lunes')
  await dialog.getByRole('button', { name: poll.ask }).click()
  const refusal = ana.page.locator('.toast').filter({ hasText: ana.words.refusals['equal-options'] })
  await refusal.getByRole('button', { name: ana.words.close }).click() // it lies over what is last in the room
  await dialog.getByLabel(poll.optionNumber(2)).fill('Martes')
  await dialog.getByLabel(poll.showNames).check()
  await dialog.getByRole('button', { name: poll.ask }).click()
  await dialog.waitFor({ state: 'detached' })

  const [beto, tab] = [await stage.registers('beto'), await stage.logsIn('ana')]
  await option(beto, 'Lunes', 0).click()
  for (const each of [ana, tab]) await option(each, 'Lunes', 1).waitFor()
  await option(beto, 'Lunes', 1, true).waitFor()
  await option(tab, 'Martes', 0).click()
  await option(ana, 'Martes', 1, true).waitFor()
  const caro = await stage.server.register('caro')
  caro.say('/votar 1 2')
  await caro.expect('2. Martes: 2 (tu voto) — ana, caro\n')
  await option(beto, 'Martes', 2).waitFor()

  await ana.page.getByRole('button', { name: poll.who }).click()
  await ana.page.getByText('ana, caro', { exact: true }).waitFor()
  assert.equal(await beto.page.getByRole('button', { name: poll.close }).count(), 0)
  await ana.page.getByRole('button', { name: poll.close }).click()
  await caro.expect('* ana cerró la encuesta #1: Lunes 1, Martes 2.\n')
  await beto.page.getByText(poll.closed).waitFor()
  assert.ok(await option(beto, 'Martes', 2).isDisabled())
  await patiently(
    async () => (await beto.page.locator('.badge').count()) === 0,
    () => 'votes do not count as unread',
  )
})
