// The app on a phone: a small screen, and touch.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import type { Person } from '../tools/person.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }

const story = stories()

async function fits(ana: Person): Promise<void> {
  const wide = await ana.page.evaluate<string[]>(TOO_WIDE)
  assert.deepEqual(wide, [], 'nothing stands out sideways')
}

/** Whatever scrolls sideways in its own box, as code does, does not count. */
const TOO_WIDE = `(() => {
  const page = document.scrollingElement
  scrollTo(50, 0)
  const moved = page.scrollLeft
  scrollTo(0, 0)
  const lists = [...document.querySelectorAll('[role="log"], .scrolled, .inside')]
  return [
    ...(moved > 0 ? ['the page scrolls by ' + moved] : []),
    ...lists.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.className + ' is ' + each.scrollWidth),
  ]
})()`

story('the sidebar opens and closes, panels cover the room, Back closes both', async stage => {
  const ana = await stage.registers('ana', PHONE)
  const { words, page } = ana
  const web = await stage.server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await web.do('POST', '/rooms/1/messages', { text: `palabra${'muylarga'.repeat(60)}` })
  await web.do('POST', '/rooms/1/messages', { text: `\`\`\`\n${'código '.repeat(60)}\n\`\`\`` })
  await ana.reads(/^palabramuylarga/)
  await fits(ana)
  assert.ok(!(await ana.isInside(ana.sidebar)), 'the rooms are not in the way')
  await ana.button(words.room.menu).tap()
  await ana.comesInside(ana.sidebar)
  await fits(ana)
  await page.goBack()
  await ana.goesOutside(ana.sidebar)
  await ana.button(words.room.menu).tap()
  await ana.comesInside(ana.sidebar)
  await ana.room('redes').tap()
  await ana.isAt('redes')
  await ana.goesOutside(ana.sidebar)
  await page.goBack()
  await ana.isAt('general')
  await ana.goesOutside(ana.sidebar)

  await ana.button(words.room.members).tap()
  const panel = ana.panel(words.room.members)
  await panel.getByRole('button', { name: 'ana' }).waitFor()
  const box = await panel.boundingBox()
  assert.ok(box && box.x === 0 && box.width === 390 && box.height === 844, JSON.stringify(box))
  await fits(ana)
  await page.goBack()
  await panel.waitFor({ state: 'detached' })
  await ana.isAt('general')
  for (const place of [
    'search',
    'settings/sessions',
    'settings/look',
    'people',
    'keys',
    'rooms',
    'doors/2',
  ]) {
    await ana.goes(`/r/general#${place}`)
    await page.getByRole('dialog').or(page.getByRole('complementary')).first().waitFor()
    await fits(ana)
  }
})

story('a long press opens a message’s menu', async stage => {
  const ana = await stage.registers('ana', PHONE)
  const { words } = ana
  await ana.composer.fill('hola')
  await ana.button(words.composer.send).tap()
  await ana.sees('hola')
  await ana.pressesLong(ana.message('hola'))
  await ana.page.getByRole('menuitem', { name: words.list.reply }).tap()
  await ana.composer.fill('¿qué hay?')
  await ana.button(words.composer.send).tap()
  await ana.message('¿qué hay?').getByRole('button', { name: words.list.answers }).waitFor()
  await ana.pressesLong(ana.message('hola'))
  await ana.page.getByRole('menuitem', { name: words.list.react }).tap()
  await ana.page.getByRole('gridcell').first().tap()
  await ana.message('hola').getByRole('button', { pressed: true }).waitFor()
  await fits(ana)
})
