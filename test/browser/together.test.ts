// Two browsers and netcat in one conversation.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import { Cable } from '../tools/cable.ts'
import type { Person } from '../tools/person.ts'

const story = stories()

story(
  'the first account owns the server; everybody sees each message live, in order and once',
  async stage => {
    const ana = await stage.comes()
    await ana.reads(ana.words.entry.firstRun)
    await ana.registers('ana')
    const beto = await stage.registers('beto')
    const caro = await stage.server.register('caro')
    await ana.button(ana.words.sidebar.admin).waitFor()
    assert.equal(await beto.button(beto.words.sidebar.admin).count(), 0, 'beto owns nothing')

    await ana.write('hola desde mi navegador')
    await beto.sees('hola desde mi navegador')
    await caro.expect('ana: hola desde mi navegador\n')
    caro.say('y yo desde netcat')
    await beto.sees('y yo desde netcat')
    await beto.write('y yo desde el mío')
    await caro.expect('beto: y yo desde el mío\n')
    for (const [i, each] of [ana, beto, ana, beto].entries()) await each.write(`dicho ${i}`)
    for (let i = 0; i < 4; i++) await ana.sees(`dicho ${i}`)
    const first = ['hola desde mi navegador', 'y yo desde netcat', 'y yo desde el mío']
    const history = await stage.server.web.logIn('ana').then(web => web.do('GET', '/rooms/1/messages'))
    const all = history.messages.flatMap((each: { text?: string }) => each.text ?? [])
    assert.deepEqual(all.slice(0, 3), first)
    assert.equal(all.length, 7)
    for (const each of [ana, beto]) await each.seesExactly(all)
  },
)

story(
  'a message shows at once, as pending while the network is blocked, and is confirmed later',
  async stage => {
    using cable = await Cable.to(stage.server.port)
    const ana = await stage.registers('ana', { port: cable.port })
    const beto = await stage.server.register('beto')
    cable.pinch()
    await ana.write('nadie lo oye aún')
    await ana.pending('nadie lo oye aún').waitFor()
    await ana.page.getByLabel(ana.words.list.sending).waitFor()
    assert.equal(await ana.message('nadie lo oye aún').count(), 0)
    cable.release()
    await beto.expect('ana: nadie lo oye aún\n')
    await ana.sees('nadie lo oye aún')
    assert.equal(await ana.page.getByText('nadie lo oye aún').count(), 1, 'it is not there twice')
  },
)

story('a reply quotes its message, and the thread beside the room has both', async stage => {
  const [ana, beto] = [await stage.registers('ana'), await stage.registers('beto')]
  await ana.write('¿quién viene?')
  await beto.sees('¿quién viene?')
  await beto.does(beto.words.list.reply, '¿quién viene?')
  await beto.write('yo voy')
  await ana.sees('yo voy')
  const quote = ana.message('yo voy').getByRole('button', { name: ana.words.list.answers })
  assert.match(await quote.innerText(), /ana\s+¿quién viene\?/)

  await ana.does(ana.words.list.thread, '¿quién viene?')
  const thread = ana.panel(ana.words.thread.title)
  await thread.getByText('yo voy').waitFor()
  await thread.getByRole('textbox').fill('perfecto')
  await thread.getByRole('textbox').press('Enter')
  await thread.getByRole('article').filter({ hasText: 'perfecto' }).waitFor()
  assert.equal(await beto.message('perfecto').count(), 0, 'it stands in its thread alone')
  await thread.getByLabel(ana.words.thread.alsoInRoom('general', false)).check()
  await thread.getByRole('textbox').fill('también aquí')
  await thread.getByRole('textbox').press('Enter')
  for (const each of [ana, beto]) await each.sees('también aquí')
  await beto.message('también aquí').getByRole('button', { name: beto.words.list.answers }).waitFor()
  await beto.does(beto.words.list.reply, '¿quién viene?')
  await beto.write('llevo pan')
  await thread.getByText('llevo pan').waitFor()
  assert.deepEqual(await thread.getByRole('article').locator('.text').allInnerTexts(), [
    '¿quién viene?',
    'yo voy',
    'perfecto',
    'también aquí',
    'llevo pan',
  ])
  await thread.getByRole('button', { name: ana.words.close }).click()
  await thread.waitFor({ state: 'detached' })
})

story('a message is edited in place, and netcat is told', async stage => {
  const [ana, beto] = [await stage.registers('ana'), await stage.registers('beto')]
  const caro = await stage.server.register('caro')
  await ana.write('nos vemos a las 5')
  await beto.sees('nos vemos a las 5')
  await ana.does(ana.words.list.edit, 'nos vemos a las 5')
  const box = ana.page.locator('article').getByRole('textbox', { name: ana.words.list.edit })
  assert.equal(await box.inputValue(), 'nos vemos a las 5')
  await box.fill('nos vemos a las 6')
  await box.press('Enter')
  for (const each of [ana, beto]) {
    await each.sees('nos vemos a las 6')
    await each.message('nos vemos a las 6').getByText(each.words.list.edited).waitFor()
    await each.seesNoMore('nos vemos a las 5')
  }
  await caro.expect('nos vemos a las 6\n')
  await beto.message('nos vemos a las 6').hover()
  assert.equal(
    await beto.message('nos vemos a las 6').getByRole('button', { name: beto.words.list.edit }).count(),
    0,
  )
})

story('reactions are counted, and removed by the same button', async stage => {
  const [ana, beto] = [await stage.registers('ana'), await stage.registers('beto')]
  await ana.write('funciona')
  await beto.sees('funciona')
  const thumb = (person: Person, count: number) =>
    person.message('funciona').getByRole('button', { name: person.words.list.reaction('👍', count) })
  await beto.does(beto.words.list.reactWith('👍'), 'funciona')
  await thumb(ana, 1).click()
  for (const each of [ana, beto]) {
    await thumb(each, 2).waitFor()
    assert.equal(await thumb(each, 2).getAttribute('aria-pressed'), 'true')
  }
  await thumb(beto, 2).click()
  await thumb(beto, 1).waitFor()
  assert.equal(await thumb(beto, 1).getAttribute('aria-pressed'), 'false')
  await thumb(ana, 1).click()
  await thumb(beto, 1).waitFor({ state: 'detached' })

  await ana.does(ana.words.list.react, 'funciona')
  await ana.page.getByRole('combobox', { name: ana.words.emoji.search }).fill('tarta')
  await ana.page.getByRole('gridcell', { name: 'tarta' }).first().click()
  await beto
    .message('funciona')
    .getByRole('button', { name: /^(?:🎂|🍰|🥧|🧁), 1/ })
    .waitFor()
})

story('deleting a message asks first; then it is gone for everybody', async stage => {
  const [ana, beto] = [await stage.registers('ana'), await stage.registers('beto')]
  await beto.write('esto sobra')
  await ana.sees('esto sobra')
  const { erase, cancel } = beto.words
  await beto.chooses(beto.words.list.erase, 'esto sobra')
  await beto.dialog(erase.title).getByText('esto sobra').waitFor()
  await beto.dialog(erase.title).getByRole('button', { name: cancel }).click()
  await beto.dialog(erase.title).waitFor({ state: 'detached' })
  await ana.sees('esto sobra')
  await beto.chooses(beto.words.list.erase, 'esto sobra')
  await beto.dialog(erase.title).getByRole('button', { name: erase.yes }).click()
  for (const each of [ana, beto]) {
    await each.page.getByText(each.words.list.deleted).waitFor()
    await each.seesNoMore('esto sobra')
  }
})

story('the owner pins a message, and everybody finds it among the pins', async stage => {
  const [ana, beto] = [await stage.registers('ana'), await stage.registers('beto')]
  await beto.write('las notas, el viernes')
  await ana.sees('las notas, el viernes')
  await beto.button(beto.words.room.pins).click()
  await beto.panel(beto.words.room.pins).getByText(beto.words.pins.none).waitFor()
  await ana.chooses(ana.words.list.pin, 'las notas, el viernes')
  await beto.panel(beto.words.room.pins).getByText('las notas, el viernes').waitFor()
  await ana.chooses(ana.words.list.unpin, 'las notas, el viernes')
  await beto.panel(beto.words.room.pins).getByText(beto.words.pins.none).waitFor()
  await beto.message('las notas, el viernes').hover()
  await beto.does(beto.words.list.more, 'las notas, el viernes')
  await beto.page.getByRole('menuitem', { name: beto.words.list.reply }).waitFor()
  assert.equal(
    await beto.page.getByRole('menuitem', { name: beto.words.list.pin }).count(),
    0,
    'beto pins nothing',
  )
})

story('an invitation to a room is shown, also after a reload, and is accepted or declined', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  const web = await stage.server.web.logIn('ana')
  for (const name of ['club', 'otra']) {
    await web.do('POST', '/rooms', { name, kind: 'closed' })
    await web.do('PUT', `/rooms/${name}/asked/beto`)
  }
  const { roomInvitations } = beto.words
  await beto.page.getByText(roomInvitations.by('ana', 'otra')).waitFor()
  await beto.page.reload()
  await beto.button(roomInvitations.decline('otra')).click()
  await beto.page.getByText(roomInvitations.by('ana', 'otra')).waitFor({ state: 'detached' })
  await beto.button(roomInvitations.follow('club')).click()
  await beto.page.getByText(roomInvitations.title).waitFor({ state: 'detached' })
  await beto.page.waitForURL(/\/r\/club$/)
  await beto.write('gracias')
  const { members } = await web.do('GET', '/rooms/club/members')
  assert.deepEqual(
    members.map((each: { person: { username: string } }) => each.person.username),
    ['ana', 'beto'],
  )
  await ana.write('/convidar nadie')
  await ana.page.getByText(ana.words.refusals['no-such-person']).waitFor()
})
