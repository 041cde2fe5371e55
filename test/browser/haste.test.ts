// People in a hurry, and newcomers.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import { patiently } from '../tools/patiently.ts'

const story = stories()

story('anyone who opens the search by its key and types at once posts nothing in the room', async stage => {
  const ana = await stage.registers('ana')
  await ana.composer.focus()
  await ana.page.keyboard.press('Control+Shift+f')
  await ana.page.keyboard.type('secreto', { delay: 5 })
  await ana.page.keyboard.press('Enter')
  await ana.panel(ana.words.search.title).waitFor()
  assert.equal(await ana.composer.inputValue(), '')
  const web = await stage.server.web.logIn('ana')
  assert.deepEqual((await web.do('GET', '/rooms/1/messages')).messages, [])
})

story('a newcomer to a long room begins at its first message', async stage => {
  const web = await stage.server.web.register('beto')
  for (let i = 1; i <= 230; i++) await web.do('POST', '/rooms/1/messages', { text: `mensaje ${i}` })
  const ana = await stage.registers('ana')
  await ana.standsBehindLine('mensaje 1')
  await ana.isInSight('mensaje 1')
  const { read } = await stage.server.web.logIn('ana').then(own => own.do('GET', '/rooms/1'))
  assert.ok(read < 230, 'what is below is not read yet')
})

story('a double click creates one thing, and shows no error', async stage => {
  const ana = await stage.registers('ana')
  await ana.button(ana.words.sidebar.admin).click()
  await ana.button(ana.words.people.invitations).click()
  await ana.button(ana.words.people.invite).dblclick()
  await ana.button(ana.words.people.withdraw).first().waitFor()
  const web = await stage.server.web.logIn('ana')
  assert.equal((await web.do('GET', '/invitations')).invitations.length, 1)
  await ana.page.keyboard.press('Escape')
  await ana.button(ana.words.sidebar.findRooms).click()
  await ana.button(ana.words.rooms.make).click()
  await ana.field(ana.words.rooms.name).fill('club')
  await ana.button(ana.words.rooms.create).dblclick()
  await ana.isAt('club')
  assert.equal(await ana.page.locator('.toast.error').count(), 0)
})

story('closing a dialog twice at once does not leave the room', async stage => {
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await ana.opens('redes')
  await ana.button(ana.words.settings.title).click()
  await ana.dialog(ana.words.settings.title).waitFor()
  await ana.page.keyboard.press('Escape')
  await ana.page.keyboard.press('Escape')
  await ana.dialog(ana.words.settings.title).waitFor({ state: 'detached' })
  await patiently(
    () => new URL(ana.page.url()).hash === '',
    () => `still at ${ana.page.url()}`,
  )
  await ana.isAt('redes')
})
