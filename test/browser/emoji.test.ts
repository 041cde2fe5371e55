// Emoji by name, who has reacted, and teams that are mentioned.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import { patiently } from '../tools/patiently.ts'

const story = stories()
const SHOTS = process.env.SHOTS

story(
  'an emoji is typed out by its name, or chosen in the grid by keys; code stays as it is',
  async stage => {
    const ana = await stage.registers('ana')
    const { page, composer, words } = ana
    const becomes = async (typed: string, wanted: string) => {
      let value = ''
      await patiently(
        async () => (value = await composer.inputValue()) === wanted,
        () => `${typed} became ${value}`,
      )
    }
    for (const [typed, wanted] of [
      ['hola :tada:', 'hola 🎉'],
      [':+1:', '👍'],
      [':fiesta:', '🥳'],
      [':party:', '🎉'],
      ['a las 12:30:', 'a las 12:30:'],
      ['`:tada:`', '`:tada:`'],
      [':) :nada_de_eso:', ':) :nada_de_eso:'],
    ] as const) {
      await composer.fill('')
      await composer.pressSequentially(typed)
      await becomes(typed, wanted)
    }
    await composer.fill('')
    await composer.pressSequentially(':fies')
    await page.getByRole('option').filter({ hasText: '🎉' }).waitFor()
    await composer.press('Escape')
    await composer.fill('')
    await page.getByRole('button', { name: words.composer.emoji, exact: true }).click()
    const search = page.getByRole('combobox', { name: words.emoji.search })
    await page.getByRole('rowgroup').first().waitFor()
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/emoji.png` })
    await search.press('ArrowDown')
    await search.press('ArrowRight')
    const second = page.locator('[role="gridcell"][aria-selected="true"]')
    assert.equal(await search.getAttribute('aria-activedescendant'), await second.getAttribute('id'))
    await search.press('End')
    await search.press('Home')
    await page.getByRole('combobox', { name: words.emoji.tone }).selectOption('3')
    await search.fill('wave')
    await search.press('Enter')
    await becomes('wave', '👋🏽')
    await page.getByRole('button', { name: words.composer.emoji, exact: true }).click()
    const recent = page.getByRole('rowgroup', { name: words.emoji.recent })
    await recent.getByText('👋🏽').waitFor()
  },
)

story('a chip says who has reacted, and a list says it by emoji', async stage => {
  const [ana, beto] = [await stage.registers('ana'), await stage.registers('beto')]
  await ana.write('llegué')
  const web = await stage.server.web.logIn('beto')
  await web.do('PUT', `/rooms/1/messages/1/reactions/${encodeURIComponent('👍')}`)
  const chip = ana.message('llegué').locator('.reactions button')
  await chip.hover()
  await ana.message('llegué').getByRole('tooltip').getByText('beto').waitFor()
  if (SHOTS) await ana.page.screenshot({ path: `${SHOTS}/tip.png` })
  await ana.chooses(ana.words.reactions.show, 'llegué')
  const dialog = ana.dialog(ana.words.reactions.title)
  await dialog.getByText('beto').waitFor()
  if (SHOTS) await ana.page.screenshot({ path: `${SHOTS}/reactors.png` })
  await beto.does(beto.words.list.reactWith('❤️'), 'llegué')
  await dialog.getByRole('region', { name: '❤️' }).waitFor()
})

story('a team is made, filled, completed and mentioned; its people are called', async stage => {
  const [ana, beto] = [await stage.registers('ana'), await stage.registers('beto')]
  const { teams } = ana.words
  await ana.write('/equipos')
  const dialog = ana.page.getByRole('dialog')
  await ana.field(teams.name).fill('equipo3')
  await ana.button(teams.create).click()
  await dialog.getByText(teams.empty).waitFor()
  await ana.field(teams.add).fill('beto @ana')
  await ana.button(teams.addThem).click()
  await dialog.locator('bdi', { hasText: /^beto$/ }).waitFor()
  if (SHOTS) await ana.page.screenshot({ path: `${SHOTS}/team.png` })
  await ana.page.keyboard.press('Escape')
  await ana.composer.pressSequentially('hola @equ')
  await ana.page
    .getByRole('option')
    .filter({ hasText: teams.people(2) })
    .waitFor()
  await ana.composer.press('Tab')
  await ana.composer.press('Enter')
  await beto.message('hola @equipo3').locator('.mention.me').waitFor()
  if (SHOTS) await beto.page.screenshot({ path: `${SHOTS}/called.png` })
})
