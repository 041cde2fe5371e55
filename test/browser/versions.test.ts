// Former texts of edited messages, where the server keeps them.

import { stories } from '../tools/browser.ts'

const story = stories()

story('former texts are kept when the owner says so, shown to everybody, and deleted again', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  const { versions, server, settings } = ana.words
  await ana.button(settings.title).click()
  await ana.page
    .getByRole('tab', { name: settings.pages.server })
    .or(ana.button(settings.pages.server))
    .click()
  await ana.page.getByRole('radio', { name: server.editHistoryNames.on }).check()
  await beto.page.getByText(versions.keptNow).waitFor()
  await beto.page.getByText(versions.kept).waitFor()
  await ana.page.keyboard.press('Escape')
  await ana.write('el examen es el lunes')
  await ana.sees('el examen es el lunes')
  await ana.does(ana.words.list.edit, 'el examen es el lunes')
  const editor = ana.page.locator('article textarea')
  await editor.fill('el examen es el martes')
  await editor.press('Enter')
  await beto.message('martes').getByRole('button', { name: beto.words.list.edited }).click()
  const dialog = beto.page.getByRole('dialog', { name: versions.title })
  await dialog.getByText('el examen es el lunes').waitFor()
  await beto.page.keyboard.press('Escape')

  await ana.button(settings.title).click()
  await ana.page
    .getByRole('tab', { name: settings.pages.server })
    .or(ana.button(settings.pages.server))
    .click()
  await ana.page.getByRole('radio', { name: server.editHistoryNames.off }).click()
  await ana.button(server.forgetVersionsYes).click()
  await beto.page.getByText(versions.notKept).waitFor()
  await beto.page.getByText(versions.kept).waitFor({ state: 'detached' })
})
