// Debian's Chromium, as small and quiet as it can be, and pages of it that are the same each time.

import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { pathOf } from '../tools/programs.ts'
import { NOW, ZONE } from './conversation.ts'

export type { Browser, CDPSession, Page } from 'playwright-core'

const FLAGS = ['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run', 'hide-scrollbars']
const QUIET = ['disable-background-networking', 'disable-component-update', 'disable-sync']
/** Letters are drawn alike, whatever the machine's screen. */
const ALIKE = ['force-color-profile=srgb', 'font-render-hinting=none', 'disable-lcd-text']

export const DEVICES = {
  phone: {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  },
  desk: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
} as const

export type Device = keyof typeof DEVICES
export type Theme = 'light' | 'dark' | 'contrast'

export interface Look {
  readonly device: Device
  readonly theme: Theme
}

export async function launch(...flags: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: pathOf('chromium'),
    headless: true,
    args: [...FLAGS, ...QUIET, ...ALIKE, ...flags].map(flag => `--${flag}`),
  })
}

/** As the web door's own cookie does. */
export async function logIn(context: BrowserContext, origin: string, token: string): Promise<void> {
  const cookie = { name: 'tertulia', value: token, url: origin, httpOnly: true, sameSite: 'Lax' } as const
  await context.addCookies([cookie])
}

/** Somebody's browser, in which it is always the same moment. @param token of who is logged in */
export async function browse(
  browser: Browser,
  { device, theme }: Look,
  { origin, token }: { origin: string; token: string | undefined },
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    ...DEVICES[device],
    baseURL: origin,
    locale: 'es-ES',
    timezoneId: ZONE,
    colorScheme: theme === 'light' ? 'light' : 'dark',
    reducedMotion: 'reduce',
  })
  if (token !== undefined) await logIn(context, origin, token)
  await context.addInitScript(keepSettings, { theme, key: 'tertulia.settings' })
  // The page believes the server's clock where its own is far off: here nobody tells it.
  await context.route('**/api/v1/**', async route => {
    const response = await route.fetch().catch(() => undefined)
    if (!response) return route.abort()
    const { date: _, ...headers } = response.headers()
    await route.fulfill({ response, headers })
  })
  const page = await context.newPage()
  await page.clock.setFixedTime(NOW)
  return { context, page }
}

function keepSettings({ theme, key }: { theme: string; key: string }): void {
  globalThis.localStorage.setItem(key, JSON.stringify({ theme }))
}

/** What moves, blinks or is still to come does so no more. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate('document.fonts.ready')
  await page.waitForLoadState('networkidle')
  await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
}
