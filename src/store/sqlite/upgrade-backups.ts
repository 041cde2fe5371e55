// The copies that upgrades leave beside chat.db: as it was before, with texts that may have been deleted since. So they
// do not stay for ever.

import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const DAY_MS = 86_400_000

export interface UpgradeBackup {
  readonly path: string
  /** YYYY-MM-DD, UTC: deleted on that day. */
  readonly until: string
}

/** Where a file of that version is copied to, on that day (UTC). */
export function backupName(path: string, version: number, now: Date): string {
  return `${path}-v${version}-${dayOf(now)}`
}

/** Deletes those that are so many days old, and what was left unfinished. @returns those that stay */
export function expireBackups(path: string, { days, now }: { days: number; now: Date }): UpgradeBackup[] {
  const copies: UpgradeBackup[] = []
  for (const name of readdirSync(dirname(path)).toSorted()) {
    const copy = /^-v\d+(?:-(\d{4}-\d{2}-\d{2}))?(-unfinished)?$/.exec(suffixOf(name, basename(path)))
    if (!copy) continue
    const [, day, unfinished] = copy
    const found = join(dirname(path), name)
    // Older versions gave no date, and somebody may have given one that is none.
    const made = Date.parse(day ?? '') || statSync(found).mtimeMs
    const until = dayOf(new Date(made + days * DAY_MS))
    if (unfinished !== undefined || until <= dayOf(now)) rmSync(found, { force: true })
    else copies.push({ path: found, until })
  }
  return copies
}

/** What comes behind the file's own name; empty for a name that does not begin with it. */
function suffixOf(name: string, file: string): string {
  return name.startsWith(file) ? name.slice(file.length) : ''
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}
