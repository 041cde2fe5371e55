// The reply of `tertulia check`.

import type { FileCheckResult, Found } from '../core/files/file-check.ts'
import { printableLine } from '../wire/printable.ts'
import type { Wording } from '../wording/es.ts'

export function checkReport(
  { messages, broken, lost, orphans, deleted }: FileCheckResult,
  { checking }: Wording,
): { isWell: boolean; lines: readonly string[] } {
  if (broken.count + lost.count + orphans.count === 0)
    return { isWell: true, lines: [checking.well(messages)] }
  const list = <T>(found: Found<T>, title: (count: number) => string, line: (each: T) => string) => {
    const more = found.count - found.first.length
    if (found.count === 0) return []
    return [title(found.count), ...found.first.map(line), ...(more > 0 ? [checking.andMore(more)] : [])]
  }
  const lines = [
    checking.looked(messages),
    ...list(broken, checking.broken, ({ room, seq, name, fault }) =>
      checking.brokenFile(room, seq, printableLine(name), checking.fault[fault]),
    ),
    ...list(lost, checking.lost, ({ id, name }) => checking.lostFile(id, printableLine(name))),
    ...list(orphans, checking.orphans, checking.orphan),
  ]
  if (deleted > 0) lines.push(checking.deleted(deleted))
  else if (orphans.count > 0) lines.push(checking.deleteThem)
  return { isWell: false, lines }
}
