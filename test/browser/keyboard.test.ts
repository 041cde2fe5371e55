// Using the app without a mouse, from logging in to logging out; the focus never gets lost.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import type { Person } from '../tools/person.ts'

const story = stories()

async function presses(ana: Person, ...keys: string[]): Promise<void> {
  for (const key of keys) await ana.page.keyboard.press(key)
}

async function types(ana: Person, text: string): Promise<void> {
  await ana.page.keyboard.type(text)
}

async function isOn(ana: Person, what: string | RegExp): Promise<void> {
  let focused = ''
  const found = () => (typeof what === 'string' ? focused === what : what.test(focused))
  await patiently(
    async () => {
      focused = await ana.focused()
      return found()
    },
    () => `the focus is on ${JSON.stringify(focused)}, never on ${what}`,
  )
}

/** What held the focus is gone: within two frames it is somewhere, and not on the page as a whole. */
async function keepsFocus(ana: Person): Promise<void> {
  await patiently(
    async () => (await ana.focused()) !== 'body',
    () => 'the focus is lost',
  )
}

/** Presses Tab until that has the focus. */
async function tabsTo(ana: Person, what: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let i = 0; i < 60; i++) {
    const focused = await ana.focused()
    if (typeof what === 'string' ? focused === what : what.test(focused)) return
    passed.push(focused)
    await ana.page.keyboard.press(key)
  }
  assert.fail(`${key} never came to ${what}, but ${JSON.stringify(passed)}`)
}

story(
  'logging in, changing rooms, writing, replying, editing, reacting and browsing work by keys alone',
  async stage => {
    const beto = await stage.server.web.register('beto')
    await stage.server.web.register('ana')
    await beto.do('POST', '/rooms', { name: 'redes', kind: 'open' })
    await beto.do('PUT', '/rooms/redes/members/ana')
    await beto.do('POST', '/rooms/redes/messages', { text: 'hola, ana' })
    const ana = await stage.comes()
    const { words } = ana
    await ana.field(words.entry.username).waitFor()
    await patiently(
      async () => (await ana.page.evaluate('document.activeElement.name')) === 'username',
      () => 'the form does not wait for a name',
    )
    await types(ana, 'ana')
    await presses(ana, 'Tab')
    await types(ana, PASSWORD)
    await presses(ana, 'Enter')
    await ana.isIn('ana')

    await tabsTo(ana, /^redes/)
    await presses(ana, 'Enter')
    await ana.isAt('redes')
    await tabsTo(ana, words.composer.placeholder('redes', false))
    await types(ana, 'hola, beto')
    await presses(ana, 'Enter')
    await ana.sees('hola, beto')

    await presses(ana, 'Escape')
    await isOn(ana, /^ana, /)
    await presses(ana, 'ArrowUp')
    await isOn(ana, /^beto, /)
    await presses(ana, 'r')
    await isOn(ana, words.composer.placeholder('redes', false))
    await types(ana, '¿qué tal?')
    await presses(ana, 'Enter')
    await ana.message('¿qué tal?').getByRole('button', { name: words.list.answers }).waitFor()

    await presses(ana, 'Escape', 'e')
    await isOn(ana, words.list.edit)
    await presses(ana, 'End')
    await types(ana, ' ¿Todo bien?')
    await presses(ana, 'Enter')
    await ana.sees('¿qué tal? ¿Todo bien?')
    await isOn(ana, /^ana, /)

    await presses(ana, 'ArrowUp', 'ArrowUp')
    await isOn(ana, /^beto, /)
    await tabsTo(ana, words.list.more)
    await presses(ana, 'Enter')
    await ana.page.getByRole('menu').waitFor()
    await presses(ana, 'ArrowDown')
    await isOn(ana, words.list.react)
    await presses(ana, 'Enter')
    await isOn(ana, words.emoji.search)
    await types(ana, 'tarta')
    await ana.page.getByRole('gridcell').first().waitFor()
    await presses(ana, 'Enter')
    await ana.message('hola, ana').getByRole('button', { pressed: true }).waitFor()
    await ana.page.getByRole('dialog').waitFor({ state: 'detached' })
    await keepsFocus(ana)
  },
)

story('what a key has opened, a key closes, and the focus is where it was', async stage => {
  const ana = await stage.registers('ana')
  const { words } = ana
  await ana.write('hola')
  await ana.sees('hola')
  await presses(ana, 'Escape')
  await isOn(ana, /^ana, /)
  const here = await ana.focused()

  const opens = async (key: string, title: string) => {
    await presses(ana, key)
    await ana.dialog(title).waitFor()
    await presses(ana, 'Escape')
    await ana.dialog(title).waitFor({ state: 'detached' })
    await isOn(ana, here)
  }
  await opens('?', words.keys.title)
  await opens('d', words.doors.title(await ana.seqOf('hola')))
  await opens('Delete', words.erase.title)
  await presses(ana, 't')
  await isOn(ana, words.thread.title)
  await presses(ana, 'Escape')
  await ana.panel(words.thread.title).waitFor({ state: 'detached' })
  await isOn(ana, here)
  await presses(ana, 'Control+Shift+f')
  await isOn(ana, words.search.placeholder)
  await tabsTo(ana, words.close, 'Shift+Tab')
  await presses(ana, 'Enter')
  await ana.panel(words.search.title).waitFor({ state: 'detached' })
  await isOn(ana, here)
  await tabsTo(ana, words.list.more)
  await presses(ana, 'Enter')
  await ana.page.getByRole('menu').waitFor()
  await presses(ana, 'Escape')
  await ana.page.getByRole('menu').waitFor({ state: 'detached' })
  await isOn(ana, here)

  for (const [button, title] of [
    [words.settings.title, words.settings.title],
    [words.sidebar.findRooms, words.rooms.title],
    [words.sidebar.newDirect, words.direct.title],
    [words.sidebar.admin, words.people.title],
    [words.room.jump, words.date.title],
    [words.room.level, words.level.title('general')],
  ] as const) {
    await tabsTo(ana, button, 'Shift+Tab')
    await presses(ana, 'Enter')
    await ana.dialog(title).waitFor()
    await presses(ana, 'Escape')
    await ana.dialog(title).waitFor({ state: 'detached' })
    await isOn(ana, button)
  }
  for (const [button, title] of [
    [words.room.members, words.room.members],
    [words.room.pins, words.room.pins],
  ] as const) {
    await tabsTo(ana, button)
    await presses(ana, 'Enter')
    await isOn(ana, title)
    await presses(ana, 'Escape')
    await ana.panel(title).waitFor({ state: 'detached' })
    await isOn(ana, button)
  }
  await tabsTo(ana, words.room.more)
  await presses(ana, 'Enter')
  await ana.page.getByRole('menu').waitFor()
  await presses(ana, 'Escape')
  await isOn(ana, words.room.more)
})

story('after a dialog or form that a message’s menu opened, the message has the focus', async stage => {
  const ana = await stage.registers('ana')
  const { words } = ana
  await ana.write('hola')
  await ana.sees('hola')
  const chooses = async (item: string) => {
    await presses(ana, 'Escape')
    await isOn(ana, /^ana, /)
    await tabsTo(ana, words.list.more)
    await presses(ana, 'Enter')
    const there = ana.page.getByRole('menuitem', { name: item })
    await there.waitFor()
    for (let i = 0; i < 12 && !(await ana.focused()).startsWith(item); i++) await presses(ana, 'ArrowDown')
    await presses(ana, 'Enter')
    await there.waitFor({ state: 'detached' })
  }
  await ana.composer.focus()
  await chooses(words.list.reply)
  await isOn(ana, words.composer.placeholder('general', false))
  await presses(ana, 'Escape')
  await chooses(words.list.edit)
  await isOn(ana, words.list.edit)
  await presses(ana, 'Escape')
  await isOn(ana, /^ana, /)
  for (const [item, title] of [
    [words.list.doors, words.doors.title(await ana.seqOf('hola'))],
    [words.list.erase, words.erase.title],
  ] as const) {
    await ana.composer.focus()
    await chooses(item)
    await ana.dialog(title).waitFor()
    await presses(ana, 'Escape')
    await ana.dialog(title).waitFor({ state: 'detached' })
    await isOn(ana, /^ana, /)
  }
  await ana.composer.focus()
  await chooses(words.list.thread)
  await isOn(ana, words.thread.title)
  await presses(ana, 'Escape')
  await ana.panel(words.thread.title).waitFor({ state: 'detached' })
  await keepsFocus(ana)
})
