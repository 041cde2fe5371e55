// People using the web app of a real server, each in a browser context of their own.

import { after, test } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core'
import { quickHashes } from './edits.ts'
import { openServer } from './hosted.ts'
import { capital, PASSWORD } from './line-client.ts'
import { Person } from './person.ts'
import { lacking, pathOf } from './programs.ts'
import type { Server, ServerOptions } from './server.ts'

const ARGS = [
  'no-sandbox',
  'disable-gpu',
  'disable-quic',
  'no-first-run',
  'disable-background-networking',
  'disable-component-update',
  'disable-sync',
  'use-fake-device-for-media-stream', // a microphone that beeps, for whoever asks
  'use-fake-ui-for-media-stream',
].map(flag => `--${flag}`)

/** A story that lasts longer has hung. */
const LONG_MS = 60_000

export interface Stage {
  readonly server: Server
  /** Somebody who opens the server's page; in Spanish by default. */
  comes(coming?: Arrival): Promise<Person>
  /** Somebody with a new account, logged in without the form. The full name is the username with a capital. */
  registers(username: string, coming?: Arrival): Promise<Person>
  /** Somebody with an existing account, logged in without the form. */
  logsIn(username: string, coming?: Arrival): Promise<Person>
}

export interface Arrival extends BrowserContextOptions {
  /** A proxy's port, instead of the server's. */
  readonly port?: number
  /** The path that they open; the root by default. */
  readonly path?: string
  /** Called before the page is opened. */
  readonly before?: (person: Person) => Promise<unknown>
}

export interface StoryOptions extends ServerOptions {
  readonly timeout?: number
}

export type Story = (name: string, play: (stage: Stage) => Promise<void>, options?: StoryOptions) => void

/** The browser of all test files in this process, and how many of them are still running. */
const shared: { browser?: Promise<Browser>; files: number } = { files: 0 }

/**
 * Stories of a test file, which share one Chromium with a temporary profile. A story that fails or takes too long
 * reports the texts of its pages; it also fails if anything went wrong on one of them.
 */
export function stories(): Story {
  shared.files++
  after(async () => {
    if (--shared.files === 0) await (await shared.browser)?.close()
  })
  return (name, play, { timeout = LONG_MS, edits = quickHashes, ...options } = {}) =>
    test(name, { skip: lacking('chromium') }, async () => {
      shared.browser ??= openChromium()
      const browser = await shared.browser
      await using server = await openServer({ edits, ...options })
      await using cast = new Cast(browser, server)
      await within(timeout, play(cast)).catch(async error => {
        throw new Error(`${error instanceof Error ? error.message : error}\n\n${await cast.shown()}`, {
          cause: error,
        })
      })
      cast.mustBeFine()
    })
}

/** Starts a headless Chromium. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: pathOf('chromium'), args: ARGS })
}

/** The people of a story. */
class Cast implements Stage {
  readonly server: Server
  readonly #browser: Browser
  readonly #people: Person[] = []

  constructor(browser: Browser, server: Server) {
    this.#browser = browser
    this.server = server
  }

  async comes(coming: Arrival = {}): Promise<Person> {
    const person = await this.#sitsDown(coming)
    await person.goes(coming.path ?? '/')
    return person
  }

  async registers(username: string, coming: Arrival = {}): Promise<Person> {
    const person = await this.#sitsDown(coming)
    await person.hasCookie('/people', { name: capital(username), username, password: PASSWORD })
    await person.goes(coming.path ?? '/')
    await person.isIn(username)
    return person
  }

  async logsIn(username: string, coming: Arrival = {}): Promise<Person> {
    const person = await this.#sitsDown(coming)
    await person.hasCookie('/session', { username, password: PASSWORD })
    await person.goes(coming.path ?? '/')
    await person.isIn(username)
    return person
  }

  async #sitsDown({ port = this.server.port, path: _, before, ...options }: Arrival): Promise<Person> {
    const context = await this.#browser.newContext({ locale: 'es', reducedMotion: 'reduce', ...options })
    const person = await Person.in(context, `http://localhost:${port}`)
    this.#people.push(person)
    await before?.(person)
    return person
  }

  /** The texts of all pages, for the report of a failure. */
  async shown(): Promise<string> {
    return (await Promise.all(this.#people.map(person => person.shown()))).join('\n')
  }

  mustBeFine(): void {
    for (const person of this.#people) person.mustBeFine()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#people.map(({ page }) => page.context().close()))
  }
}

async function within<Value>(ms: number, doing: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it still went on after ${ms / 1000} s`)), ms)
  })
  try {
    return await Promise.race([doing, late])
  } finally {
    clearTimeout(timer)
  }
}
