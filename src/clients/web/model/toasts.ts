// Short messages at the edge of the page: done, refused, a new version.

import { Observable } from './observable.ts'

export interface Toast {
  readonly id: number
  readonly text: string
  /** version: there is a new version; it stays until the page is reloaded. */
  readonly kind: 'done' | 'error' | 'version'
}

/** Errors take longer to read. */
const SHOWN_MS = { done: 6_000, error: 20_000 }
const MOST = 3

export class Toasts extends Observable {
  all: readonly Toast[] = []
  #last = 0

  add(text: string, kind: Toast['kind'] = 'done'): void {
    const toast = { id: ++this.#last, text, kind }
    this.all = [...this.all.filter(each => each.text !== text && !contradicts(each.kind, kind)), toast].slice(
      -MOST,
    )
    if (kind !== 'version') setTimeout(() => this.dismiss(toast.id), SHOWN_MS[kind])
    this.notifyNow()
  }

  dismiss(id: number): void {
    this.all = this.all.filter(each => each.id !== id)
    this.notifyNow()
  }
}

/** “Saved” beside an error leaves one guessing which of them is true by now: the later one is. */
function contradicts(before: Toast['kind'], now: Toast['kind']): boolean {
  return before !== 'version' && now !== 'version' && before !== now
}
