// Threads: what stands below a message, the panel, the list of those that one follows.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'

const story = stories()
const SHOTS = process.env.SHOTS

story(
  'a thread beside the room: what stands below its first message, live and after a reload',
  async stage => {
    const ana = await stage.registers('ana')
    const beto = await stage.registers('beto')
    await ana.write('¿Cuándo es la entrega?')
    const { thread, threads, list } = beto.words
    await beto.does(list.thread, '¿Cuándo es la entrega?')
    const answer = beto.page.locator('#thread-composer')
    await answer.fill('El lunes')
    await answer.press('Enter')
    const summary = ana.message('¿Cuándo es la entrega?').locator('[data-thread]')
    await summary.getByText(thread.answers(1)).waitFor()
    await summary.getByText(thread.unread(1)).waitFor()
    assert.equal(await ana.message('El lunes').count(), 0, 'it stands in its thread alone')
    const link = ana.sidebar.getByRole('button', { name: threads.title })
    await link.getByText('1').waitFor()

    await answer.fill('Con @ana lo hablamos')
    await beto.field(thread.alsoInRoom('general', false)).check()
    await answer.press('Enter')
    await ana.sees('Con @ana lo hablamos')
    await summary.getByText(thread.answers(2)).waitFor()
    await ana.goes('/r/general')
    await summary.getByText(thread.answers(2)).waitFor()
    if (SHOTS) await ana.page.screenshot({ path: `${SHOTS}/threads-room.png` })
    await link.click()
    const panel = ana.panel(threads.title)
    await panel.getByText('Con @ana lo hablamos').waitFor()
    if (SHOTS) await ana.page.screenshot({ path: `${SHOTS}/threads-list.png` })
    await panel.getByRole('link').first().click()
    const open = ana.panel(thread.title)
    await open.getByText('El lunes').waitFor()
    await link.getByText('1').waitFor({ state: 'detached' })
    if (SHOTS) await ana.page.screenshot({ path: `${SHOTS}/threads-panel.png` })

    const row = open.locator('article', { hasText: 'El lunes' })
    await row.hover()
    await row.getByRole('button', { name: list.reactWith('👍') }).click()
    await beto.panel(thread.title).locator('.reactions').getByText('👍').waitFor()
    const own = beto.panel(thread.title).locator('article', { hasText: 'El lunes' })
    await own.focus()
    await own.press('e')
    const editor = beto.panel(thread.title).locator('.editor textarea')
    await editor.fill('El martes')
    await editor.press('Enter')
    await open.getByText('El martes').waitFor()
    const apart = Number(
      await row.or(open.locator('article', { hasText: 'El martes' })).getAttribute('data-seq'),
    )
    await ana.goes(`/r/general/${apart}`)
    await open.getByText('El martes').waitFor()
    await ana.button(thread.unfollow).click()
    await ana.button(thread.follow).waitFor()
    await link.click()
    await ana.panel(threads.title).getByText(threads.none).waitFor()
    const edited = beto.panel(thread.title).locator('article', { hasText: 'El martes' })
    await edited.focus()
    await edited.press('Delete')
    await beto.button(beto.words.erase.yes).click()
    await summary.getByText(thread.answers(1)).waitFor()
  },
)
