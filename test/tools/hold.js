// Preloaded into every thread of a server under test (`--import`): when a thread reaches the point HOLD_AT for the
// HOLD_FROM-th time, writes the file HOLD_NOTE and blocks the thread for good.

import { writeFileSync } from 'node:fs'

const { HOLD_AT, HOLD_FROM = '1', HOLD_NOTE = '' } = process.env
let times = 0

Object.assign(globalThis, {
  reached(point) {
    if (point !== HOLD_AT || ++times < Number(HOLD_FROM)) return
    writeFileSync(HOLD_NOTE, point)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },
})
