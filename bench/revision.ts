// Another revision of Tertulia, checked out from git, with the dependencies of its own lock file.

import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')

/** Checks it out into a new folder; once that is deleted, `removeWorktrees` makes git forget it. */
export function checkOut(revision: string, folder: string): void {
  execFileSync('git', ['worktree', 'add', '--detach', '--force', folder, revision], {
    cwd: ROOT,
    stdio: 'ignore',
  })
  const lock = (root: string) => readFileSync(join(root, 'package-lock.json'), 'utf8')
  if (lock(folder) === lock(ROOT)) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  else execFileSync('npm', ['ci'], { cwd: folder, stdio: 'ignore' })
}

export function removeWorktrees(): void {
  execFileSync('git', ['worktree', 'prune'], { cwd: ROOT })
}
