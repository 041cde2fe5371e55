// Printing a conversation.

import assert from 'node:assert/strict'
import { stories } from '../tools/browser.ts'

const story = stories()

/** Enough for several requests and several pages of paper; more than are printed. */
const [MANY, TOO_MANY, MOST] = [450, 2100, 2000]

story(
  'the whole conversation is printed, not one screen of it',
  async stage => {
    const beto = await stage.server.web.register('beto')
    using live = await beto.connect()
    const saysUpTo = async (last: number) => {
      for (let i = live.texts().length + 1; i <= last; i++)
        void live.client.post(1, `mensaje ${i} **importante**`)
      await live.expect(`mensaje ${last} **importante**`)
    }
    await saysUpTo(MANY)
    const ana = await stage.registers('ana', { colorScheme: 'dark' })
    await ana
      .message(/mensaje 1 /)
      .first()
      .waitFor()
    const { page } = ana
    const printed = page.locator('.printed')
    /** Fires the browser's event before printing, and reads the page as it is printed. */
    const prints = async (look: () => Promise<void>) => {
      await page.emulateMedia({ media: 'print' })
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
      await look()
      await page.evaluate(() => dispatchEvent(new Event('afterprint')))
      await printed.waitFor({ state: 'detached' })
      await page.emulateMedia({ media: null })
    }
    assert.equal(await printed.count(), 0)
    await prints(async () => {
      assert.equal(await printed.locator('article').count(), MANY)
      assert.equal(await printed.locator('article .text').first().innerText(), 'mensaje 1 importante')
      assert.ok(await printed.isVisible())
      assert.ok(!(await ana.composer.isVisible()) && !(await page.locator('.sidebar').isVisible()))
      assert.equal(
        await printed
          .locator('p')
          .last()
          .evaluate(line => getComputedStyle(line).color),
        'rgb(0, 0, 0)',
      )
      assert.equal(await printed.getByText(ana.words.print.part).count(), 0)
    })
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
    const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0
    assert.ok(pages > 5, `${pages} pages`)

    await saysUpTo(TOO_MANY)
    await page.reload()
    await ana.isIn()
    await ana
      .message(/mensaje /)
      .first()
      .waitFor()
    await page.locator('.to-newest').click()
    await ana.message(`mensaje ${TOO_MANY} `).waitFor()
    await prints(async () => {
      assert.equal(await printed.locator('article').count(), MOST)
      const first = `mensaje ${TOO_MANY - MOST + 1} importante`
      assert.equal(await printed.locator('article .text').first().innerText(), first)
      assert.ok(await printed.getByText(ana.words.print.part).isVisible())
    })
  },
  { args: ['--no-limits'] },
)
