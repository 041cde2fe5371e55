// Messages that are sent later, and reminders, from the web app.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import { patiently } from '../tools/patiently.ts'
import type { Person } from '../tools/person.ts'

const story = stories()
/** Long enough to see it wait, in milliseconds. */
const SOON_MS = 1500

async function asks({ page }: Person, path: string, data: object): Promise<void> {
  const { origin } = new URL(page.url())
  const answer = await page.request.post(`${origin}/api/v1${path}`, { data, headers: { Origin: origin } })
  assert.equal(answer.status(), 201, await answer.text())
}

story(
  'sent later from the menu, edited and sent; a reminder comes as a card, and is done with',
  async stage => {
    const ana = await stage.registers('ana')
    const tab = await stage.logsIn('ana')
    const { putOff } = ana.words
    await ana.page.locator('#composer').fill('la tarea')
    await ana.button(putOff.sendLater).click()
    await ana.page.getByRole('menuitem', { name: putOff.presets.tomorrow }).click()
    const hint = (person: typeof ana) => person.page.getByRole('button', { name: putOff.waiting(1) })
    await Promise.all([hint(ana).waitFor(), hint(tab).waitFor()])
    assert.equal(await ana.page.locator('#composer').inputValue(), '')

    await hint(ana).click()
    const dialog = ana.page.getByRole('dialog', { name: putOff.title })
    await dialog.getByRole('button', { name: ana.words.list.edit }).click()
    await dialog.getByLabel(putOff.text).fill('la tarea 3')
    await dialog.getByRole('button', { name: ana.words.save }).click()
    await dialog.getByText('la tarea 3', { exact: true }).waitFor()
    await dialog.getByRole('button', { name: putOff.sendNow }).click()
    await tab.page.getByRole('log').getByText('la tarea 3').waitFor()
    await hint(tab).waitFor({ state: 'detached' })
    await ana.page.keyboard.press('Escape')

    const at = Date.now() + SOON_MS
    await asks(ana, '/rooms/general/messages/1/reminders', { at, note: 'leerla' })
    await asks(ana, '/rooms/general/scheduled', { text: 'a su hora', at })
    for (const each of [ana, tab]) {
      await each.page.getByRole('article').getByText('leerla').waitFor()
      await each.page.getByRole('log').getByText('a su hora').waitFor()
    }
    await tab.page.locator('.reminder-cards').getByRole('button', { name: putOff.done }).click()
    await patiently(
      async () => (await ana.page.locator('.reminder-cards article').count()) === 0,
      () => 'the other tab still shows it',
    )
  },
)
