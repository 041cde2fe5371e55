// What a server uses of the process that it runs in; a test may host several in one.

export interface HostProcess {
  readonly stdout: Output
  readonly stderr: Output
  exit(code: number): void
  /** @param told called for each signal to stop */
  whenToldToStop(told: () => void): void
}

interface Output {
  readonly isTTY: boolean
  write(text: string): unknown
}

export const thisProcess: HostProcess = {
  stdout: process.stdout,
  stderr: process.stderr,
  exit: code => process.exit(code),
  whenToldToStop(told) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, told)
  },
}
