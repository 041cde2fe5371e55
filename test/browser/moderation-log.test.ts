// The moderation log, as those who moderate read it in the app.

import { stories } from '../tools/browser.ts'

const story = stories()

story(
  'a room’s log grows while one reads it; the server’s has accounts too, and is filtered by person',
  async stage => {
    const ana = await stage.registers('ana')
    const web = await stage.server.web.logIn('ana')
    const beto = await stage.server.web.register('beto')
    await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
    await beto.do('PUT', '/rooms/redes/members/beto')
    const { seq } = await beto.do('POST', '/rooms/redes/messages', { text: 'ruido' })
    await web.do('DELETE', `/rooms/redes/messages/${seq}`)
    await ana.opens('redes')
    await ana.button(ana.words.room.more).click()
    await ana.page.getByRole('menuitem', { name: ana.words.room.log }).click()
    const panel = ana.panel(ana.words.room.log)
    await panel.getByText('ana borró un mensaje de beto.').waitFor()
    await web.do('DELETE', '/rooms/redes/members/beto?reason=ruido')
    await panel.getByText('ana sacó a beto: ruido').waitFor()
    await web.do('PUT', '/people/beto/role', { role: 'admin' })
    await web.do('PATCH', '/rooms/redes', { topic: 'capas' })
    await ana.goes('/r/redes#people/log')
    const dialog = ana.dialog(ana.words.people.title)
    await dialog.getByText('ana dio a beto el papel de admin en el servidor.').waitFor()
    await dialog.getByText('ana puso el tema: capas').waitFor()
    await dialog.getByRole('searchbox').fill('beto')
    await dialog.getByRole('searchbox').press('Enter')
    await dialog.getByText('ana puso el tema: capas').waitFor({ state: 'detached' })
    await dialog.getByText('ana sacó a beto: ruido').waitFor()
  },
)
