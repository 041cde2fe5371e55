// Reports of messages: kept with what stood around, told to those who may see them, and closed.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Person, RoomId, Seq, UserId } from '../model/model.ts'
import type { ReportNews } from '../model/reports.ts'
import { checkTopic } from '../model/rules.ts'
import type { Clock } from '../ports/clock.ts'
import type { FoundReports, ReportsPage } from '../ports/reports.ts'
import type { Store } from '../ports/store.ts'

/** Reports in a page, at most. */
export const LONGEST_REPORTS_PAGE = 50

export interface ReportsDeps {
  readonly store: Store
  readonly cluster: ClusterMessages
  readonly clock: Clock
}

export class Reports {
  readonly #deps: ReportsDeps

  constructor(deps: ReportsDeps) {
    this.#deps = deps
  }

  /**
   * Reports a message to the moderators of its room and the admins of the server; in a direct room to admins alone.
   * Refuses 'long-topic' for the reason, and what the store refuses (ports/reports.ts).
   */
  async file({ id }: Person, room: RoomId, seq: Seq, reason: string): Promise<void> {
    const { store, clock } = this.#deps
    const report = { seq, reason: checkTopic(reason), at: clock.now() }
    await this.#tell(await store.reports.file(id, room, report))
  }

  /** Those that the person may see, latest first. */
  list({ id }: Person, { limit, ...page }: ReportsPage): Promise<FoundReports> {
    const most = Math.min(Math.max(1, Math.trunc(limit)), LONGEST_REPORTS_PAGE)
    return this.#deps.store.reports.list(id, { ...page, limit: most })
  }

  /**
   * Closes a report, and the others of the same message; their reporters learn that it was looked at.
   * @param note for others who may see it. Refuses 'no-such-report', 'long-topic'.
   */
  async close({ id }: Person, report: number, note: string): Promise<void> {
    const { store, clock } = this.#deps
    const closing = { note: checkTopic(note), at: clock.now() }
    const { reporters, audience } = await store.reports.close(id, report, closing)
    await this.#tell([...reporters, ...audience])
  }

  news({ id }: Pick<Person, 'id'>): Promise<ReportNews> {
    return this.#deps.store.reports.news(id)
  }

  /** The person has read that their reports were looked at. */
  async told({ id }: Pick<Person, 'id'>): Promise<void> {
    await this.#deps.store.reports.told(id)
  }

  async #tell(people: readonly UserId[]): Promise<void> {
    const told = new Set(people)
    for (const person of told)
      await this.#deps.cluster.broadcast({ kind: 'changed', person, what: 'reports' })
  }
}
