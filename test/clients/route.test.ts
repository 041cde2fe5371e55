// The web app's route, in a history that goes back as slowly as a browser's.

import assert from 'node:assert/strict'
import { test } from 'node:test'

class Tab {
  #entries: { url: string; state: unknown }[] = [{ url: '/r/club', state: null }]
  #at = 0
  #popped: () => void = () => {}
  /** `back()` has been called, and popstate is still to come. */
  #backs = 0

  readonly location = { pathname: '', hash: '' }
  readonly history = {
    state: null as unknown,
    pushState: (state: unknown, _: string, url: string) => {
      this.#entries = [...this.#entries.slice(0, ++this.#at), { url, state }]
      this.#look()
    },
    replaceState: (state: unknown, _: string, url: string) => {
      this.#entries[this.#at] = { url, state }
      this.#look()
    },
    back: () => {
      this.#backs++
    },
  }

  constructor() {
    this.#look()
  }

  readonly addEventListener = (_: 'popstate', hear: () => void) => {
    this.#popped = hear
  }

  get url(): string {
    return this.location.pathname + this.location.hash
  }

  /** Goes back, if that was asked for. */
  settle(): void {
    for (; this.#backs > 0; this.#backs--) {
      this.#at--
      this.#look()
      this.#popped()
    }
  }

  #look(): void {
    const { url, state } = this.#entries[this.#at] ?? assert.fail('there is nothing further back')
    const [pathname = '', hash] = url.split('#')
    Object.assign(this.location, { pathname, hash: hash === undefined ? '' : `#${hash}` })
    this.history.state = state
  }
}

async function routeIn(tab: Tab) {
  Object.assign(globalThis, tab)
  const { Route } = await import('../../src/clients/web/model/route.ts')
  return new Route()
}

test('a path that is opened while a dialog closes is there when it has closed', async () => {
  const tab = new Tab()
  const route = await routeIn(tab)
  route.open('leave')
  assert.equal(tab.url, '/r/club#leave')
  route.close()
  route.go('/', 'replace') // the room is left, and says so
  tab.settle()
  assert.deepEqual([tab.url, route.location.room, route.location.overlay], ['/', undefined, ''])
})

test('a dialog that is opened while another one closes stays open', async () => {
  const tab = new Tab()
  const route = await routeIn(tab)
  route.open('level')
  route.close()
  route.close()
  route.open('date')
  tab.settle()
  assert.equal(route.location.overlay, 'date')
  route.close()
  tab.settle()
  assert.equal(tab.url, '/r/club')
})
