// What links lead to, below their messages.

import assert from 'node:assert/strict'
import { after } from 'node:test'
import { stories } from '../tools/browser.ts'
import { Pages } from '../tools/pages.ts'

const story = stories()
const pages = await Pages.open({
  '/a': '<title>El árbol</title><meta name="description" content="Qué es un árbol"><meta property="og:site_name" content="Botánica">',
  '/b': '<title><b>‮malo</title>',
})
after(() => pages[Symbol.asyncDispose]())
const options = { args: ['--previews', 'on', '--allow-internal', pages.host] }

story(
  'a link is followed by what its page says, until its author or a moderator takes that off',
  async stage => {
    const ana = await stage.registers('ana')
    const beto = await stage.registers('beto')
    await beto.write(`mira ${pages.url('/a')} y ${pages.url('/b')}`)
    for (const each of [ana, beto]) {
      const card = each.message('mira').getByRole('link', { name: 'El árbol' })
      await card.getByText('Qué es un árbol').waitFor()
      assert.match((await card.textContent()) ?? '', new RegExp(`Botánica\\s*${pages.host}`))
      assert.equal(await card.getAttribute('href'), pages.url('/a'))
    }
    const { previews } = beto.words
    await beto
      .message('mira')
      .getByRole('button', { name: previews.takeOff('El árbol') })
      .click()
    const others = ana.message('mira').getByRole('list', { name: previews.list(1) })
    await others.waitFor()
    assert.equal(await others.getByRole('link').count(), 1)
    await ana
      .message('mira')
      .getByRole('button', { name: previews.takeOff('<b> malo') })
      .click()
    for (const each of [ana, beto])
      await each.message('mira').locator('.preview').waitFor({ state: 'detached' })
    const caro = await stage.registers('caro')
    await caro.sees('mira')
    await ana.write(`otra vez ${pages.url('/a')}`)
    await caro.message('otra vez').getByText('Qué es un árbol').waitFor()
    assert.equal(await caro.message('otra vez').getByRole('button', { name: previews.remove }).count(), 0)
    assert.equal(await caro.message('mira').locator('.preview').count(), 0)
  },
  options,
)
