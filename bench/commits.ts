// Preloaded into every thread of a server of ours (timed.ts). Notes when each commit was on disk, and the last seq of
// the first room then; the writer's thread writes its notes to the file COMMITS when it ends.

import { writeFileSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'

const { COMMITS = '' } = process.env
const notes: number[] = []
let head: StatementSync | undefined

Object.assign(globalThis, {
  committed(database: DatabaseSync): void {
    const at = Number(process.hrtime.bigint())
    head ??= database.prepare('SELECT last_seq FROM rooms WHERE id = 1')
    notes.push(at, Number(head.get()?.last_seq))
  },
})

process.on('exit', () => {
  if (notes.length > 0) writeFileSync(COMMITS, new Float64Array(notes))
})
