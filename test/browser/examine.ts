// Screens, checked by axe-core for WCAG 2.2 A and AA in every theme.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { AxeResults, Result, RunOnly, RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { type Device, launch, type Theme } from '../screens/chromium.ts'
import { School } from '../screens/school.ts'
import { NAMES, onScreen } from '../screens/screens.ts'
import { lacking } from '../tools/programs.ts'
import { ROOT } from '../tools/root.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** The rules that depend on colours. */
const COLOURS = ['color-contrast', 'link-in-text-block']

const skip = lacking('chromium')

/** Defines a test for each screen. @param devices those on which it is looked at; `place` is its number in the list */
export function examineScreens(devices: (place: number) => readonly Device[]): void {
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

  for (const [place, name] of NAMES.entries()) {
    for (const device of devices(place)) {
      test(`${name} on a ${device}: no violation of WCAG 2.2 AA`, { skip }, async () => {
        await onScreen(name, { device, theme: 'light' }, theatre, async page => {
          await page.evaluate(axe) // the page's security policy does not apply to it
          const { violations } = await examine(page, { type: 'tag', values: TAGS })
          assert.deepEqual(told(violations), [])
          // Other themes differ in colours alone.
          for (const theme of ['dark', 'contrast'] as const) {
            await show(page, theme)
            const { violations } = await examine(page, { type: 'rule', values: COLOURS })
            assert.deepEqual(told(violations), [], theme)
          }
        })
      })
    }
  }
}

/** Sets the theme as the preferences do. */
async function show(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme === 'light' ? 'light' : 'dark' })
  await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
}

async function examine(page: Page, runOnly: RunOnly): Promise<AxeResults> {
  const options: RunOptions = { runOnly, resultTypes: ['violations'] }
  return page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
}

function told(violations: readonly Result[]): string[] {
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join(' | ')}`,
  )
}
