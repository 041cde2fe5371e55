// What changes of people and rooms changes wherever it is shown, at once.

import { moderationWords } from '../../src/wording/moderation-words.ts'
import { stories } from '../tools/browser.ts'

const story = stories()

story('another name, status or username is shown everywhere at once', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.server.web.register('beto')
  await beto.do('POST', '/rooms/general/messages', { text: 'soy beto' })
  await ana.sees('soy beto')
  await ana.goes('/r/general#person/beto')
  const profile = ana.panel(ana.words.person.title)
  await profile.getByRole('heading', { name: 'Beto', exact: true }).waitFor()
  await beto.do('PATCH', '/me', { name: 'Alberto Pérez', status: 'en clase' })
  await profile.getByRole('heading', { name: 'Alberto Pérez' }).waitFor()
  await profile.getByText('en clase').waitFor()
  await ana.goes('/r/general#members')
  const members = ana.panel(ana.words.room.members)
  await members.getByText('Alberto Pérez').waitFor()
  await beto.do('PATCH', '/me', { name: 'Beto P.' })
  await members.getByText('Beto P.').waitFor()
})

story('archived rooms are in a list of their own, from which they are opened and reopened', async stage => {
  const ana = await stage.registers('ana')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'vieja', kind: 'open' })
  await ana.room('vieja').waitFor()
  await web.do('PATCH', '/rooms/vieja', { archived: true })
  await ana.room('vieja').waitFor({ state: 'detached' })
  const { rooms, composer } = ana.words
  await ana.goes('/r/general#rooms')
  const dialog = ana.dialog(rooms.title)
  await dialog.getByRole('button', { name: rooms.archived }).click()
  await dialog.getByRole('button', { name: `${rooms.open} #vieja`, exact: true }).click()
  await ana.reads(composer.closed.archived())
  await ana.goes('/r/general#rooms/archived')
  const reopen = dialog.getByRole('button', { name: `${composer.reopen} #vieja` })
  await reopen.click()
  await reopen.waitFor({ state: 'detached' })
  await ana.page.keyboard.press('Escape')
  await ana.room('vieja').waitFor()
})

story(
  'a room asks for its key at the first attempt; that it was wrong is said until one types',
  async stage => {
    const owner = await stage.server.web.register('ana')
    const beto = await stage.registers('beto')
    await owner.do('POST', '/rooms', { name: 'redes', kind: 'open' })
    await owner.do('PATCH', '/rooms/redes', { key: 'sésamo' })
    const { rooms, notAMember, refusals } = beto.words
    await beto.goes('/r/general#rooms')
    await beto
      .dialog(rooms.title)
      .getByRole('button', { name: `${rooms.join} #redes` })
      .click()
    const key = beto.page.getByLabel(notAMember.key)
    await key.fill('ábrete')
    await beto.button(notAMember.join).click()
    const error = beto.page.getByRole('alert').filter({ hasText: refusals['wrong-key'] })
    await error.waitFor()
    await key.fill('s')
    await error.waitFor({ state: 'detached' })
    await key.fill('sésamo')
    await beto.button(notAMember.join).click()
    await beto.isAt('redes')
  },
)

story(
  'whom one has blocked before the page was loaded is back as soon as they are unblocked',
  async stage => {
    await stage.server.web.register('ana')
    await stage.server.web.register('beto')
    const [anaWeb, betoWeb] = [await stage.server.web.logIn('ana'), await stage.server.web.logIn('beto')]
    const { id } = await betoWeb.do('POST', '/direct', { people: ['ana'] })
    await betoWeb.do('POST', `/rooms/${id}/messages`, { text: 'antes' })
    await anaWeb.do('PUT', '/me/blocks/beto')
    const ana = await stage.logsIn('ana')
    await ana.goes(`/r/${id}`)
    await ana.reads(ana.words.composer.closed.blocked('', 'beto'))
    await ana.button(ana.words.composer.unblock).click()
    await ana.composer.waitFor()
    await ana.sees('antes')
    await ana.room('beto').waitFor()
  },
)

story('two moderators who act at once are both told what is so', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.server.web.register('beto')
  await stage.server.web.register('caro')
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  for (const name of ['beto', 'caro']) await web.do('PUT', `/rooms/redes/members/${name}`)
  await web.do('PUT', '/rooms/redes/roles/beto', { role: 'moderator' })
  await ana.goes('/r/redes#ban/caro')
  const { es } = moderationWords
  const dialog = ana.dialog(es.mute.title('caro', 'redes'))
  await ana.goes('/r/redes#mute/caro')
  await dialog.getByLabel(es.reason).fill('ruido')
  await beto.do('DELETE', '/rooms/redes/members/caro')
  await dialog.getByRole('button', { name: es.mute.yes }).click()
  await ana.page.getByText(ana.words.refusals['not-there']).waitFor()
})
