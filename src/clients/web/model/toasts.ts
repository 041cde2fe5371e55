// What is said in passing, at the edge of the page: done, refused, gone.

import { Observable } from './observable.ts'

export interface Note {
  readonly id: number
  readonly text: string
  /** version: there is a new one; that stays until the page is loaded again. */
  readonly kind: 'done' | 'trouble' | 'version'
}

/** What went wrong takes longer to read. */
const SHOWN_MS = { done: 6_000, trouble: 20_000 }
const MOST = 3

export class Notes extends Observable {
  all: readonly Note[] = []
  #last = 0

  say(text: string, kind: Note['kind'] = 'done'): void {
    const note = { id: ++this.#last, text, kind }
    this.all = [...this.all.filter(each => each.text !== text), note].slice(-MOST)
    if (kind !== 'version') setTimeout(() => this.drop(note.id), SHOWN_MS[kind])
    this.changedNow()
  }

  drop(id: number): void {
    this.all = this.all.filter(each => each.id !== id)
    this.changedNow()
  }
}
