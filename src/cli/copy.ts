// `tertulia copy`: copies chat.db to PostgreSQL, where several nodes can serve it.

import { statSync } from 'node:fs'
import type { Config } from '../config/settings.ts'
import { ConnectionLost } from '../store/postgres/connection.ts'
import { ChatFile } from '../store/postgres/copy.ts'
import { Unusable } from '../store/unusable.ts'
import { languages } from '../wording/languages.ts'
import { StartFailed } from './start-failed.ts'
import { addressOf, asStartFailed, fileOf } from './store.ts'

/** Between two lines of progress. */
const PROGRESS_EVERY_MS = 2_000

/** The chat is copied, but not all bytes of its files. */
const SOME_FILES_LOST = 2

/** Prints its progress, what was left out or mended, and what was copied. Throws StartFailed. */
export async function copyToStore(config: Config): Promise<void> {
  const { copying } = languages[config.lang]
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const [path, where] = [fileOf(config), addressOf(config)]
  if (config.store.length === 0) throw new StartFailed(copying.whereTo)
  if (!statSync(path, { throwIfNoEntry: false })?.size) throw new StartFailed(copying.nothing(path))
  using file = open(path, config)
  const { counts } = file
  let lastProgressAt = performance.now()
  const progress = (done: number) => {
    if (performance.now() - lastProgressAt < PROGRESS_EVERY_MS) return
    lastProgressAt = performance.now()
    say(copying.progress(done, counts.messages))
  }
  const { mishaps, lost } = await file.copyTo(config.store, progress).catch(error => {
    if (error instanceof ConnectionLost) throw new StartFailed(copying.lost(where))
    if (!(error instanceof Unusable)) throw new StartFailed(copying.failed(String(error)))
    throw asStartFailed(error, error.code === 'damaged' ? path : where, config)
  })
  for (const { table, leftOut, refused, mended } of mishaps) {
    if (leftOut > 0) say(copying.leftOut(table, leftOut))
    if (refused > 0) say(copying.refused(table, refused))
    if (mended > 0) say(copying.mended(table, mended))
  }
  for (const { key, error, isCut } of lost) {
    if (isCut) say(copying.cut(key))
    else say(error === undefined ? copying.missing(key) : copying.unread(key, messageOf(error)))
  }
  if (lost.length > 0) process.exitCode = SOME_FILES_LOST
  const refusedOf = (name: string) => mishaps.find(({ table }) => table === name)?.refused ?? 0
  say(
    copying.done(where, {
      accounts: counts.accounts - refusedOf('users'),
      rooms: counts.rooms - refusedOf('rooms'),
      messages: counts.messages - refusedOf('messages'),
    }),
  )
  say(copying.next(path))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function open(path: string, config: Config): ChatFile {
  try {
    return new ChatFile(path)
  } catch (error) {
    throw asStartFailed(error, path, config)
  }
}
