// What a person keeps for themselves, on all their devices: saved messages, favourites, sections.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import type { Person } from '../tools/person.ts'

const story = stories()

/** A request to the API, as the person. */
async function asks(person: Person, method: string, path: string, body?: object): Promise<void> {
  await person.page.evaluate(
    async ([method, path, body]) => {
      const headers = { 'Content-Type': 'application/json' }
      await fetch(`/api/v1${path}`, { method, ...(body !== '' && { headers, body }) })
    },
    [method, path, body ? JSON.stringify(body) : ''] as const,
  )
}

story('a message is saved, shown on another device, and goes with its room and its text', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  const words = ana.words.savedMessages
  await beto.write('la clave del aula es 1234')
  await ana.chooses(words.save, '1234')
  const phone = await stage.logsIn('ana')
  await phone.button(words.title).click()
  const panel = phone.page.getByRole('complementary', { name: words.title })
  await panel.getByText('1234').waitFor()
  await beto.write('otra cosa')
  await ana.chooses(words.save, 'otra cosa')
  await panel.getByText('otra cosa').waitFor()
  assert.match((await panel.locator('article').first().textContent()) ?? '', /otra cosa/, 'the latest first')
  await panel.getByRole('button', { name: words.remove }).first().click()
  await panel.getByText('otra cosa').waitFor({ state: 'detached' })
  await beto.chooses(beto.words.list.erase, '1234')
  await beto.page.getByRole('dialog').getByRole('button', { name: beto.words.list.erase }).click()
  await panel.getByText(words.none).waitFor()
})

story('rooms are put on top and into sections, by menu, by keyboard and by dragging', async stage => {
  const ana = await stage.registers('ana')
  const words = ana.words.sidebar
  for (const name of ['química', 'redes']) await asks(ana, 'POST', '/rooms', { name })
  const tab = await stage.logsIn('ana')
  const link = (name: string) => ana.page.locator('.sidebar a.room', { hasText: name })
  const section = (title: string, person = ana) =>
    person.page.locator('.sidebar section').filter({ has: person.page.locator('h2', { hasText: title }) })

  await link('redes').focus()
  await ana.page.keyboard.press('Shift+F10')
  await ana.page.getByRole('menuitem', { name: words.favourite }).press('Enter')
  await section(words.favourites, tab).getByText('redes').waitFor()

  await link('química').click({ button: 'right' })
  await ana.page.getByRole('menuitem', { name: words.newSection }).click()
  await ana.page.getByLabel(words.sectionName).fill('Clases')
  await ana.button(ana.words.save).click()
  await section('Clases', tab).getByText('química').waitFor()

  await link('redes').dragTo(section('Clases').locator('h2'))
  await section('Clases', tab).getByText('redes').waitFor()
  const fold = section('Clases').getByRole('button', { name: 'Clases', exact: true })
  await fold.press('Enter')
  await section('Clases', tab).getByText('redes').waitFor({ state: 'detached' })
  const beto = await stage.registers('beto')
  await asks(beto, 'PUT', '/rooms/redes/members/beto')
  await asks(beto, 'POST', '/rooms/redes/messages', { text: 'hola @ana' })
  await section('Clases').locator('.badge', { hasText: '1' }).waitFor()
  const again = await stage.logsIn('ana')
  await section('Clases', again).locator('.badge', { hasText: '1' }).waitFor()
})
