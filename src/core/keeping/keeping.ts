// What a person keeps for themselves: saved messages, and the order of their rooms. All their sessions see it at once.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Person, RoomId, Seq } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { checkSectionName } from '../model/rules.ts'
import type { Clock } from '../ports/clock.ts'
import type {
  Keeping as KeepingStore,
  PlacementChange,
  Saved,
  SavedPage,
  Section,
  SectionChange,
  Sidebar,
} from '../ports/keeping.ts'

/** Saved messages of one page, at most. */
const LONGEST_PAGE = 200

interface KeepingDeps {
  readonly store: { readonly keeping: KeepingStore }
  readonly clock: Clock
  readonly cluster: ClusterMessages
}

export class Keeping {
  readonly #store: KeepingStore
  readonly #clock: Clock
  readonly #cluster: ClusterMessages

  constructor({ store, clock, cluster }: KeepingDeps) {
    this.#store = store.keeping
    this.#clock = clock
    this.#cluster = cluster
  }

  /**
   * Saves a message for the person alone, or no longer. @returns false when it was so already. Refuses, when saving,
   * 'not-a-member', 'no-such-message', 'too-many-saved'.
   */
  async save({ id }: Person, room: RoomId, seq: Seq, on: boolean): Promise<boolean> {
    const done = on
      ? await this.#store.save(id, room, seq, this.#clock.now())
      : await this.#store.unsave(id, room, seq)
    if (done) this.#tell(id, 'saved')
    return done
  }

  async isSaved({ id }: Person, room: RoomId, seq: Seq): Promise<boolean> {
    return this.#store.isSaved(id, room, seq)
  }

  /** The latest first. */
  async saved({ id }: Person, { before, limit }: SavedPage): Promise<readonly Saved[]> {
    return this.#store.saved(id, { before, limit: Math.min(Math.max(1, Math.trunc(limit)), LONGEST_PAGE) })
  }

  async sidebar({ id }: Person): Promise<Sidebar> {
    return this.#store.sidebar(id)
  }

  /** Refuses 'bad-section-name', 'too-many-sections'. */
  async addSection({ id }: Person, name: string): Promise<Section> {
    const section = await this.#store.addSection(id, checkSectionName(name))
    this.#tell(id, 'sidebar')
    return section
  }

  /** Refuses 'bad-section-name', 'no-such-section'. */
  async changeSection({ id }: Person, section: number, change: SectionChange): Promise<void> {
    const { name } = change
    if (change.before === section) refuse('no-such-section')
    await this.#store.changeSection(id, section, {
      ...change,
      ...(name !== undefined && { name: checkSectionName(name) }),
    })
    this.#tell(id, 'sidebar')
  }

  /** Refuses 'no-such-section'. */
  async removeSection({ id }: Person, section: number): Promise<void> {
    await this.#store.removeSection(id, section)
    this.#tell(id, 'sidebar')
  }

  /** Refuses 'not-a-member', 'no-such-section'. */
  async place({ id }: Person, room: RoomId, change: PlacementChange): Promise<void> {
    await this.#store.place(id, room, change)
    this.#tell(id, 'sidebar')
  }

  #tell(person: Person['id'], what: 'saved' | 'sidebar'): void {
    this.#cluster.notify({ kind: 'changed', person, what })
  }
}
