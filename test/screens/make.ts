// `npm run screenshots`: the screens on a phone and a desk, light and dark, into docs/img.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../tools/root.ts'
import { type Device, launch, type Theme } from './chromium.ts'
import { repacked } from './png.ts'
import { School } from './school.ts'
import { NAMES, onScreen } from './screens.ts'

const FOLDER = join(ROOT, 'docs/img')
const DEVICES: readonly Device[] = ['phone', 'desk']
const THEMES: readonly Theme[] = ['light', 'dark']

const only = process.argv.slice(2)
const names = only.length > 0 ? NAMES.filter(name => only.includes(name)) : NAMES

await mkdir(FOLDER, { recursive: true })
await using school = await School.found()
await using browser = await launch()
for (const name of names) {
  for (const device of DEVICES) {
    for (const theme of THEMES) {
      const path = join(FOLDER, `${name}-${device}-${theme}.png`)
      await onScreen(name, { device, theme }, { browser, school }, async page => {
        const png = await page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'device' })
        await writeFile(path, repacked(png))
      })
      process.stdout.write(`${path}\n`)
    }
  }
}
