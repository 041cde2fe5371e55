// Search, permalinks, and what is unread.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'
import { patiently } from '../tools/patiently.ts'

const story = stories()

story('filters of a search show as chips, which are typed, inserted and removed', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.server.web.register('beto')
  await beto.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await beto.do('POST', '/rooms/1/messages', { text: 'la fibra llega el lunes' })
  await beto.do('POST', '/rooms/1/messages', { text: 'otra fibra: https://fibra.example' })
  await ana.write('la fibra ya llegó')
  await ana.sees('la fibra ya llegó')

  await ana.page.keyboard.press('Control+Shift+f')
  const { search, list, close } = ana.words
  const panel = ana.panel(search.title)
  const box = panel.getByRole('searchbox')
  const finds = async (...wanted: string[]) => {
    let found: string[] = []
    await patiently(
      async () =>
        (found = await panel.getByRole('article').locator('.found').allInnerTexts()).join() === wanted.join(),
      () => `found ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`,
    )
  }
  await box.fill('fibra')
  await box.press('Enter')
  await finds('la fibra ya llegó', 'otra fibra: https://fibra.example', 'la fibra llega el lunes')
  assert.deepEqual(await panel.locator('mark').allInnerTexts(), ['fibra', 'fibra', 'fibra', 'fibra'])
  await box.fill('fibra de:beto -lunes')
  await box.press('Enter')
  await finds('otra fibra: https://fibra.example')
  await panel.getByRole('button', { name: search.drop('-lunes') }).click()
  await box.press('Enter')
  await finds('otra fibra: https://fibra.example', 'la fibra llega el lunes')
  await panel.getByRole('button', { name: `${search.has}:` }).click()
  assert.equal(await box.inputValue(), `fibra de:beto ${search.has}:${search.link} `)
  await box.press('Enter')
  await finds('otra fibra: https://fibra.example')
  await box.fill('"fibra llega"')
  await box.press('Enter')
  await finds('la fibra llega el lunes')
  await panel.getByRole('button', { name: list.goTo }).click()
  await ana.page.locator('article.highlighted', { hasText: 'la fibra llega el lunes' }).waitFor()
  await panel.getByRole('button', { name: close }).click()
  await panel.waitFor({ state: 'detached' })
})

story('a search by day means the days of the dividers', async stage => {
  const web = await stage.server.web.register('ana')
  const { at } = await web.do('POST', '/rooms/1/messages', { text: 'aguja' })
  for (const timezoneId of ['Pacific/Kiritimati', 'Etc/GMT+12']) {
    const ana = await stage.logsIn('ana', { timezoneId })
    const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezoneId).toPlainDate()
    await ana.page.getByText(day.toLocaleString('es', { dateStyle: 'full' })).waitFor()
    const panel = ana.panel(ana.words.search.title)
    await ana.goes(`/r/general#search/antes:${day}`)
    await panel.getByText(ana.words.search.nothing).waitFor()
    await ana.goes(`/r/general#search/antes:${day.add({ days: 1 })}`)
    await panel.getByRole('article').locator('.found', { hasText: 'aguja' }).waitFor()
  }
})

story(
  'a permalink opens at its message, however far back; a date at its first message',
  async stage => {
    const web = await stage.server.web.register('ana')
    for (let i = 0; i < 300; i++) await web.do('POST', '/rooms/1/messages', { text: `número ${i}` })
    const { messages } = await web.do('GET', '/rooms/1/messages?after=0&limit=40')
    const far = messages.find((each: { text?: string }) => each.text === 'número 17')
    const ana = await stage.comes({ path: `/r/general/${far.seq}` })
    await ana.logsIn('ana')
    await ana.isInSight('número 17')
    assert.match((await ana.message(/^número 17$/).getAttribute('class')) ?? '', /highlighted/)
    await ana.button(ana.words.list.newest).click()
    await ana.isInSight('número 299')

    await ana.button(ana.words.room.jump).click()
    await ana.dialog(ana.words.date.title).getByRole('button', { name: ana.words.date.go }).click()
    await ana.dialog(ana.words.date.title).waitFor({ state: 'detached' })
    await ana.isInSight('número 0')
  },
  { args: ['--no-limits'] },
)

story('messages that came meanwhile stand after a line; badges and the title count them', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.server.register('beto')
  const caro = await stage.server.web.register('caro')
  await caro.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await caro.do('PUT', '/rooms/redes/members/ana')
  beto.say('leído')
  await ana.sees('leído')
  await ana.opens('redes')
  beto.say('uno')
  beto.say('dos, @ana')
  await ana.room('general').getByText(`1 ${ana.words.sidebar.mentions}`).waitFor()
  await ana.title('(1) #redes · Tertulia')
  await caro.do('POST', '/direct', { people: ['ana'] })
  await caro.do('POST', '/rooms/3/messages', { text: 'solo a ti' })
  await ana.room('caro').getByText(`1 ${ana.words.sidebar.unread}`).waitFor()
  await ana.title('(2) #redes · Tertulia')

  await ana.opens('general')
  await ana.standsBehindLine('uno')
  await ana.isInSight('dos, @ana')
  await ana.title('(1) #general · Tertulia')
  assert.equal(await ana.room('general').locator('.badge').count(), 0)

  await ana.looksAway()
  beto.say('mientras no miras')
  await ana.sees('mientras no miras')
  await ana.title('(1) #general · Tertulia')
  await ana.room('general').getByText(ana.words.sidebar.hasNew).waitFor()
  await ana.standsBehindLine('mientras no miras')
  await ana.looksBack()
  await ana.room('general').getByText(ana.words.sidebar.hasNew).waitFor({ state: 'detached' })
})

story('a message that is read in one browser is read in another and in netcat', async stage => {
  const ana = await stage.registers('ana')
  const caro = await stage.server.web.register('caro')
  await caro.do('POST', '/rooms', { name: 'redes', kind: 'open' })
  await caro.do('PUT', '/rooms/redes/members/ana')
  await ana.room('redes').waitFor()
  const second = await stage.logsIn('ana')
  const badge = async (count: number) => {
    for (const each of [ana, second]) {
      if (count === 0) await each.room('redes').locator('.badge').waitFor({ state: 'detached' })
      else await each.room('redes').getByText(`${count} ${each.words.sidebar.mentions}`).waitFor()
    }
  }
  await caro.do('POST', '/rooms/redes/messages', { text: 'para @ana' })
  await badge(1)
  const line = await stage.server.logIn('ana')
  await line.expect('#redes 1 (')
  line.say('salir')
  await ana.opens('redes')
  await ana.isInSight('para @ana')
  await badge(0)
  await second.title('#general · Tertulia')

  await ana.opens('general')
  await caro.do('POST', '/rooms/redes/messages', { text: 'otra para @ana' })
  await badge(1)
  const again = await stage.server.logIn('ana')
  await again.expect('#redes 1 (')
  again.say('/unirse redes')
  await again.expect('caro: otra para @ana\n')
  again.say('salir')
  await badge(0)
})
