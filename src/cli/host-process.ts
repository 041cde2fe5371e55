// The process that a server runs in, as far as it uses it; a test may host several servers in one.

export interface HostProcess {
  readonly stdout: Output
  readonly stderr: Output
  exit(code: number): void
  /** @param stop called for each signal to stop */
  onStopSignal(stop: () => void): void
}

interface Output {
  readonly isTTY: boolean
  write(text: string): unknown
}

export const thisProcess: HostProcess = {
  stdout: process.stdout,
  stderr: process.stderr,
  exit: code => process.exit(code),
  onStopSignal(stop) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
  },
}
