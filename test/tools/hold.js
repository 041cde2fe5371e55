// Loaded into every thread of a server under test (`--import`): holds it at a named point, for ever, from the n-th time on.
// HOLD_AT names the point, HOLD_FROM says n; the file HOLD_NOTE tells that it holds.

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
