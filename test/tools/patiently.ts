// Waiting for a condition, instead of for a time.

import { setTimeout as sleep } from 'node:timers/promises'

const LONG_MS = 20_000

/**
 * Waits until `isSo`. Fails with the complaint after `longest` milliseconds, or when `over` resolves before it is so.
 */
export async function patiently(
  isSo: () => boolean | Promise<boolean>,
  complaint: () => string,
  over?: Promise<unknown>,
  longest = LONG_MS,
): Promise<void> {
  let ended = false
  void over?.then(() => {
    ended = true
  })
  for (const start = performance.now(); !(await isSo()); await sleep(5)) {
    if (ended && !(await isSo())) throw new Error(`${complaint()} (and it has ended)`)
    if (performance.now() - start > longest) throw new Error(complaint())
  }
}
