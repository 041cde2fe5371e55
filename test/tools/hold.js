// Preloaded into every thread of a server under test (`--import`): when a thread reaches the point HOLD_AT for the
// HOLD_FROM-th time, writes the file HOLD_NOTE and blocks the thread for good. It counts once the file HOLD_ARMED is there,
// if one is named.

import { existsSync, writeFileSync } from 'node:fs'

const { HOLD_AT, HOLD_FROM = '1', HOLD_NOTE = '', HOLD_ARMED } = process.env
let times = 0

Object.assign(globalThis, {
  reached(point) {
    if (point !== HOLD_AT || (HOLD_ARMED && !existsSync(HOLD_ARMED)) || ++times < Number(HOLD_FROM)) return
    writeFileSync(HOLD_NOTE, point)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },
})
