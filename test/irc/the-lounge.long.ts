// The Lounge: a web client for IRC that stays connected while its page is closed. It is installed from npm into a
// folder of its own when it is first needed: with its dependencies it is too big for every checkout.

import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { openChromium } from '../tools/browser.ts'
import { freePort } from '../tools/free-port.ts'
import { BEFORE, converse, folder, scene } from '../tools/irc-scene.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { lacking } from '../tools/programs.ts'
import { ROOT } from '../tools/root.ts'
import { cleanEnvironment } from '../tools/server.ts'
import { Terminal } from '../tools/tmux.ts'

const run = promisify(execFile)

const VERSION = '4.5.2'
/** It depends on a commit of irc-framework that is not in npm's registry; this is a release of the same. */
const FRAMEWORK = '4.14.0'
const FOLDER = join(ROOT, `test/node_modules/.cache/the-lounge-${VERSION}`)
const PROGRAM = join(FOLDER, 'node_modules/thelounge/index.js')
const COMMAND = ['--import', join(ROOT, 'test/tools/fetching-nothing.js'), PROGRAM]
const PATIENCE_MS = 20_000
/** ana's password at The Lounge itself. */
const OWN_PASSWORD = 'la-tertulia'

async function install(): Promise<void> {
  if (existsSync(PROGRAM)) return
  const half = `${FOLDER}.half`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { recursive: true })
  const wanted = { dependencies: { thelounge: VERSION }, overrides: { 'irc-framework': FRAMEWORK } }
  writeFileSync(join(half, 'package.json'), JSON.stringify({ private: true, ...wanted }))
  const options = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--no-package-lock']
  await run('npm', ['install', ...options], { cwd: half, env: cleanEnvironment() })
  renameSync(half, FOLDER)
}

const config = (port: number) => `module.exports = {
  public: false,
  host: '127.0.0.1',
  port: ${port},
  prefetch: false,
  messageStorage: [],
}
`

/** Opens it in a browser. */
class Visitor {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
    page.setDefaultTimeout(PATIENCE_MS)
  }

  async signIn(port: number): Promise<void> {
    await this.page.goto(`http://127.0.0.1:${port}/`)
    await this.page.getByLabel('Username').fill('ana')
    await this.page.getByRole('textbox', { name: 'Password' }).fill(OWN_PASSWORD)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
  }

  async connectTo(port: number): Promise<void> {
    const field = (name: string) => this.page.locator(`#connect [name="${name}"]`)
    await field('host').fill('127.0.0.1')
    await field('port').fill(`${port}`)
    await field('tls').uncheck()
    await field('nick').fill('ana')
    await field('join').fill('#general')
    await this.page.getByLabel('Username + password (SASL PLAIN)').check()
    await field('saslAccount').fill('ana')
    await field('saslPassword').fill(PASSWORD)
    await this.page.getByRole('button', { name: 'Connect', exact: true }).click()
  }

  async opens(name: string): Promise<void> {
    await this.page.locator(`.channel-list-item[data-name="${name}"]`).click()
    await this.page.locator('#chat .header .title').filter({ hasText: name }).waitFor()
  }

  async types(line: string): Promise<void> {
    const input = this.page.getByLabel('Message input')
    await input.fill(line)
    await input.press('Enter')
  }

  async sees(who: string, text: string): Promise<void> {
    const message = this.page.locator(`.msg[data-type="message"][data-from="${who}"] .content`)
    await message.filter({ hasText: text }).waitFor()
  }
}

test('The Lounge connects with SASL, keeps what is said while nobody looks, and shows it', {
  skip: lacking('chromium', 'tmux'),
}, async t => {
  await install()
  const there = await scene(t)
  const home = folder(t)
  const own = await freePort()
  mkdirSync(join(home, 'users'))
  writeFileSync(join(home, 'config.js'), config(own))
  const env = { THELOUNGE_HOME: home }
  const options = { env: { ...cleanEnvironment(), ...env } }
  await run(process.execPath, [...COMMAND, 'add', 'ana', '--password', OWN_PASSWORD], options)
  await using program = await Terminal.run([process.execPath, ...COMMAND, 'start'].join(' '), {
    columns: 120,
    env,
  })
  await program.expect(/Available at http/)
  await using browser = await openChromium()
  {
    const ana = new Visitor(await browser.newPage())
    await ana.signIn(own)
    await ana.connectTo(there.server.port)
    await ana.opens('#general')
    await ana.sees('beto', BEFORE)
    await converse(there, {
      say: text => ana.types(text),
      sees: (who, text) => ana.sees(who, text),
      tells: text => ana.types(`/msg beto ${text}`),
      async isTold(text) {
        await ana.opens('beto')
        await ana.sees('beto', text)
      },
    })
    await ana.page.close()
  }
  there.beto.say('mientras nadie miraba: ñ 🦜')
  await there.caro.expect('mientras nadie miraba: ñ 🦜')
  const again = new Visitor(await browser.newPage())
  await again.signIn(own)
  await again.opens('#general')
  await again.sees('beto', 'mientras nadie miraba: ñ 🦜')
  await again.types('/disconnect adiós')
  await there.beto.expect('Usuario ana se ha desconectado.\n')
  await program.press('C-c')
  await program.expect(/exit \d/)
})
