// Two tabs of one browser, and two people in turn: nothing is lost, doubled or posted by another.

import assert from 'node:assert/strict'
import { type Stage, stories } from '../tools/browser.ts'
import { Cable } from '../tools/cable.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { Person } from '../tools/person.ts'

const story = stories()

/** Another tab of the same browser. */
async function anotherTab(person: Person, port: number): Promise<Person> {
  const tab = await Person.in(person.page.context(), `http://localhost:${port}`)
  await tab.goes('/r/general')
  await tab.isIn(person.username)
  return tab
}

async function textsOf({ server }: Stage): Promise<string[]> {
  const web = await server.web.logIn('ana')
  const { messages } = await web.do('GET', '/rooms/1/messages')
  return messages.map((each: { text: string }) => each.text)
}

story(
  'an unsent post of one tab survives the posts of another and a reload, and is posted once',
  async stage => {
    using cable = await Cable.to(stage.server.port)
    const ana = await stage.registers('ana', { port: cable.port })
    const other = await anotherTab(ana, cable.port)
    cable.pinch()
    await ana.write('desde la primera')
    await ana.pending('desde la primera').waitFor()
    await other.write('desde la segunda')
    await other.pending('desde la segunda').waitFor()
    cable.release()
    await ana.page.reload()
    for (const tab of [ana, other]) {
      await tab.sees('desde la primera')
      await tab.sees('desde la segunda')
      assert.equal(await tab.page.locator('.message.pending').count(), 0)
    }
    assert.deepEqual((await textsOf(stage)).sort(), ['desde la primera', 'desde la segunda'])
  },
)

story('logging out leaves no draft behind, and does not say that somebody ended the session', async stage => {
  const ana = await stage.registers('ana')
  await ana.composer.fill('mi secreto a medio escribir')
  await ana.button(ana.words.settings.title).click()
  await ana.button(ana.words.settings.pages.profile).click()
  await ana.button(ana.words.settings.logOut).click()
  await ana.button(ana.words.entry.register).waitFor()
  assert.equal(await ana.page.getByText(ana.words.entry.ended.revoked).count(), 0)
  assert.equal(await ana.page.title(), 'Tertulia')
  await stage.server.web.register('carla')
  await ana.logsIn('carla')
  assert.equal(await ana.composer.inputValue(), '')
  assert.ok(!(await ana.page.evaluate<string>('JSON.stringify(localStorage)')).includes('secreto'))
})

story('what ana has not sent is not posted by carla, who logs in with the same browser', async stage => {
  using cable = await Cable.to(stage.server.port)
  const ana = await stage.registers('ana')
  await stage.server.web.register('carla')
  const cut = await Person.in(ana.page.context(), `http://localhost:${cable.port}`)
  await cut.goes('/r/general')
  await cut.isIn('ana')
  cable.pinch()
  await cut.write('esto lo dice ana')
  await cut.pending('esto lo dice ana').waitFor()
  await ana.hasCookie('/session', { username: 'carla', password: PASSWORD })
  cut.forgive(/WebSocket/)
  cable.pull()
  cable.release()
  cable.plug()
  await cut.page.locator('.own-account', { hasText: 'carla' }).waitFor()
  const web = await stage.server.web.logIn('carla')
  const { messages } = await web.do('GET', '/rooms/1/messages')
  const authors = messages.map((each: { author: { username: string } }) => each.author.username)
  assert.ok(!authors.includes('carla'), `carla said nothing, but: ${authors}`)
})

story('a renamed room stays open, and the path follows', async stage => {
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await ana.room('redes').click()
  await ana.page.waitForURL('**/r/redes')
  await web.do('PATCH', '/rooms/redes', { name: 'protocolos' })
  await ana.page.waitForURL('**/r/protocolos')
  await ana.write('seguimos aquí')
  await ana.sees('seguimos aquí')
  assert.equal(await ana.page.locator('main').count(), 1)
})

story('a thread far back gets new replies; a dialog leaves it open', async stage => {
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  for (let i = 1; i <= 260; i++) await web.do('POST', '/rooms/1/messages', { text: `mensaje ${i}` })
  await ana.goes('/r/general/8#thread/8')
  const thread = ana.panel(ana.words.thread.title)
  await thread.getByText('mensaje 8', { exact: true }).waitFor()
  await web.do('POST', '/rooms/1/messages', { text: 'una respuesta lejana', reply: 8 })
  await thread.getByText('una respuesta lejana').waitFor()
  await thread.getByRole('textbox').fill('y la mía')
  await thread.getByRole('textbox').press('Enter')
  await thread.getByRole('article').filter({ hasText: 'y la mía' }).waitFor()
  await ana.page.evaluate('document.activeElement?.blur()')
  await ana.page.keyboard.press('?')
  await ana.page.getByRole('dialog').waitFor()
  await ana.page.keyboard.press('Escape')
  await ana.page.getByRole('dialog').waitFor({ state: 'detached' })
  await thread.waitFor()
})

story('going to the end while an older page is loading does not stop later pages', async stage => {
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  for (let i = 1; i <= 300; i++) await web.do('POST', '/rooms/1/messages', { text: `mensaje ${i}` })
  await ana.page.reload()
  await ana.sees('mensaje 300')
  const held = Promise.withResolvers<void>()
  await ana.page.route(/before=/, async route => {
    await held.promise
    await route.continue()
  })
  const list = ana.page.getByRole('log')
  const asked = ana.page.waitForRequest(/before=/)
  await list.evaluate(element => (element.scrollTop = 0))
  await asked
  await ana.page.getByRole('button', { name: ana.words.list.newest }).click()
  held.resolve()
  for (let at = 300; at > 1; ) {
    await list.evaluate(element => (element.scrollTop = 0))
    const first = await ana.page.locator('article[data-seq]').first().getAttribute('data-seq')
    at = Number(first)
  }
  await ana.message(/^mensaje 1$/).waitFor()
})
