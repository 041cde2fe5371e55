// People at the web app, each in a browser of their own, before a real server.

import { after, test } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core'
import { quickHashes } from './edits.ts'
import { openServer } from './hosted.ts'
import { capital, PASSWORD } from './line-client.ts'
import { lacking, pathOf } from './programs.ts'
import { Person } from './person.ts'
import type { Server, ServerOptions } from './server.ts'

const ARGS = [
  'no-sandbox',
  'disable-gpu',
  'disable-quic',
  'no-first-run',
  'disable-background-networking',
  'disable-component-update',
  'disable-sync',
].map(flag => `--${flag}`)

/** A story that lasts longer hangs. */
const LONG_MS = 60_000

export interface Stage {
  readonly server: Server
  /** Somebody in front of the server's page, which Chromium shows in Spanish unless told otherwise. */
  comes(coming?: Coming): Promise<Person>
  /** Somebody new, who is in without having filled in the form. The full name is the username with a capital. */
  registers(username: string, coming?: Coming): Promise<Person>
  /** The same for who has an account. */
  logsIn(username: string, coming?: Coming): Promise<Person>
}

export interface Coming extends BrowserContextOptions {
  /** Another way to the server: a proxy's port. */
  readonly port?: number
  /** Where they come in; at the root, where none is said. */
  readonly path?: string
  /** What is done with the browser before it asks for the page. */
  readonly before?: (person: Person) => Promise<unknown>
}

export interface StoryOptions extends ServerOptions {
  readonly timeout?: number
}

export type Story = (name: string, play: (stage: Stage) => Promise<void>, options?: StoryOptions) => void

/** Of all files that run in this process, and how many of them are still to come. */
const shared: { browser?: Promise<Browser>; files: number } = { files: 0 }

/**
 * Stories of one test file, which share one Chromium; its profile lies in a temporary folder, and goes with it. A story
 * fails with its pages' texts when it does, when it lasts too long, and when anything went wrong on one of its pages.
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

/** One without windows. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: pathOf('chromium'), args: ARGS })
}

/** All who are in a story. */
class Cast implements Stage {
  readonly server: Server
  readonly #browser: Browser
  readonly #people: Person[] = []

  constructor(browser: Browser, server: Server) {
    this.#browser = browser
    this.server = server
  }

  async comes(coming: Coming = {}): Promise<Person> {
    const person = await this.#sitsDown(coming)
    await person.goes(coming.path ?? '/')
    return person
  }

  async registers(username: string, coming: Coming = {}): Promise<Person> {
    const person = await this.#sitsDown(coming)
    await person.hasCookie('/people', { name: capital(username), username, password: PASSWORD })
    await person.goes(coming.path ?? '/')
    await person.isIn(username)
    return person
  }

  async logsIn(username: string, coming: Coming = {}): Promise<Person> {
    const person = await this.#sitsDown(coming)
    await person.hasCookie('/session', { username, password: PASSWORD })
    await person.goes(coming.path ?? '/')
    await person.isIn(username)
    return person
  }

  async #sitsDown({ port = this.server.port, path: _, before, ...options }: Coming): Promise<Person> {
    const context = await this.#browser.newContext({ locale: 'es', reducedMotion: 'reduce', ...options })
    const person = await Person.in(context, `http://localhost:${port}`)
    this.#people.push(person)
    await before?.(person)
    return person
  }

  /** For who looks for what went wrong. */
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
