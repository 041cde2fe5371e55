// The XSS corpus as messages, topics and names.

import assert from 'node:assert/strict'
import { xssTexts } from '../clients/xss-corpus.ts'
import { stories } from '../tools/browser.ts'
import { readThrough } from '../tools/reading.ts'

const story = stories()

story(
  'hostile texts, topics and names run nothing, load nothing and add nothing to the page',
  async stage => {
    const requests: string[] = []
    const ana = await stage.registers('ana')
    const origin = `http://localhost:${stage.server.port}`
    ana.page.on('request', request => requests.push(request.url()))
    ana.page.on('framenavigated', frame => requests.push(frame.url()))
    ana.page.context().on('page', other => requests.push(`window ${other.url()}`))
    const mallory = await stage.server.web.register('mallory')
    const web = await stage.server.web.logIn('ana')
    let posted = 0
    for (const [, text] of xssTexts) {
      const { status } = await mallory.ask('POST', '/rooms/1/messages', { text })
      if (status < 300) posted++
    }
    assert.ok(posted > xssTexts.length * 0.9, `${posted} of ${xssTexts.length} were taken`)
    for (const [i, [, text]] of xssTexts.entries()) {
      if (i % 8 !== 0) continue
      const line = text.replace(/\s+/g, ' ')
      await web.ask('PATCH', '/rooms/1', { topic: line.slice(0, 300) })
      await mallory.ask('PATCH', '/me', { name: line.slice(0, 64), status: line.slice(0, 100) })
    }
    await readThrough(ana, 'up')
    await ana.goes('/r/general#person/mallory')
    await ana.panel(ana.words.person.title).waitFor()
    await ana.goes('/r/general#members')
    await ana.panel(ana.words.room.members).getByRole('button', { name: 'mallory' }).waitFor()
    await ana.goes('/r/general#search/pwned')
    await ana.panel(ana.words.search.title).getByRole('article').first().waitFor()
    assert.deepEqual(await ana.page.evaluate(FOREIGN), [])
    assert.equal(await ana.page.evaluate('typeof window.__pwned'), 'undefined')
    assert.deepEqual(
      requests.filter(url => !url.startsWith(origin) && !url.startsWith('data:image/svg+xml')),
      [],
    )
  },
  { args: ['--no-limits'] },
)

const FOREIGN = `[...document.querySelectorAll('[role="log"], .panel, .room-header')].flatMap(place =>
  [...place.querySelectorAll('script, iframe, object, embed, img, form:not([role="search"]), style, link, base, meta, video, audio, [onclick], [onerror], [style*="url"]')]
    .map(({ outerHTML }) => outerHTML))`
