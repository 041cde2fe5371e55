// What a connection is told beside its rooms' events: other pictures, names, settings. While its outbox is full, the last
// state waits, and not each change.

import type { PictureChange, ShownPerson } from '../../../core/cluster/cluster-messages.ts'
import type { Subscriber } from '../../../core/log/subscriber.ts'
import type { ServerSettings } from '../../../core/model/server-settings.ts'
import type { ServerMessage } from '../../../wire/websocket.ts'

export class News {
  readonly #subscriber: Pick<Subscriber, 'full'>
  readonly #say: (message: ServerMessage) => void
  #missedPictures = false
  #missedPeople = false
  #untoldSettings: ServerSettings | undefined

  constructor(subscriber: Pick<Subscriber, 'full'>, say: (message: ServerMessage) => void) {
    this.#subscriber = subscriber
    this.#say = say
  }

  picture({ person, room, avatar }: PictureChange): void {
    if (this.#subscriber.full) this.#missedPictures = true
    else
      this.#say({
        type: 'avatar',
        ...(person !== undefined && { person: person.id }),
        ...(room !== undefined && { room }),
        ...(avatar !== undefined && { avatar }),
      })
  }

  /** @param person undefined: anybody may have changed */
  person(person: ShownPerson | undefined): void {
    if (this.#subscriber.full) this.#missedPeople = true
    else this.#say({ type: 'person', ...(person && { person }) })
  }

  settings(settings: ServerSettings): void {
    this.#untoldSettings = this.#subscriber.full ? settings : undefined
    if (!this.#untoldSettings) this.#say({ type: 'settings', settings })
  }

  /** The outbox may have room again. */
  drained(): void {
    if (this.#missedPictures && !this.#subscriber.full) {
      this.#missedPictures = false
      this.#say({ type: 'avatar' })
    }
    if (this.#missedPeople && !this.#subscriber.full) {
      this.#missedPeople = false
      this.#say({ type: 'person' })
    }
    if (this.#untoldSettings) this.settings(this.#untoldSettings)
  }
}
