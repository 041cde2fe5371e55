import { DatabaseSync } from 'node:sqlite'
import { LocalBus } from '../../src/bus/local.ts'
import { systemClock } from '../../src/cli/clock.ts'
import { Chat } from '../../src/core/chat.ts'
import { Subscriber } from '../../src/core/log/subscriber.ts'
import type { Profile, RoomEvent } from '../../src/core/model/model.ts'
import type { Bus } from '../../src/core/ports/bus.ts'
import type { Clock } from '../../src/core/ports/clock.ts'
import type { Store } from '../../src/core/ports/store.ts'
import type { View } from '../../src/core/sessions/sessions.ts'
import { Cohort } from '../../src/doors/shared/cohort.ts'
import { begin, scripts } from '../../src/store/scripts/scripts.ts'
import { Runner } from '../../src/store/sqlite/file.ts'
import { migrations } from '../../src/store/sqlite/migrations.ts'
import { memoryFiles } from '../tools/memory-files.ts'
import { ownSkeletons } from '../tools/skeletons.ts'
import { memoryStore } from './memory-store.ts'

/** Of a node among several. */
export interface NodeParts {
  readonly bus: Bus
  /** Whose store it shares; a store of its own where there is none. */
  readonly beside?: Place
  /** Another one than that in memory: nothing of it is held back. */
  readonly store?: Store
  readonly limits?: boolean
}

/** A chat in memory, in which calls of the store can be held back. */
export class Place {
  readonly database: DatabaseSync
  readonly store: Store
  readonly troubles: unknown[] = []
  readonly #isShared: boolean
  #codes = 0
  readonly chat: Chat
  #held: string | undefined
  #release = () => {}
  #waiting = Promise.withResolvers<void>()

  constructor(
    clock: Clock = systemClock,
    { bus, beside, store, limits = false }: NodeParts = { bus: new LocalBus() },
  ) {
    this.#isShared = beside !== undefined
    this.database = beside?.database ?? new DatabaseSync(':memory:')
    const before = (call: string) => this.#before(call)
    this.store =
      store ?? beside?.store ?? memoryStore({ Runner, scripts, begin, migrations }, this.database, before)
    this.chat = new Chat({
      store: this.store,
      files: memoryFiles(),
      bus,
      clock,
      passwords: {
        hash: async () => 'x',
        verify: async password => password !== 'wrong',
        verifier: async () => '',
      },
      skeletonsOf: ownSkeletons,
      secret: () => `secret${++secrets}`,
      code: () => `code${++this.#codes}${beside ? bus.node : ''}`,
      zone: 'UTC',
      policy: {
        shortestPassword: 1,
        registration: 'open',
        languages: ['es', 'en'],
        limits,
        guests: true,
      },
      console: { presence: () => {}, onError: error => this.troubles.push(error), tampered: () => {} },
    })
  }

  #before(call: string): Promise<void> | undefined {
    if (call !== this.#held) return undefined
    this.#held = undefined
    this.#waiting.resolve()
    return new Promise(resolve => {
      this.#release = resolve
    })
  }

  /** Holds the next such call back. @returns when it has come, and how to let it go on */
  hold(call: string): { come: Promise<void>; release: () => void } {
    this.#held = call
    this.#waiting = Promise.withResolvers()
    return { come: this.#waiting.promise, release: () => this.#release() }
  }

  async register(username: string): Promise<Profile> {
    const registration = { name: username, username, password: 'x', code: '' }
    return (await this.chat.registration.register(registration, 'here')).person
  }

  /** A view that keeps what it is shown: kind, and text or whom it is about. */
  view(): View & { shown: string[] } {
    const shown: string[] = []
    const cohort = new Cohort<RoomEvent>(each => `${each.kind} ${subjectOf(each)}\n`)
    return {
      shown,
      subscriber: new Subscriber({
        write: bytes => shown.push(...Buffer.from(bytes).toString().trimEnd().split('\n')) > 0,
      }),
      echoes: false,
      lasts: false,
      readMarkMoved: () => {},
      changed: () => {},
      displayOf: () => ({ cohort, isCurrent: true }),
      progressed: () => {},
      failed: error => this.troubles.push(error),
      joined: () => {},
      invited: () => {},
      left: () => {},
      ended: () => {},
    }
  }

  async enter(person: Profile) {
    const view = this.view()
    const { session, seats } = await this.chat.connections.connect(person, view, {
      door: 'line',
      address: 'here',
      credential: 'x',
    })
    for (const { seat } of seats) seat.begin()
    return { session, shown: view.shown }
  }

  [Symbol.dispose](): void {
    this.chat.close()
    if (!this.#isShared) this.database.close()
  }
}

/** No token opens two sessions. */
let secrets = 0

function subjectOf(happening: RoomEvent): string {
  if ('text' in happening) return happening.text
  if (happening.kind === 'signal')
    return [happening.person.username, ...happening.tags.map(tag => tag.join('='))].join(' ')
  return 'person' in happening ? happening.person.username : ''
}
