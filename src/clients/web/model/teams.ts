// The teams of the server: groups of people who are mentioned together.

import type { Message } from '../../../wire/schemas.ts'
import { foldUsername } from '../markup/names.ts'
import type { Api } from './api.ts'

export interface Team {
  readonly name: string
  readonly people: number
  readonly mine: boolean
}

export class Teams {
  all: readonly Team[] = []
  readonly #api: Api
  readonly #changed: () => void
  #hasBegun = false
  #mine: ReadonlySet<string> = new Set()

  constructor(api: Api, changed: () => void) {
    this.#api = api
    this.#changed = changed
  }

  /** After the first messages are there. */
  begin(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    void this.load()
  }

  /** After a hello. */
  renew(): void {
    if (this.#hasBegun) void this.load()
  }

  async load(): Promise<void> {
    const found = await this.#api.get<{ teams: readonly Team[] }>('/teams').catch(() => undefined)
    if (!found) return
    this.all = found.teams
    this.#mine = new Set(this.all.filter(({ mine }) => mine).map(({ name }) => foldUsername(name)))
    this.#changed()
  }

  /** The folded names of one's teams that the message mentions. */
  callsIn({ teams = [] }: Pick<Message, 'teams'>): readonly string[] {
    return teams.filter(each => this.#mine.has(each))
  }
}
