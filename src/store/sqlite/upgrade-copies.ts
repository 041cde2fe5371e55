// The copies that upgrades leave beside chat.db. They hold texts that may have been deleted since, so they expire.

import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const DAY_MS = 86_400_000

export interface UpgradeCopy {
  readonly path: string
  /** The day on which it is deleted: YYYY-MM-DD, UTC. */
  readonly until: string
}

/** The path of a copy of this version, made on this day (UTC). */
export function copyName(path: string, version: number, now: Date): string {
  return `${path}-v${version}-${dayOf(now)}`
}

/** Deletes copies that are `days` old, and unfinished ones. @returns those that are kept */
export function expireCopies(path: string, { days, now }: { days: number; now: Date }): UpgradeCopy[] {
  const copies: UpgradeCopy[] = []
  for (const name of readdirSync(dirname(path)).toSorted()) {
    const copy = /^-v\d+(?:-(\d{4}-\d{2}-\d{2}))?(-unfinished)?$/.exec(suffixOf(name, basename(path)))
    if (!copy) continue
    const [, day, unfinished] = copy
    const found = join(dirname(path), name)
    // Older versions wrote no date, and somebody may have renamed a file.
    const made = Date.parse(day ?? '') || statSync(found).mtimeMs
    const until = dayOf(new Date(made + days * DAY_MS))
    if (unfinished !== undefined || until <= dayOf(now)) rmSync(found, { force: true })
    else copies.push({ path: found, until })
  }
  return copies
}

/** The rest of a name after the file's own; empty for a name that does not begin with it. */
function suffixOf(name: string, file: string): string {
  return name.startsWith(file) ? name.slice(file.length) : ''
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}
