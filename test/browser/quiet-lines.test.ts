// What happened in a room, between its messages: the same as it happens and after a reload.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import type { Person } from '../tools/person.ts'

const story = stories()

/** The texts of the list's rows, without times. */
async function rows(ana: Person): Promise<string[]> {
  const shown = await ana.page.locator('.scroller .event, .scroller article .body').allInnerTexts()
  return shown.map(text =>
    text
      .replace(/^\d+:\d+\s*(?:[ap]\.?\s?m\.?)?\s*/i, '')
      .replace(/\s+/g, ' ')
      .trim(),
  )
}

story('what happened is told the same live and after a reload, folded where it is much', async stage => {
  const ana = await stage.registers('ana')
  const { events, list } = ana.words
  const web = await stage.server.web.logIn('ana')
  const names = ['beto', 'caro', 'dani', 'eli', 'fito']
  const others = await Promise.all(names.map(name => stage.server.web.register(name)))
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await ana.opens('redes')
  const { seq } = await web.do('POST', '/rooms/redes/messages', { text: 'primera clase' })
  await web.do('PUT', `/rooms/redes/pins/${seq}`)
  await web.do('PATCH', '/rooms/redes', { topic: 'capa física' })
  const { seq: gone } = await web.do('POST', '/rooms/redes/messages', { text: 'se borra' })
  await web.do('DELETE', `/rooms/redes/messages/${gone}`)
  await web.do('POST', '/rooms/redes/messages', { text: 'segunda clase' })
  for (const [i, each] of others.entries()) await each.do('PUT', `/rooms/redes/members/${names[i]}`)
  await others[0]?.do('DELETE', '/rooms/redes/members/beto')
  const folded = events.folded({ joined: 5, left: 1, removed: 0, erased: 0, other: 0, more: false })
  await ana.button(folded).waitFor()
  const live = await rows(ana)
  assert.ok(live.includes(`${events.pinned('ana')} ${events.seePinned}`), live.join('\n'))
  assert.ok(live.includes(events.retitled('ana', 'capa física')), live.join('\n'))
  assert.ok(
    live.some(text => text.includes(list.deleted)),
    live.join('\n'),
  )
  await ana.page.reload()
  await ana.button(folded).waitFor()
  assert.deepEqual(await rows(ana), live)

  await ana.button(folded).click()
  await ana.reads(events.arrived('dani'))
  await ana.button(folded).click()
  await ana.page.getByText(events.arrived('dani')).waitFor({ state: 'detached' })

  // As many as the server folds by itself.
  const [, caro] = others
  for (let i = 0; i < 12; i++) {
    await caro?.do('DELETE', '/rooms/redes/members/caro')
    await caro?.do('PUT', '/rooms/redes/members/caro')
  }
  await web.do('POST', '/rooms/redes/messages', { text: 'tercera clase' })
  await ana.sees('tercera clase')
  const more = events.folded({ joined: 5, left: 2, removed: 0, erased: 0, other: 0, more: false })
  await ana.button(more).waitFor()
  const before = await rows(ana)
  await ana.page.reload()
  await ana.button(more).waitFor()
  assert.deepEqual(await rows(ana), before)
  await ana.button(more).click()
  await ana.reads(events.left('beto', '', ''))
})
