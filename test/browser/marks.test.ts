// Formulas, spoilers and tasks in messages.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'

const story = stories()

const TEXT =
  'Sea $x^2$ y $$\\frac{a}{b}$$ y $\\rota{$\n\n- [ ] leer\n\n||el perro||\n\n| a | b |\n|---|---|\n| 1 | 2 |'

story(
  'a formula is MathML, a task is ticked in place, a spoiler opens by Enter, a table scrolls',
  async stage => {
    const ana = await stage.registers('ana')
    const beto = await stage.registers('beto')
    await ana.write(TEXT.split('\n')[0] ?? '')
    await beto.page.locator('math msup').waitFor()
    await beto.page.locator('math mfrac').waitFor()
    await beto.page.getByText('$\\rota{$', { exact: true }).waitFor()

    await ana.page.evaluate(async text => {
      const headers = { 'Content-Type': 'application/json' }
      await fetch('/api/v1/rooms/general/messages', {
        method: 'POST',
        headers,
        body: JSON.stringify({ text }),
      })
    }, TEXT)
    const [box, theirs] = [ana, beto].map(({ page }) => page.getByRole('checkbox', { name: 'leer' }))
    assert.ok(await theirs?.isDisabled())
    await box?.click()
    await beto.page.locator('input[type=checkbox]:checked').waitFor()

    const spoiler = beto.page.getByRole('button', { name: beto.words.text.spoiler })
    assert.equal(await beto.page.getByText('el perro').isVisible(), false)
    await spoiler.focus()
    await beto.page.keyboard.press('Enter')
    await beto.page.locator('.spoiler.shown').getByText('el perro').waitFor()
    await beto.page.getByRole('region', { name: beto.words.text.table }).focus()
  },
)

story('a flood of messages is read out as a count', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  await ana.page.evaluate(async () => {
    const headers = { 'Content-Type': 'application/json' }
    const post = (text: string) =>
      fetch('/api/v1/rooms/general/messages', { method: 'POST', headers, body: JSON.stringify({ text }) })
    await Promise.all(Array.from({ length: 12 }, () => post('hola')))
  })
  await beto.page
    .locator('[aria-live=polite] p', { hasText: /^\d+ mensajes nuevos$/ })
    .waitFor({ state: 'attached' })
})
