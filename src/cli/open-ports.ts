// Every port of a server: the main one, which has all doors, and those that have one each.

import type { AddressInfo, Server, Socket } from 'node:net'
import { type Config, DEFAULT_PORT } from '../config/settings.ts'
import { hasTls } from '../config.ts'
import { Patience } from '../net/patience.ts'
import { listenAt, openPort } from '../net/port.ts'
import { pressureGauge } from '../net/pressure.ts'
import type { Wording } from '../wording/es.ts'
import { systemClock } from './clock.ts'
import type { ConnectionLimit } from './connection-limit.ts'
import type { Encryption } from './encryption.ts'
import type { Ports } from './join.ts'
import { type OpenListener, openListeners, openWebPort, type WebPort } from './listeners.ts'
import type { OpenDoors } from './open-doors.ts'
import { enforcePlaintextPolicy } from './plaintext-policy.ts'
import type { ServerContext } from './server-context.ts'
import { codeOf, StartFailed } from './start-failed.ts'

export interface PortsDeps {
  readonly doors: OpenDoors
  readonly connectionLimit: ConnectionLimit
  /** Told of each connection to a port that has one door. */
  readonly connected: (socket: Socket) => void
}

export interface OpenPorts {
  readonly main: Server
  readonly encryption: Encryption | undefined
  /** Those of --listen. */
  readonly listeners: readonly OpenListener[]
  readonly webPort: WebPort
  readonly numbers: Ports
  /** Takes no new connections; those there are stay. */
  close(): Promise<void>
}

/** Throws StartFailed where a port can't be listened at, with those closed that were open. */
export async function openPorts(context: ServerContext, deps: PortsDeps): Promise<OpenPorts> {
  await using opened = new AsyncDisposableStack()
  const { config, wording } = context
  const { doors, connectionLimit, connected } = deps
  const { answer, handlers } = doors
  const patience = new Patience(pressureGauge(), systemClock)
  const encryption = await encryptionOf(context, { patience, answer })
  const tls = encryption?.tls
  const main = await listening(config, wording, () =>
    openPort(
      config,
      {
        patience,
        admit(socket, then) {
          if (connectionLimit.hasPlace(socket)) connectionLimit.admit(socket, { expected: 'any' }, then)
        },
      },
      enforcePlaintextPolicy(config, { tls, wording, answer }),
    ),
  )
  opened.defer(() => void main.close())
  const listeners = await openListeners(config, {
    tls,
    wording,
    doors: handlers,
    connected,
    connectionLimit,
  })
  opened.defer(() => {
    for (const { server } of listeners) server.close()
  })
  const webPort = await openWebPort(config, { tls, wording, doors: handlers, connected, connectionLimit })
  opened.defer(() => void webPort.server?.close())
  const { port } = main.address() as AddressInfo
  const numbers = { port, webPort: webPort.port ?? port }
  const ports = opened.move()
  return { main, encryption, listeners, webPort, numbers, close: () => ports.disposeAsync() }
}

/** TLS is loaded only where it is configured. */
async function encryptionOf(
  { config, log, wording }: ServerContext,
  { patience, answer }: { patience: Patience; answer: OpenDoors['answer'] },
): Promise<Encryption | undefined> {
  if (!hasTls(config)) return undefined
  const { openEncryption } = await import('./encryption.ts')
  return openEncryption(config, { folder: config.data, log, wording, patience, answer })
}

/** Throws StartFailed for a port or an address that the system does not give. */
async function listening(config: Config, wording: Wording, open: () => Promise<Server>): Promise<Server> {
  const { host, port } = config
  try {
    return await open()
  } catch (error) {
    const code = codeOf(error)
    const { startFailed } = wording
    if (code === 'EADDRINUSE')
      throw new StartFailed(startFailed['port-taken'](port, await otherPort(config, port + 1)))
    if (code === 'EACCES')
      throw new StartFailed(startFailed['port-denied'](port, await otherPort(config, DEFAULT_PORT)))
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartFailed(startFailed['no-such-host'](host))
    throw error
  }
}

/** The command that starts the server on a free port: one of the 20 from there on, or one that the system picks. */
async function otherPort({ host }: Config, from: number): Promise<string> {
  for (let port = from; port < from + 20 && port <= 65_535; port++) {
    const free = await listenAt({ host, port }, socket => socket.destroy()).catch(() => undefined)
    if (!free) continue
    free.close()
    return `npm start -- --port ${port}`
  }
  return 'npm start -- --port 0'
}
