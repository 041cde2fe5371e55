// How many reports wait for oneself, and which of one's own were looked at.

import type { ReportNews } from '../../../wire/reports.ts'
import type { Api } from './api.ts'
import { Observable } from './observable.ts'

export class Reports extends Observable {
  /** Counted up to 100. */
  open = 0
  /** Own ones that were looked at since one was last told. */
  reviewed = 0
  readonly #api: Api

  constructor(api: Api) {
    super()
    this.#api = api
  }

  /** Asked for again after each hello. */
  renew(): void {
    void this.load()
  }

  async load(): Promise<void> {
    const news = await this.#api.get<ReportNews>('/me/reports').catch(() => undefined)
    if (!news) return
    this.open = news.open
    this.reviewed = news.reviewed.length
    this.notifyNow()
  }

  /** One has been told. */
  async told(): Promise<void> {
    this.reviewed = 0
    await this.#api.do('DELETE', '/me/reports').catch(() => undefined) // told again next time
  }
}
