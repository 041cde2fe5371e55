// A person using the web app. Elements are found as a screen reader would find them: by role and name, in the page's
// own words.

import assert from 'node:assert/strict'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { web as en } from '../../src/wording/web-en.ts'
import { web as es, type WebWords } from '../../src/wording/web-es.ts'
import { capital, PASSWORD } from './line-client.ts'
import { patiently } from './patiently.ts'

/** Chromium on a busy machine takes its time. */
const PATIENCE_MS = 15_000

/** Chromium logs this for each refused request, which the page reports itself. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/

export class Person {
  readonly page: Page
  /** The words of the page's language. */
  words: WebWords
  username = ''
  readonly #origin: string
  /** Everything that went wrong on the page. */
  readonly #incidents: string[] = []
  #forgiven: readonly RegExp[] = [REFUSED]

  private constructor(page: Page, origin: string, words: WebWords) {
    this.page = page
    this.#origin = origin
    this.words = words
    page.setDefaultTimeout(PATIENCE_MS)
    page.on('pageerror', error => this.#incidents.push(`error: ${error.message}`))
    page.on('console', message => {
      if (message.type() === 'error' || message.text().startsWith(VIOLATION))
        this.#incidents.push(message.text())
    })
    page.on('dialog', dialog => {
      this.#incidents.push(`dialog: ${dialog.message()}`)
      dialog.dismiss().catch(() => {})
    })
  }

  static async in(context: BrowserContext, origin: string): Promise<Person> {
    const page = await context.newPage()
    await page.addInitScript(TELL_VIOLATIONS)
    const english = await page.evaluate<boolean>('!navigator.language.startsWith("es")')
    return new Person(page, origin, english ? en : es)
  }

  // --- logging in ----------------------------------------------------------------------------------------

  async goes(path: string): Promise<void> {
    await this.page.goto(this.#origin + path)
  }

  /** Gets a session cookie with a request for an account or a log-in. */
  async hasCookie(path: string, body: object): Promise<void> {
    const answer = await this.page.request.post(`${this.#origin}/api/v1${path}`, {
      data: { ...body, cookie: true },
      headers: { Origin: this.#origin },
    })
    assert.ok(answer.ok(), await answer.text())
  }

  async registers(username: string): Promise<void> {
    const { entry } = this.words
    const register = this.button(entry.register)
    const create = this.button(entry.create)
    await register.or(create).first().waitFor()
    if (!(await create.isVisible())) await register.click()
    await this.field(entry.name).fill(capital(username))
    await this.field(entry.username).fill(username)
    await this.field(entry.password).fill(PASSWORD)
    await this.field(entry.repeat).fill(PASSWORD)
    await create.click()
    await this.isIn(username)
  }

  async logsIn(username: string): Promise<void> {
    const { entry } = this.words
    await this.field(entry.username).fill(username)
    await this.field(entry.password).fill(PASSWORD)
    await this.page.locator('form').getByRole('button', { name: entry.logIn }).click()
    await this.isIn(username)
  }

  async isIn(username = this.username): Promise<void> {
    this.username = username
    await this.composer.waitFor()
  }

  // --- talking -------------------------------------------------------------------------------------------

  get composer(): Locator {
    return this.page.locator('#composer')
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** The room's message with this text. */
  message(text: string | RegExp): Locator {
    return this.page
      .locator('main article[data-seq]')
      .filter({ has: this.page.locator('.message-content', { hasText: text }) })
  }

  /** A message that is not stored yet. */
  pending(text: string): Locator {
    return this.page.locator('.message.pending', { hasText: text })
  }

  /** Waits for the message, and asserts that it is there once. */
  async sees(text: string): Promise<void> {
    await this.message(text).first().waitFor()
    assert.equal(await this.message(text).count(), 1, `${this.username} sees once: ${text}`)
  }

  async seesNoMore(text: string): Promise<void> {
    await this.message(text).waitFor({ state: 'detached' })
  }

  /** The texts of all messages on the page, in order. */
  async texts(): Promise<string[]> {
    return this.page.locator('main article[data-seq] .message-content').allInnerTexts()
  }

  /** Waits until these are the texts of all messages on the page. */
  async seesExactly(wanted: readonly string[]): Promise<void> {
    let texts: string[] = []
    await patiently(
      async () => (texts = await this.texts()).join('\n') === wanted.join('\n'),
      () => `${this.username} sees ${JSON.stringify(texts)}\ninstead of ${JSON.stringify(wanted)}`,
    )
  }

  /** Clicks a button of the message. */
  async does(what: string, text: string): Promise<void> {
    await this.message(text).hover()
    await this.message(text).getByRole('button', { name: what, exact: true }).click()
  }

  /** Chooses from the message's menu. */
  async chooses(what: string, text: string): Promise<void> {
    await this.does(this.words.list.more, text)
    await this.page.getByRole('menuitem', { name: what }).click()
  }

  async seqOf(text: string): Promise<number> {
    return Number(await this.message(text).getAttribute('data-seq'))
  }

  // --- moving about --------------------------------------------------------------------------------------

  get sidebar(): Locator {
    return this.page.getByRole('navigation', { name: this.words.sidebar.label })
  }

  /** The room's link in the sidebar. */
  room(name: string): Locator {
    return this.sidebar.getByRole('link').filter({ has: this.page.locator('bdi', { hasText: name }) })
  }

  async opens(name: string): Promise<void> {
    await this.room(name).click()
    await this.isAt(name)
  }

  async isAt(room: string): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: room, exact: true }).waitFor()
    await this.composer.waitFor()
  }

  /** Waits until the message is wholly inside the visible part of the list. */
  async isInSight(text: string): Promise<void> {
    const message = this.message(new RegExp(`^${text}$`))
    await message.waitFor()
    const list = this.page.getByRole('log').first()
    await patiently(
      async () => {
        const [row, frame] = [await message.boundingBox(), await list.boundingBox()]
        if (!row || !frame) return false
        return row.y >= frame.y && row.y + row.height <= frame.y + frame.height + 1
      },
      () => `${this.username} never had in sight: ${text}`,
    )
  }

  /** Whether part of it is inside the window. */
  async isInside(place: Locator): Promise<boolean> {
    if (!(await place.isVisible())) return false
    const [box, width] = [await place.boundingBox(), this.page.viewportSize()?.width ?? 0]
    return box !== null && box.x + box.width > 1 && box.x < width - 1
  }

  async comesInside(place: Locator): Promise<void> {
    await patiently(
      () => this.isInside(place),
      () => `${place} never came into the window`,
    )
  }

  async goesOutside(place: Locator): Promise<void> {
    await patiently(
      async () => !(await this.isInside(place)),
      () => `${place} never went out of the window`,
    )
  }

  /** A long press with a finger, as the event that a phone makes of it: headless Chromium makes none. */
  async pressesLong(place: Locator): Promise<void> {
    await place.dispatchEvent('contextmenu', { bubbles: true, cancelable: true })
  }

  /** Asserts that the line that marks new messages stands right before this one. */
  async standsBehindLine(text: string): Promise<void> {
    const line = this.page.getByRole('separator').filter({ hasText: this.words.list.unreadLine })
    await line.waitFor()
    assert.equal(
      await line.locator('xpath=following-sibling::*[1]').locator('.message-content').innerText(),
      text,
    )
  }

  /** The window loses the focus. */
  async looksAway(): Promise<void> {
    await this.page.evaluate(LOOK('blur', false))
  }

  async looksBack(): Promise<void> {
    await this.page.evaluate(LOOK('focus', true))
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true })
  }

  dialog(name: string): Locator {
    return this.page.getByRole('dialog', { name })
  }

  panel(name: string): Locator {
    return this.page.getByRole('complementary', { name })
  }

  /** Waits for the text anywhere on the page. */
  async reads(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  async title(wanted: string): Promise<void> {
    await patiently(
      async () => (await this.page.title()) === wanted,
      () => `${this.username}'s title never was ${wanted}`,
    )
  }

  /** The accessible name of the focused element; `body` if nothing has the focus. */
  async focused(): Promise<string> {
    return this.page.evaluate<string>(NAME_OF_FOCUSED)
  }

  // --- what went wrong -----------------------------------------------------------------------------------

  /** Incidents that the story causes on purpose. */
  forgive(...incidents: readonly RegExp[]): void {
    this.#forgiven = [...this.#forgiven, ...incidents]
  }

  mustBeFine(): void {
    const bad = this.#incidents.filter(each => !this.#forgiven.some(known => known.test(each)))
    assert.deepEqual(bad, [], `nothing goes wrong on ${this.username}'s page`)
  }

  async shown(): Promise<string> {
    const text = await this.page.evaluate('document.body.innerText').catch(error => String(error))
    return [`--- ${this.username} at ${this.page.url()}`, text, ...this.#incidents].join('\n')
  }
}

const VIOLATION = 'policy violated: '
const TELL_VIOLATIONS = `
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.info('${VIOLATION}' + violatedDirective + ' ' + blockedURI))
`
/** All pages of a headless Chromium have the focus: losing it has to be simulated. */
const LOOK = (event: 'blur' | 'focus', has: boolean) => `
document.hasFocus = () => ${has}
dispatchEvent(new Event('${event}'))
`
const NAME_OF_FOCUSED = `
document.activeElement === document.body
  ? 'body'
  : document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText.trim()
`
