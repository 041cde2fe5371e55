// What people have put off: messages to be sent later, and reminders.

import { Reminders } from './reminders.ts'
import { ScheduledMessages, type ScheduledMessagesDeps } from './scheduled-messages.ts'

export class PutOff {
  readonly scheduled: ScheduledMessages
  readonly reminders: Reminders

  constructor(deps: ScheduledMessagesDeps) {
    this.scheduled = new ScheduledMessages(deps)
    this.reminders = new Reminders(deps)
  }

  close(): void {
    this.scheduled.close()
    this.reminders.close()
  }
}
