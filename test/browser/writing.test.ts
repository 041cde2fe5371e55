// Writing: completions, commands, and drafts that stay.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import type { Person } from '../tools/person.ts'

const story = stories()

/** Types at the end of the text, key by key, and takes the completion. */
async function completes(ana: Person, typed: string, offered: string | RegExp): Promise<void> {
  await ana.composer.press('End')
  await ana.composer.pressSequentially(typed)
  const first = ana.page.getByRole('option').first()
  await first.filter({ hasText: offered }).waitFor()
  assert.equal(await ana.composer.getAttribute('aria-activedescendant'), await first.getAttribute('id'))
  await ana.composer.press('Tab')
  await first.waitFor({ state: 'hidden' })
}

story('names, rooms, emoji and commands are completed', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  await stage.server.web.register('berta')
  const web = await stage.server.web.logIn('beto')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await web.do('PUT', '/rooms/redes/members/ana')
  await ana.room('redes').waitFor()

  await completes(ana, 'hola @be', 'beto')
  await completes(ana, 'y #re', 'redes')
  await completes(ana, ':tarta', '🎂')
  await ana.composer.press('Enter')
  await beto.sees('hola @beto y #redes 🎂')
  await beto
    .message('hola')
    .getByRole('link', { name: '#redes' })
    .or(beto.message('hola').getByRole('button', { name: '#redes' }))
    .waitFor()

  await ana.composer.pressSequentially('@b')
  await ana.page.getByRole('option').nth(1).waitFor()
  await ana.composer.press('ArrowDown')
  await ana.composer.press('Enter')
  assert.equal(await ana.composer.inputValue(), '@berta ')
  await ana.composer.press('Escape')
  await ana.composer.fill('')

  await completes(ana, '/te', ana.words.commands.topic.word)
  await ana.composer.pressSequentially('lo de siempre')
  await ana.composer.press('Enter')
  await beto.page
    .getByRole('banner')
    .or(beto.page.locator('header'))
    .getByText('lo de siempre')
    .first()
    .waitFor()
  await ana.composer.fill('/nada')
  await ana.composer.press('Enter')
  await ana.page.getByRole('alert').filter({ hasText: '/nada' }).waitFor()
  assert.equal(await ana.composer.inputValue(), '/nada', 'it stays, to be mended')
  await ana.write('//nada')
  await beto.sees('/nada')
  await ana.composer.fill('')
  await ana.composer.pressSequentially(`/${ana.words.commands.help.word}`)
  await ana.page.getByRole('option').first().waitFor()
  await ana.composer.press('Enter')
  await ana.dialog(ana.words.keys.title).waitFor()
})

story('a draft stays in its room, and survives a reload', async stage => {
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await ana.composer.fill('a medias en general')
  await ana.opens('redes')
  assert.equal(await ana.composer.inputValue(), '')
  await ana.composer.fill('a medias en redes')
  await ana.page.reload()
  await ana.isAt('redes')
  assert.equal(await ana.composer.inputValue(), 'a medias en redes')
  await ana.opens('general')
  assert.equal(await ana.composer.inputValue(), 'a medias en general')
  await ana.composer.press('Enter')
  await ana.sees('a medias en general')
  await ana.page.reload()
  await ana.isAt('general')
  assert.equal(await ana.composer.inputValue(), '')
})
