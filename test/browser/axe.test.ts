// The eight screens, examined by axe-core: WCAG 2.2 A and AA, on a phone and a desk, in every theme.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { type Device, launch, type Theme } from '../screens/chromium.ts'
import { School } from '../screens/school.ts'
import { NAMES, onScreen } from '../screens/screens.ts'
import { lacking } from '../tools/parts.ts'
import { ROOT } from '../tools/root.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** Told, without failing. */
const ADVICE = ['best-practice']
const DEVICES: readonly Device[] = ['desk', 'phone']
const THEMES: readonly Theme[] = ['light', 'dark', 'contrast']

const skip = lacking('chromium')
const cleanUp = new AsyncDisposableStack()
let theatre: { browser: Browser; school: School }
let axe: string

before(async () => {
  if (skip) return
  axe = await readFile(join(ROOT, 'test/node_modules/axe-core/axe.min.js'), 'utf8')
  const [browser, school] = await Promise.all([launch(), School.found()])
  theatre = { browser: cleanUp.use(browser), school: cleanUp.use(school) }
})

after(() => cleanUp.disposeAsync())

for (const name of NAMES) {
  for (const device of DEVICES) {
    test(`${name} on a ${device}: nothing that WCAG 2.2 AA forbids`, { skip }, async t => {
      await onScreen(name, { device, theme: 'light' }, theatre, async page => {
        for (const theme of THEMES) {
          await show(page, theme)
          assert.deepEqual(told(await examine(page, TAGS)), [], theme)
        }
        for (const advice of told(await examine(page, ADVICE))) t.diagnostic(advice)
      })
    })
  }
}

/** As the settings do. */
async function show(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme === 'light' ? 'light' : 'dark' })
  await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
}

/** The page's policy does not hold for what playwright evaluates. */
async function examine(page: Page, tags: string[]): Promise<AxeResults> {
  const options: RunOptions = { runOnly: tags, resultTypes: ['violations'] }
  await page.evaluate(axe)
  return page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
}

function told({ violations }: AxeResults): string[] {
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join(' | ')}`,
  )
}
