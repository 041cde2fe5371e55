// Pictures as large as the window: with a wheel, a mouse and fingers one comes closer, and goes to the next.

import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import sharp from 'sharp'
import { movingPng } from '../pictures/making.ts'
import { type Stage, stories } from '../tools/browser.ts'
import { patiently } from '../tools/patiently.ts'
import type { Person } from '../tools/person.ts'
import { upload } from '../tools/uploading.ts'
import type { Web } from '../tools/web-client.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

const story = stories()

const create = { width: 640, height: 480, channels: 3, background: '#3f7fb5' } as const

/** Posts a picture of its own. */
async function shows(web: Web, name: string, bytes?: Buffer): Promise<void> {
  const id = await upload(web, name, bytes ?? (await sharp({ create }).png().toBuffer()))
  await web.do('POST', '/rooms/1/messages', { text: name, attachments: [{ upload: id }] })
}

async function opens({ page }: Person, name: string): Promise<Locator> {
  const link = page.locator('article[data-seq]', { hasText: name }).locator('.picture a')
  await link.click()
  const viewer = page.getByRole('dialog', { name })
  await viewer.locator('.stage img').waitFor()
  return viewer
}

/** How the picture of the viewer is scaled and moved. */
async function transformOf(viewer: Locator): Promise<{ scale: number; x: number; y: number }> {
  return viewer.locator('.stage img').evaluate(image => {
    const { a, e, f } = new DOMMatrix(getComputedStyle(image).transform)
    return { scale: a, x: Math.round(e), y: Math.round(f) }
  })
}

async function isScaled(viewer: Locator, wanted: (scale: number) => boolean): Promise<void> {
  let scale = 1
  await patiently(
    async () => wanted((scale = (await transformOf(viewer)).scale)),
    () => `the scale stays ${scale}`,
  )
}

async function middleOf(viewer: Locator): Promise<{ x: number; y: number }> {
  const box = await viewer.locator('.stage').boundingBox()
  assert.ok(box)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

async function threePictures(stage: Stage): Promise<Web> {
  const web = await stage.server.web.register('beto')
  for (const name of ['uno.png', 'dos.png', 'tres.png']) await shows(web, name)
  return web
}

story('a picture that moves can be stopped, and one that does not has no button for it', async stage => {
  const beto = await stage.server.web.register('beto')
  await shows(beto, 'mueve.png', movingPng(64, 48, 3))
  await shows(beto, 'quieto.gif', await sharp({ create }).gif().toBuffer())
  const ana = await stage.registers('ana', { reducedMotion: 'no-preference' })
  const { still, animate } = ana.words.files
  const row = (name: string) => ana.page.locator('article[data-seq]', { hasText: name })
  const shown = () => row('mueve.png').locator('.picture img').getAttribute('src')
  const stop = row('mueve.png').getByRole('button', { name: still })
  await stop.waitFor()
  assert.doesNotMatch((await shown()) ?? '', /size/)
  await stop.click()
  await row('mueve.png').getByRole('button', { name: animate }).waitFor()
  assert.match((await shown()) ?? '', /size=thumb$/)
  await row('quieto.gif').locator('.picture img').waitFor()
  assert.equal(await row('quieto.gif').getByRole('button', { name: animate }).count(), 0)
  assert.equal(await row('quieto.gif').getByRole('button', { name: still }).count(), 0)
})

story('a wheel zooms into the picture, a mouse moves it, and a double click fits it again', async stage => {
  await threePictures(stage)
  const ana = await stage.registers('ana')
  const viewer = await opens(ana, 'dos.png')
  const { mouse } = ana.page
  const { x, y } = await middleOf(viewer)
  await mouse.move(x, y)
  await mouse.wheel(0, -240)
  await isScaled(viewer, scale => scale > 1.5)
  const before = await transformOf(viewer)
  await mouse.down()
  await mouse.move(x - 120, y + 40, { steps: 4 })
  await mouse.up()
  await patiently(
    async () => (await transformOf(viewer)).x === before.x - 120,
    () => 'the picture is not moved',
  )
  assert.equal((await transformOf(viewer)).y, before.y + 40)
  await viewer.getByText(ana.words.viewer.count(2, 3)).first().waitFor() // a picture that is moved is no swipe
  await mouse.dblclick(x, y)
  await isScaled(viewer, scale => scale === 1)
})

story('a mouse that is moved sideways goes to the next picture and back', async stage => {
  await threePictures(stage)
  const ana = await stage.registers('ana')
  const { mouse } = ana.page
  const { x, y } = await middleOf(await opens(ana, 'dos.png'))
  const swipe = async (by: number) => {
    await mouse.move(x, y)
    await mouse.down()
    await mouse.move(x + by, y, { steps: 4 })
    await mouse.up()
  }
  await swipe(-40) // not far enough
  await swipe(-150)
  await ana.dialog('tres.png').getByText(ana.words.viewer.count(3, 3)).first().waitFor()
  await swipe(150)
  await ana.dialog('dos.png').waitFor()
})

story('on a phone a finger goes to the next picture, and two come closer', async stage => {
  await threePictures(stage)
  const ana = await stage.registers('ana', PHONE)
  const viewer = await opens(ana, 'dos.png')
  const { x, y } = await middleOf(viewer)
  const screen = await ana.page.context().newCDPSession(ana.page)
  /** Moves fingers, given by how far they are from the middle. */
  const fingers = async (...steps: readonly (readonly number[])[]) => {
    for (const [at, step] of steps.entries())
      await screen.send('Input.dispatchTouchEvent', {
        type: at === 0 ? 'touchStart' : 'touchMove',
        touchPoints: step.map((by, id) => ({ x: x + by, y, id })),
      })
    await screen.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
  await fingers([-30, 30], [-60, 60], [-90, 90])
  await isScaled(viewer, scale => scale > 2)
  await ana.button(ana.words.viewer.fit).click()
  await isScaled(viewer, scale => scale === 1)
  await fingers([60], [0], [-60])
  await ana.dialog('tres.png').getByText('3 de 3').first().waitFor()
})

story(
  'the third of three pictures says so, also when it came after one had looked at the others',
  async stage => {
    const web = await stage.server.web.register('beto')
    const ana = await stage.registers('ana')
    await shows(web, 'uno.png')
    await shows(web, 'dos.png')
    await (await opens(ana, 'dos.png')).getByText('2 de 2').first().waitFor()
    await ana.page.keyboard.press('Escape')
    await shows(web, 'tres.png')
    const viewer = await opens(ana, 'tres.png')
    await viewer.getByText('3 de 3').first().waitFor()
    await ana.page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'detached' })
    await ana.button(ana.words.room.files).click()
    await ana.panel(ana.words.gallery.title).locator('.pictures img').nth(2).waitFor()
  },
)
