// A group conversation: named, extended, left, hidden.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import { patiently } from '../tools/patiently.ts'

const story = stories()

story(
  'a group is named and extended; who is added reads from then on; hidden, it comes back',
  async stage => {
    const ana = await stage.registers('ana')
    const [beto, caro] = [await stage.registers('beto'), await stage.registers('caro')]
    const dora = await stage.registers('dora')
    await ana.write('/privado beto,caro la clave es 1234')
    await ana.sees('la clave es 1234')
    await ana.button(ana.words.room.more).click()
    await ana.page.getByRole('menuitem', { name: ana.words.group.name }).click()
    await ana.page.getByRole('dialog').getByLabel(ana.words.group.name).fill('Proyecto, fase 2')
    await ana.page.getByRole('dialog').getByRole('button', { name: ana.words.save }).click()
    await beto.opens('Proyecto, fase 2')
    await beto.sees('la clave es 1234')

    await beto.page.getByRole('button', { name: beto.words.room.members }).click()
    const bring = beto.page.getByRole('combobox', { name: beto.words.members.bring })
    await bring.fill('dora')
    await beto.page.getByRole('option', { name: /dora/ }).waitFor()
    await bring.press('Enter')
    await bring.press('Enter')
    await dora.room('Proyecto, fase 2').waitFor()
    await ana.write('hola a todas')
    await dora.opens('Proyecto, fase 2')
    await dora.sees('hola a todas')
    await dora.seesExactly(['hola a todas'])

    await caro.room('Proyecto, fase 2').click({ button: 'right' })
    await caro.page.getByRole('menuitem', { name: caro.words.group.hide }).click()
    await caro.room('Proyecto, fase 2').waitFor({ state: 'detached' })
    await ana.write('otra vez')
    await caro.room('Proyecto, fase 2').waitFor()

    await ana.write('/privado beto,caro aparte')
    await ana.sees('aparte')
    assert.equal(await ana.message('hola a todas').count(), 0, 'the old set opens a new conversation')
    await patiently(
      async () => (await beto.sidebar.getByRole('link', { name: /ana, caro/ }).count()) === 1,
      () => 'beto is in both',
    )
  },
)
