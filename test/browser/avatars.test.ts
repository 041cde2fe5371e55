// Pictures of people and rooms in the web app: chosen, cropped, seen by others at once, removed.

import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import sharp from 'sharp'
import { stories } from '../tools/browser.ts'
import { patiently } from '../tools/patiently.ts'
import type { Person } from '../tools/person.ts'
import { upload } from '../tools/uploading.ts'

const story = stories()

/** Red on the left, blue on the right. */
async function flag(): Promise<Buffer> {
  const half = await sharp({ create: { width: 300, height: 400, channels: 3, background: '#d02020' } })
    .png()
    .toBuffer()
  return sharp({ create: { width: 600, height: 400, channels: 3, background: '#2020d0' } })
    .composite([{ input: half, left: 0, top: 0 }])
    .png()
    .toBuffer()
}

async function choose(person: Person, buffer: Buffer, name = 'yo.png'): Promise<void> {
  const { page } = person
  await page.locator('.picture-field input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer })
}

async function isLoaded(picture: Locator): Promise<void> {
  await picture.first().waitFor()
  await patiently(
    () => picture.first().evaluate(image => (image as HTMLImageElement).naturalWidth > 0),
    () => 'the picture was never loaded',
  )
}

/** The colours of a picture at its left and right edges. */
async function edgesOf(picture: Locator): Promise<string[]> {
  return picture.first().evaluate(image => {
    const canvas = document.createElement('canvas')
    const drawing = canvas.getContext('2d')
    if (!(image instanceof HTMLImageElement) || !drawing) throw new Error('no picture')
    canvas.width = image.naturalWidth
    canvas.height = image.naturalHeight
    drawing.drawImage(image, 0, 0)
    const at = (x: number) => drawing.getImageData(x, canvas.height / 2, 1, 1).data
    return [at(4), at(canvas.width - 5)].map(([red = 0, , blue = 0]) => (red > blue ? 'red' : 'blue'))
  })
}

story('a picture is cropped with keys, seen by everybody at once, and removed', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  const { avatar } = ana.words
  await ana.write('hola')
  await beto.sees('hola')
  const letter = beto.page.locator('article[data-seq] .avatar', { hasText: 'A' })
  await letter.first().waitFor()
  const box = await letter.first().boundingBox()

  await ana.page.locator('.own-account').click()
  await choose(ana, await flag())
  const frame = ana.page.getByRole('application', { name: avatar.crop })
  await frame.waitFor()
  await patiently(
    () => frame.evaluate(element => element === document.activeElement),
    () => 'the picture cannot be moved at once',
  )
  for (let press = 0; press < 12; press++) await ana.page.keyboard.press('ArrowRight')
  await ana.button(avatar.use).click()
  await ana.button(avatar.remove).waitFor()

  const seen = beto.page.locator('article[data-seq] .avatar.pictured img')
  await isLoaded(seen)
  assert.deepEqual(await edgesOf(seen), ['red', 'blue'], 'moved to the left end: 300 of 400 pixels are red')
  assert.deepEqual(await seen.first().locator('..').boundingBox(), box, 'nothing moved')
  assert.equal(await letter.count(), 0, 'no letter shines through')
  await isLoaded(ana.page.locator('.own-account .avatar.pictured img'))

  await ana.page.keyboard.press('Escape')
  await ana.button(avatar.remove).waitFor({ state: 'detached' }) // the address says that it is open
  await ana.page.reload()
  await isLoaded(ana.page.locator('.own-account .avatar.pictured img'))

  await ana.page.locator('.own-account').click()
  await ana.button(avatar.remove).click()
  await letter.first().waitFor()
  await ana.button(avatar.choose).waitFor()
})

story('what is no picture is said to be none; a picture is pasted and dropped on the field', async stage => {
  const ana = await stage.registers('ana')
  const { avatar } = ana.words
  await ana.page.locator('.own-account').click()
  await choose(ana, Buffer.from('no es una imagen'))
  await ana.page.getByText(avatar.unreadable).waitFor()
  const field = ana.page.locator('.picture-field')
  for (const event of ['paste', 'drop'] as const) {
    await field.evaluate(
      (element, { event, base64 }) => {
        const transfer = new DataTransfer()
        const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
        transfer.items.add(new File([bytes], 'yo.png', { type: 'image/png' }))
        const options = { bubbles: true, cancelable: true }
        element.dispatchEvent(
          event === 'paste'
            ? new ClipboardEvent('paste', { ...options, clipboardData: transfer })
            : new DragEvent('drop', { ...options, dataTransfer: transfer }),
        )
      },
      { event, base64: (await flag()).toString('base64') },
    )
    await ana.page.getByRole('application', { name: avatar.crop }).waitFor()
    await ana.button(ana.words.cancel).click()
    await ana.button(avatar.choose).waitFor()
  }
  assert.equal(await ana.page.locator('.outgoing').count(), 0, 'nothing is to be sent to the room')
})

story('a room has a picture', async stage => {
  const ana = await stage.registers('ana')
  const beto = await stage.registers('beto')
  await ana.goes('/r/general#room')
  await choose(ana, await flag(), 'sala.png')
  await ana.button(ana.words.avatar.use).click()
  for (const place of ['.sidebar .room-icon', '.room-header .room-icon'])
    await isLoaded(beto.page.locator(`${place}.pictured img`))
})

story('a picture that the server is too busy for is tried again', async stage => {
  const web = await stage.server.web.register('beto')
  await web.do('PUT', '/me/avatar', { upload: await upload(web, 'yo.png', await flag()) })
  await web.do('POST', '/rooms/1/messages', { text: 'hola' })
  let refused = 0
  const ana = await stage.registers('ana', {
    before: async person => {
      person.forgive(/^Failed to load resource: the server responded with a status of 503/)
      await person.page.route('**/a/*', route =>
        refused++ < 2 ? route.fulfill({ status: 503 }) : route.continue(),
      )
    },
  })
  await ana.sees('hola')
  await isLoaded(ana.page.locator('article[data-seq] .avatar.pictured img'))
  assert.ok(refused > 2, `${refused} requests`)
})
