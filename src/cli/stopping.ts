// Stops the server at SIGTERM, SIGINT or SIGHUP. The order is in serve.ts; each door says good-bye in its close().

import type { HostProcess } from './host-process.ts'

const LONGEST_STOP_MS = 4_500

/** The first signal stops the server in order, within LONGEST_STOP_MS; the second one ends the process at once. */
export function stopOnSignal(host: HostProcess, stop: () => Promise<void>): void {
  let stopping = false
  host.onStopSignal(() => {
    if (stopping) return host.exit(130)
    stopping = true
    const tooLong = setTimeout(() => host.exit(1), LONGEST_STOP_MS)
    const ended = (code: number) => {
      clearTimeout(tooLong)
      host.exit(code)
    }
    stop().then(
      () => ended(0),
      () => ended(1),
    )
  })
}
