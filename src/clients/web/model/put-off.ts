// What one has put off: messages that are sent later, and reminders.

import type { Reminder, Scheduled } from '../../../wire/scheduled-schemas.ts'
import { newKey } from '../../client/client.ts'
import type { Api } from './api.ts'
import { Observable } from './observable.ts'

/** A question for a time, which a dialog answers. */
export interface AskedTime {
  readonly title: string
  readonly choose: (at: number) => void
}

export class PutOff extends Observable {
  /** By time. */
  scheduled: readonly Scheduled[] = []
  reminders: readonly Reminder[] = []
  /** What the dialog that chooses a time is open for. */
  asked: AskedTime | undefined
  readonly #api: Api

  constructor(api: Api) {
    super()
    this.#api = api
  }

  /** What fails is asked for again by the next hello. */
  async load(what?: 'scheduled' | 'reminders'): Promise<void> {
    const [scheduled, reminders] = await Promise.all([
      what === 'reminders' ? this : this.#api.get<{ scheduled: Scheduled[] }>('/me/scheduled'),
      what === 'scheduled' ? this : this.#api.get<{ reminders: Reminder[] }>('/me/reminders'),
    ])
    this.scheduled = scheduled.scheduled
    this.reminders = reminders.reminders
    this.notifyNow()
  }

  renew(): void {
    void this.load().catch(() => {})
  }

  waitingIn(room: number): number {
    return this.scheduled.filter(each => each.room === room && each.refused === undefined).length
  }

  async schedule(room: number, message: object): Promise<void> {
    await this.#api.post(`/rooms/${room}/scheduled`, message, newKey())
  }

  remind(room: number, seq: number, at: number): Promise<Reminder> {
    return this.#api.do('POST', `/rooms/${room}/messages/${seq}/reminders`, { at })
  }

  amend(what: 'scheduled' | 'reminders', id: number, change: { text?: string; at?: number }) {
    return this.#api.do('PATCH', `/me/${what}/${id}`, change)
  }

  remove(what: 'scheduled' | 'reminders', id: number) {
    return this.#api.do('DELETE', `/me/${what}/${id}`)
  }

  sendNow(id: number) {
    return this.#api.do('POST', `/me/scheduled/${id}/send`)
  }
}
