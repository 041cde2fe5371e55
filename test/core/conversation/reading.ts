// Who reads, looks back, or only lets time pass.

import { checkCatchUp, checkHistory, checkList, checkSearch, checkSessions, checkThread } from './checks.ts'
import { type Doing, HOUR, inRoom } from './steps.ts'

export const reading: Record<string, Doing> = {
  read: {
    weight: 1,
    async run(world, { who }) {
      const [watched] = world.sessionsOf(who)
      if (!watched) return
      await world.chat.readMarks.moveToShown(watched.session)
      for (const id of watched.next.keys()) {
        const room = world.room(id)
        room.mark(who, watched.unshown.get(id) ?? room.head)
      }
    },
  },
  history: inRoom(1, checkHistory),
  thread: inRoom(1, checkThread),
  catchUp: { weight: 1, run: (world, { who, n }) => checkCatchUp(world, who, n) },
  search: { weight: 1, run: (world, { who, n }) => checkSearch(world, who, n) },
  list: { weight: 1, run: (world, { who }) => checkList(world, who) },
  sessions: { weight: 1, run: (world, { who }) => checkSessions(world, who) },
  wait: { weight: 1, run: (world, { n }) => world.wait(n % 4 === 0 ? HOUR : 1100) },
}
