// Texts stay as they were typed: on the screen, and when they are pasted.

import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { stories } from '../tools/browser.ts'

const story = stories()

const PYTHON =
  'def f(*args, **kwargs):\n    # comentario\n    if __name__ == "__main__":\n        return 5*6*7'

/** The text of an action (/me), on one line. */
async function told(message: Locator): Promise<string> {
  return (await message.locator('.message-content .action').innerText()).replace(/\s+/g, ' ')
}

story(
  'texts from netcat keep their spaces and characters, and texts from the web their marks',
  async stage => {
    const ana = await stage.registers('ana')
    const line = await stage.server.register('beto')
    const web = await stage.server.web.logIn('beto')
    line.say('/pegar')
    for (const each of [...PYTHON.split('\n'), '', '**no** `es` @ana', '.']) line.say(each)
    const pasted = ana.message('def f')
    await pasted.waitFor()
    const text = pasted.locator('.message-content .text')
    assert.equal(await text.innerText(), `${PYTHON}\n\n**no** \`es\` @ana`)
    assert.equal(await pasted.locator('.mention.me').innerText(), '@ana')
    assert.equal(await pasted.locator('strong, em, code').count(), 0)

    await ana.write(String.raw`**sí** ¯\_(ツ)_/¯ \\srv\x __init__`)
    const own = ana.message('srv')
    await own.locator('strong', { hasText: 'sí' }).waitFor()
    await line.expect(String.raw`ana: **sí** ¯\_(ツ)_/¯ \\srv\x __init__`)
    assert.equal(
      await own.locator('.message-content .text').innerText(),
      String.raw`sí ¯\_(ツ)_/¯ \\srv\x __init__`,
    )

    await ana.write('/me baila **mucho**')
    const action = ana.message('baila')
    await line.expect('*ana baila **mucho***\n')
    assert.equal(await told(action), 'ana baila mucho')
    line.say('/me salta')
    await ana.message('salta').waitFor()
    assert.equal(await told(ana.message('salta')), 'beto salta')

    // An edit over HTTP keeps the format; adding spaces alone is an edit, too.
    const { seq } = await web.do('POST', '/rooms/1/messages', { text: 'x = *y*', format: 'plain' })
    await ana.message('x = *y*').waitFor()
    await web.do('PATCH', `/rooms/1/messages/${seq}`, { text: '    x = *y*' })
    await ana.message('x = *y*').locator('.edited').waitFor()
    assert.equal(await ana.message('x = *y*').locator('.message-content .text').innerText(), '    x = *y*')
  },
)

story('a paste that looks like code can be formatted as code', async stage => {
  const ana = await stage.registers('ana')
  await ana.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const pastes = async (text: string) => {
    await ana.page.evaluate(pasted => navigator.clipboard.writeText(pasted), text)
    await ana.composer.press('ControlOrMeta+v')
  }
  const offer = ana.button(ana.words.composer.asCode)
  await ana.composer.fill('mira: ')
  await ana.composer.press('End')
  await pastes(PYTHON)
  await offer.click()
  assert.equal(await ana.composer.inputValue(), `mira: \n\`\`\`\n${PYTHON}\n\`\`\``)
  assert.equal(await offer.count(), 0)
  await ana.composer.press('Enter')
  const code = ana.message('def f').locator('pre code')
  await code.waitFor()
  assert.equal(await code.innerText(), PYTHON)

  await pastes('hola a todos\nnos vemos mañana, a las 5')
  assert.equal(await offer.count(), 0, 'no code')
  await ana.composer.fill('')
  await pastes('__init__')
  await offer.click()
  assert.equal(await ana.composer.inputValue(), '`__init__`')
  await ana.composer.fill('')
  await pastes('for (;;) {\n  x();\n}')
  await offer.waitFor()
  await ana.composer.press('End')
  await ana.composer.press('Control+A')
  await ana.composer.pressSequentially('otra cosa')
  await offer.waitFor({ state: 'detached' })
})
