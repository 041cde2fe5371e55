// The process that a server runs in, as far as it speaks to it.

export interface HostProcess {
  readonly stdout: Output
  readonly stderr: Output
  exit(code: number): void
  /** @param told each time that it should end */
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
