// The machine's clock.

import type { Instant } from '../core/model/model.ts'
import type { Clock } from '../core/ports/clock.ts'

export const systemClock: Clock = {
  now: () => Date.now() as Instant,
  elapsed: () => performance.now(),
  after(milliseconds, call) {
    // Timers count whole milliseconds: for a shorter wait, one turn of the event loop.
    if (milliseconds < 1) {
      const immediate = setImmediate(call)
      return () => clearImmediate(immediate)
    }
    const timer = setTimeout(call, milliseconds)
    return () => clearTimeout(timer)
  },
}
